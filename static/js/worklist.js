// The worklist: marking rows, columns and row height, a list that has become old. It works without it.
//   form[data-bulk]        how many rows are marked; x marks the row with the focus
//   [data-columns]         columns and row height, kept on this device
//   [data-stale]           says when others have changed dossiers since the list was drawn
(function () {
  "use strict";
  var each = function (selector, work) { Array.prototype.forEach.call(document.querySelectorAll(selector), work); };
  var store = { read: function (key) { try { return localStorage.getItem(key); } catch (error) { return null; } },
    write: function (key, value) { try { localStorage.setItem(key, value); } catch (error) { return; } } };
  var keysOff = function () { return document.body.dataset.keys === "off" || store.read("kip-keys") === "off"; };

  // --- marking
  var form = document.querySelector("form[data-bulk]");
  if (form) {
    var boxes = Array.prototype.slice.call(document.querySelectorAll("input[name=dossier][form=bulk]"));
    var all = document.querySelector("[data-mark-all]"), told = form.querySelector("[data-bulk-count]");
    var act = form.querySelector("[name=act]"), officer = form.querySelector("[name=officer]");
    var count = function () {
      var n = boxes.filter(function (box) { return box.checked; }).length;
      told.textContent = n ? told.dataset.some.replace("{n}", n) : told.dataset.none;
      form.classList.toggle("active", n > 0);
      if (all) { all.checked = n > 0 && n === boxes.length; all.indeterminate = n > 0 && n < boxes.length; }
      officer.hidden = act.value !== "give";
    };
    document.addEventListener("change", function (event) {
      if (event.target === all) boxes.forEach(function (box) { box.checked = all.checked; });
      count();
    });
    document.addEventListener("keydown", function (event) {
      if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || keysOff()) return;
      if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
      var row = event.target.closest("tr[data-row]") || document.querySelector("tr[data-row].selected");
      var box = row ? row.querySelector("input[name=dossier]") : null;
      if (!box) return;
      event.preventDefault();
      box.checked = !box.checked;
      count();
    });
    window.addEventListener("pageshow", count);
    count();
  }

  // --- columns and row height
  var menu = document.querySelector("[data-columns]"), table = document.querySelector(".worklist");
  if (menu && table) {
    var hidden = (store.read("kip-columns") || "").split(",").filter(Boolean);
    var draw = function () {
      each("[data-column]", function (box) { table.classList.toggle("without-" + box.dataset.column, !box.checked); });
      each("[data-density]", function (box) { table.classList.toggle("high", box.checked); });
    };
    each("[data-column]", function (box) { box.checked = hidden.indexOf(box.dataset.column) < 0; });
    each("[data-density]", function (box) { box.checked = store.read("kip-density") === "high"; });
    menu.addEventListener("change", function () {
      var off = [];
      each("[data-column]", function (box) { if (!box.checked) off.push(box.dataset.column); });
      store.write("kip-columns", off.join(","));
      each("[data-density]", function (box) { store.write("kip-density", box.checked ? "high" : ""); });
      draw();
    });
    draw();
  }

  // --- an old list
  var stale = document.querySelector("[data-stale]");
  if (stale) {
    var look = function () {
      if (document.visibilityState !== "visible") return;
      fetch(stale.dataset.stale + "?since=" + encodeURIComponent(stale.dataset.since), { credentials: "same-origin" })
        .then(function (answer) { return answer.ok && !answer.redirected ? answer.json() : null; })
        .then(function (found) {
          if (!found || !found.changed) return;
          stale.querySelector("span").textContent = stale.dataset.words.replace("{n}", found.changed);
          stale.hidden = false;
        }).catch(function () { return null; });
    };
    window.setInterval(look, 30000);
    document.addEventListener("visibilitychange", look);
  }
})();
