// The check screen and the request for a supplement. Both pages work without this file: every mark is a form, every
// file a link, the letter has its preview button.
//   [data-check]         the screen: data-open-url (sign of life), data-stamp
//   [data-mark]          tick and cross of one line; the answer is the line anew
//   [data-edit]          reason and words of a cross, kept while they are typed
//   [data-viewer]        the file; a[data-view] shows another one without leaving the page
//   [data-letter-form]   the request writes itself on the paper beside the form; Ctrl+Enter sends
(function () {
  "use strict";
  var each = function (list, work) { Array.prototype.forEach.call(list, work); };
  var all = function (selector, root) { return (root || document).querySelectorAll(selector); };
  var one = function (selector, root) { return (root || document).querySelector(selector); };
  var later = function (work, wait) { var timer = 0; return function () { window.clearTimeout(timer); timer = window.setTimeout(work, wait); }; };
  var keysOff = function () {
    if (document.body.dataset.keys === "off") return true; // switched off in the person's settings
    try { return localStorage.getItem("kip-keys") === "off"; } catch (error) { return false; }
  };
  var isTyping = function (target) { return target.matches && target.matches("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]"); };

  // A sentence of the library goes into the words beside it.
  var takePhrase = function (select, words, reason) {
    var option = select.options[select.selectedIndex];
    if (!option || !option.value) return;
    words.value = option.value;
    if (reason && !reason.value && option.dataset.reason) reason.value = option.dataset.reason;
    select.selectedIndex = 0;
  };
  var fitPhrases = function (select, reason) {
    if (!select) return;
    each(select.options, function (option) {
      option.hidden = Boolean(option.value && reason && option.dataset.reason && option.dataset.reason !== reason);
    });
  };

  // ==================================================================== the check screen
  var screen = one("[data-check]");
  if (screen) {
    var rows = function () { return Array.prototype.slice.call(all(".check-row")); };
    var rowOf = function (code) { return document.getElementById("item-" + code); };
    var said = one("[data-said]"), notSaved = one("[data-not-saved]");
    var current = null;

    var choose = function (row, file) {
      current = row && { code: row.dataset.item, file: file || "" };
      each(rows(), function (other) {
        var here = other === row;
        other.classList.toggle("current", here);
        if (here) other.setAttribute("aria-current", "true"); else other.removeAttribute("aria-current");
      });
      if (row) row.scrollIntoView({ block: "nearest" });
    };

    // --- the viewer
    var turn = 0;
    var view = function (address) {
      var asked = (turn += 1), box = one("[data-viewer]"), part = new URL(address, window.location.href);
      part.hash = "";
      var whole = part.href;
      part.searchParams.set("phan", "tep");
      box.classList.add("busy");
      return fetch(part.href, { credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("no viewer");
        return answer.text();
      }).then(function (text) {
        if (asked !== turn) return;
        var holder = document.createElement("template");
        holder.innerHTML = text.trim(); // our own template, escaped by the server
        var fresh = holder.content.querySelector("[data-viewer]");
        one("[data-viewer]").replaceWith(fresh);
        history.replaceState(null, "", whole);
        var link = one('.check-row [data-file="' + fresh.dataset.shown + '"]');
        if (link) choose(link.closest(".check-row"), fresh.dataset.shown);
        if (said) said.textContent = fresh.querySelector("h2").textContent;
      }).catch(function () { if (asked === turn) window.location.href = address; });
    };
    var stops = function () {
      var found = [];
      each(rows(), function (row) {
        var links = all("a[data-file]", row);
        if (!links.length) found.push({ row: row, file: "", link: null });
        each(links, function (link) { found.push({ row: row, file: link.dataset.file, link: link }); });
      });
      return found;
    };
    var go = function (stop) {
      if (!stop) return;
      choose(stop.row, stop.file);
      if (stop.link) {
        if (one("[data-viewer]").dataset.shown !== stop.file) view(stop.link.href);
        else one("[data-viewer]").scrollIntoView({ block: "nearest" });
        return;
      }
      var place = document.getElementById(stop.row.dataset.place);
      if (place && stop.row.dataset.place !== "papers") place.scrollIntoView({ block: "start" });
      if (said) said.textContent = stop.row.dataset.name;
    };
    var move = function (by) {
      var list = stops();
      var at = list.findIndex(function (stop) { return current && stop.row.dataset.item === current.code && stop.file === current.file; });
      go(list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + by))]);
    };
    document.addEventListener("click", function (event) {
      var target = event.target.closest ? event.target.closest("a[data-view], [data-zoom], [data-turn]") : null;
      if (!target) return;
      if (target.hasAttribute("data-view")) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        view(target.href);
        return;
      }
      each(all("[data-picture]"), function (picture) {
        var zoom = Number(/zoom-(\d)/.exec(picture.className)[1]), angle = Number(/turn-(\d+)/.exec(picture.className)[1]);
        if (target.hasAttribute("data-turn")) angle = (angle + 90) % 360;
        else zoom = Math.max(1, Math.min(6, zoom + Number(target.dataset.zoom)));
        picture.className = "zoom-" + zoom + " turn-" + angle;
      });
    });
    var shown = one("[data-viewer]").dataset.shown;
    var first = shown ? one('.check-row [data-file="' + shown + '"]') : null;
    var opening = first ? first.closest(".check-row") : rows()[0];
    if (opening) { opening.classList.add("current"); current = { code: opening.dataset.item, file: first ? shown : "" }; }

    // --- ticks and crosses
    var send = function (form, button) {
      var data = new FormData(form);
      if (button && button.name) data.set(button.name, button.value);
      return fetch(form.getAttribute("action"), { method: "POST", body: data, credentials: "same-origin", headers: { Accept: "application/json" } })
        .then(function (answer) {
          if (answer.redirected) throw new Error("signed out");
          return answer.json().then(function (found) {
            if (!answer.ok) throw found;
            notSaved.hidden = true;
            return found;
          });
        })
        .catch(function (fault) {
          notSaved.textContent = fault && fault.reasons ? fault.reasons.join(" ") : screen.dataset.failed;
          notSaved.hidden = false;
          notSaved.scrollIntoView({ block: "nearest" });
          throw fault;
        });
    };
    var count = function (found) {
      var done = found.fine + found.defects;
      one('[data-tally="done"]').textContent = String(done);
      one("[data-tally-bar]").value = done;
      said.textContent = found.said;
    };
    var mark = function (row, button) {
      if (!row || row.classList.contains("busy") || !button) return Promise.resolve(null);
      var focused = row.contains(document.activeElement) ? document.activeElement : null;
      var kind = focused && focused.matches("[data-tick], [data-cross]") ? (focused.hasAttribute("data-tick") ? "[data-tick]" : "[data-cross]") : "";
      row.classList.add("busy");
      return send(one("[data-mark]", row), button).then(function (found) {
        var holder = document.createElement("template");
        holder.innerHTML = found.row.trim(); // our own template, escaped by the server
        var fresh = holder.content.querySelector(".check-row");
        row.replaceWith(fresh);
        choose(fresh, current && current.code === fresh.dataset.item ? current.file : (one("a[data-file]", fresh) || { dataset: { file: "" } }).dataset.file);
        count(found);
        if (kind) one(kind, fresh).focus();
        var reason = one("[data-edit] select[name=reason]", fresh);
        if (reason) { fitPhrases(one("[data-phrases]", fresh), reason.value); if (!reason.value) reason.focus(); }
        return fresh;
      }).catch(function () { row.classList.remove("busy"); return null; });
    };
    document.addEventListener("submit", function (event) {
      var form = event.target;
      if (form.hasAttribute("data-mark")) {
        event.preventDefault();
        mark(form.closest(".check-row"), event.submitter || one("[data-tick]", form));
      } else if (form.hasAttribute("data-edit")) {
        event.preventDefault();
        keep(form, event.submitter);
      }
    });
    // The words of a cross: kept without disturbing who types them.
    var keep = function (form, button) {
      var row = form.closest(".check-row"), place = one("[data-kept]", form);
      return send(form, button).then(function (found) {
        each(all("input[name=was]", row), function (field) { field.value = found.was; });
        place.textContent = screen.dataset.saved;
        count(found);
      }).catch(function () { place.textContent = ""; });
    };
    var waiting = {};
    var soon = function (form) {
      var code = form.closest(".check-row").dataset.item;
      window.clearTimeout(waiting[code]);
      one("[data-kept]", form).textContent = "";
      waiting[code] = window.setTimeout(function () { delete waiting[code]; if (form.isConnected) keep(form); }, 600);
    };
    var flush = function () {
      each(all("[data-edit]"), function (form) {
        var code = form.closest(".check-row").dataset.item;
        if (!waiting[code]) return;
        window.clearTimeout(waiting[code]);
        delete waiting[code];
        navigator.sendBeacon(form.getAttribute("action"), new FormData(form));
      });
    };
    document.addEventListener("change", function (event) {
      var form = event.target.closest ? event.target.closest("[data-edit]") : null;
      if (!form) return;
      var reason = one("select[name=reason]", form), words = one("textarea", form), library = one("[data-phrases]", form);
      if (event.target === library) takePhrase(library, words, reason);
      if (event.target === reason) {
        fitPhrases(library, reason.value);
        var known = [""], fitting = "";
        if (library) each(library.options, function (option) { known.push(option.value); if (!fitting && option.dataset.reason === reason.value) fitting = option.value; });
        if (known.indexOf(words.value.trim()) >= 0) words.value = fitting;
      }
      soon(form);
    });
    document.addEventListener("input", function (event) {
      var form = event.target.closest ? event.target.closest("[data-edit]") : null;
      if (form && event.target.matches("textarea")) soon(form);
    });
    each(all("[data-edit]"), function (form) { fitPhrases(one("[data-phrases]", form), one("select[name=reason]", form).value); });

    // --- eligible: asks first, and shows what was marked
    var admit = one("form[data-admit]"), dialog = document.getElementById("admit-dialog");
    if (admit && dialog && dialog.showModal) {
      admit.addEventListener("submit", function (event) {
        if (admit.dataset.sure) return;
        event.preventDefault();
        event.stopPropagation();
        var found = { ok: [], no: [], open: [] };
        each(rows(), function (row) { (found[row.dataset.kind] || found.open).push(row.dataset.name); });
        Object.keys(found).forEach(function (kind) {
          var list = one('[data-list="' + kind + '"]', dialog);
          list.textContent = "";
          found[kind].forEach(function (name) { list.appendChild(document.createElement("li")).textContent = name; });
          one('[data-count="' + kind + '"]', dialog).textContent = String(found[kind].length);
        });
        one("[data-has-crosses]", dialog).hidden = !found.no.length;
        dialog.showModal();
        one("[data-admit-sure]", dialog).focus();
      });
      one("[data-admit-sure]", dialog).addEventListener("click", function () { admit.dataset.sure = "1"; dialog.close(); admit.requestSubmit(); });
      one("[data-admit-no]", dialog).addEventListener("click", function () { dialog.close(); });
      window.addEventListener("pageshow", function () { delete admit.dataset.sure; });
    }

    // --- who else has it open, and whether it is still as shown
    if (screen.dataset.openUrl) {
      var token = one("[name=csrfmiddlewaretoken]");
      var letter = function (act) {
        var data = new FormData();
        data.set("csrfmiddlewaretoken", token ? token.value : "");
        data.set("stamp", screen.dataset.stamp);
        if (act) data.set("act", act);
        return data;
      };
      // A screen that nobody touches falls silent, so that it keeps no session alive.
      var touched = Date.now();
      ["keydown", "pointerdown", "pointermove", "scroll"].forEach(function (kind) {
        document.addEventListener(kind, function () { touched = Date.now(); }, { passive: true, capture: true });
      });
      var beat = function () {
        if (document.visibilityState === "hidden" || Date.now() - touched > 300000) return;
        fetch(screen.dataset.openUrl, { method: "POST", body: letter(), credentials: "same-origin", headers: { Accept: "application/json" } })
          .then(function (answer) { if (!answer.ok || answer.redirected) throw new Error("no answer"); return answer.json(); })
          .then(function (found) {
            var here = one("[data-here]"), changed = one("[data-changed]");
            if (one("[data-here-words]").textContent !== found.others) one("[data-here-words]").textContent = found.others;
            here.hidden = !found.others;
            if (found.changed && changed.hidden) { one("[data-changed-words]").textContent = found.changed; changed.hidden = false; }
          })
          .catch(function () { /* the next beat tries again */ });
      };
      beat();
      window.setInterval(beat, 20000);
      document.addEventListener("visibilitychange", function () { if (document.visibilityState === "visible") beat(); });
      window.addEventListener("pagehide", function () { flush(); if (token) navigator.sendBeacon(screen.dataset.openUrl, letter("close")); });
    }

    // A PDF viewer takes the focus when it has loaded, and every key with it. It may keep what was given to it by a
    // press or by Tab; what it took by itself goes back.
    var hovering = false, tabbed = 0, last = null;
    document.addEventListener("focusin", function (event) { if (event.target.tagName !== "IFRAME") last = event.target; });
    document.addEventListener("mouseover", function (event) { hovering = event.target.tagName === "IFRAME"; });
    document.addEventListener("keydown", function (event) { if (event.key === "Tab") tabbed = Date.now(); }, true);
    window.addEventListener("blur", function () {
      window.setTimeout(function () {
        var frame = document.activeElement;
        if (!frame || frame.tagName !== "IFRAME" || hovering || Date.now() - tabbed < 1000) return;
        frame.blur();
        window.focus();
        if (last && last.isConnected) last.focus({ preventScroll: true });
      }, 0);
    });

    // --- keys
    document.addEventListener("keydown", function (event) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
      if (event.key === "Escape" && isTyping(event.target)) {
        var back = event.target.closest(".check-row");
        if (back) { event.preventDefault(); back.focus({ preventScroll: true }); } else event.target.blur();
        return;
      }
      if (isTyping(event.target) || keysOff()) return;
      var digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code || "");
      var row = null;
      if (digit) row = one('.check-row[data-key-number="' + digit[1] + '"]');
      else if (event.key === "t" || event.key === "x") row = current && rowOf(current.code);
      if (event.key === "j" || event.key === "k") { event.preventDefault(); move(event.key === "j" ? 1 : -1); return; }
      if (!row || !one("[data-mark]", row)) return;
      event.preventDefault();
      var crosses = digit ? event.shiftKey : event.key === "x";
      var button = one(crosses ? "[data-cross]" : "[data-tick]", row);
      if (event.key === "t" && button.getAttribute("aria-pressed") === "true") { move(1); return; }
      mark(row, button).then(function (fresh) {
        if (fresh && event.key === "t" && !digit) {
          var list = stops(), last = -1;
          list.forEach(function (stop, index) { if (stop.row === fresh) last = index; });
          go(list[Math.min(list.length - 1, last + 1)]);
        }
      });
    });
  }

  // ==================================================================== the request for a supplement
  var form = one("[data-letter-form]");
  if (form) {
    var written = 0;
    var write = function () {
      var asked = (written += 1), data = new FormData(form);
      data.set("act", "preview");
      data.set("phan", "thu");
      var paper = one("[data-letter]");
      paper.classList.add("stale");
      fetch(form.getAttribute("action") || window.location.href, { method: "POST", body: data, credentials: "same-origin" })
        .then(function (answer) { if (!answer.ok || answer.redirected) throw new Error("no letter"); return answer.text(); })
        .then(function (text) {
          if (asked !== written) return;
          var holder = document.createElement("template");
          holder.innerHTML = text.trim(); // our own template, escaped by the server
          one("[data-letter]").replaceWith(holder.content.querySelector("[data-letter]"));
        })
        .catch(function () { /* the letter of a moment ago stays, marked as such */ });
    };
    var writeSoon = later(write, 300);
    var phrase = function (row, reason) { return reason ? row.getAttribute("data-phrase-" + reason) || "" : ""; };
    form.addEventListener("change", function (event) {
      var row = event.target.closest("[data-defect]");
      if (row) {
        var tick = one("[type=checkbox]", row), reason = one("select[name^=reason]", row), words = one("textarea", row), library = one("[data-phrases]", row);
        if (event.target === library) takePhrase(library, words, reason);
        if (event.target === reason) {
          var usual = [""];
          each(reason.options, function (option) { usual.push(phrase(row, option.value)); });
          if (usual.indexOf(words.value.trim()) >= 0) words.value = phrase(row, reason.value);
          fitPhrases(library, reason.value);
        }
        if (event.target === tick && tick.checked && !reason.value) reason.focus();
      }
      writeSoon();
    });
    form.addEventListener("input", writeSoon);
    each(all("[data-defect]", form), function (row) { fitPhrases(one("[data-phrases]", row), one("select[name^=reason]", row).value); });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
    });
  }
})();
