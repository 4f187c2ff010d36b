// The Department's desk. Everything here also works without it, by whole pages.
//   tr[data-row][data-check]   a press or j/k shows the dossier in aside[data-panel]; Enter opens its check screen
//   [data-letter-form]         the request for a supplement writes itself on the paper beside the form
(function () {
  "use strict";
  var each = function (list, work) { Array.prototype.forEach.call(list, work); };
  var all = function (selector, root) { return (root || document).querySelectorAll(selector); };
  var keysOff = function () { if (document.body.dataset.keys === "off") return true; try { return localStorage.getItem("kip-keys") === "off"; } catch (error) { return false; } };

  // --- the worklist and its panel
  var table = document.querySelector("table[data-keys]");
  if (table) {
    var shell = document.querySelector(".desk-shell");
    var status = document.querySelector("[data-panel-status]");
    var narrow = window.matchMedia("(max-width: 1080px)");
    var asked = 0;

    var mark = function (chosen) {
      each(all("tr[data-row]", table), function (row) {
        row.classList.toggle("selected", row === chosen);
        if (row === chosen) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
      });
    };
    var show = function (row) {
      var link = row.querySelector("[data-open]"), turn = (asked += 1);
      if (row.classList.contains("selected") && document.querySelector("[data-panel]")) return;
      mark(row);
      var part = new URL(link.href);
      part.hash = "";
      var whole = part.href;
      part.searchParams.set("panel", "1");
      fetch(part.href, { credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("no panel");
        return answer.text();
      }).then(function (text) {
        if (turn !== asked) return;
        var box = document.createElement("template");
        box.innerHTML = text.trim();
        var fresh = box.content.querySelector("[data-panel]"), old = document.querySelector("[data-panel]");
        if (old) old.replaceWith(fresh); else shell.appendChild(fresh);
        history.replaceState(null, "", whole);
        if (status) status.textContent = fresh.getAttribute("aria-label") + ": " + link.textContent;
      }).catch(function () { if (turn === asked) window.location.href = link.href; });
    };

    table.addEventListener("click", function (event) {
      var row = event.target.closest("tr[data-row]");
      if (event.target.closest("input, label, select, button")) return;
      if (!row || event.ctrlKey || event.metaKey || event.shiftKey || narrow.matches) return;
      var link = event.target.closest("a");
      if (link && !link.hasAttribute("data-open")) return;
      if (String(window.getSelection())) return;
      event.preventDefault();
      row.querySelector("[data-open]").focus({ preventScroll: true });
      show(row);
    });
    document.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey || keysOff()) return;
      var row = document.activeElement && document.activeElement.closest ? document.activeElement.closest("tr[data-row]") : null;
      if ((event.key === "j" || event.key === "k") && event.defaultPrevented && row && !narrow.matches) show(row);
      if (event.key !== "Enter" || document.querySelector("dialog[open]")) return;
      var target = row || (document.activeElement === document.body ? table.querySelector("tr.selected") : null);
      if (target) { event.preventDefault(); window.location.href = target.dataset.check; }
    });
    document.addEventListener("click", function (event) {
      var close = event.target.closest ? event.target.closest("[data-panel] [data-close]") : null;
      if (!close || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      history.replaceState(null, "", close.href);
      var chosen = table.querySelector("tr.selected [data-open]");
      document.querySelector("[data-panel]").remove();
      mark(null);
      if (chosen) chosen.focus();
    });
  }

  // --- the request for a supplement
  var form = document.querySelector("[data-letter-form]");
  if (form) {
    var list = document.querySelector("[data-letter-list]"), message = document.querySelector("[data-letter-message]");
    var phrase = function (row, reason) { return reason ? row.getAttribute("data-phrase-" + reason) || "" : ""; };
    var parts = function (row) {
      return { tick: row.querySelector("[type=checkbox]"), reason: row.querySelector("select"), words: row.querySelector("textarea") };
    };
    var write = function () {
      list.textContent = "";
      each(all("[data-defect]", form), function (row) {
        var part = parts(row);
        if (!part.tick.checked) return;
        var item = document.createElement("li");
        item.textContent = part.words.value.trim() || phrase(row, part.reason.value) || row.dataset.name + ": …";
        list.appendChild(item);
      });
      message.textContent = form.querySelector("[name=message]").value;
    };
    form.addEventListener("change", function (event) {
      var row = event.target.closest("[data-defect]");
      if (!row) return;
      var part = parts(row);
      if (event.target === part.reason) {
        var usual = [""];
        each(part.reason.options, function (option) { usual.push(phrase(row, option.value)); });
        if (usual.indexOf(part.words.value.trim()) >= 0) part.words.value = phrase(row, part.reason.value);
      }
      if (event.target === part.tick && part.tick.checked && !part.reason.value) part.reason.focus();
      write();
    });
    form.addEventListener("input", write);
    write();
  }
})();
