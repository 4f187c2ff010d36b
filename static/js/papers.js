// The documents in their slots. The page works without it.
//   form[data-upload]      says that a file is on its way
//   form[data-slot-act]    (order, remove, put back, take over) exchanges the slots instead of the page
//   form[data-details]     saves itself
//   a[data-preview]        opens a dialog;  [data-file][data-move] can be dragged;  [data-scan="waiting"] is asked about
(function () {
  "use strict";
  document.querySelectorAll("form[data-upload]").forEach(function (form) {
    form.addEventListener("submit", function () { form.setAttribute("aria-busy", "true"); });
  });
  var root = document.querySelector("[data-papers]");
  if (!root || !window.fetch || !window.DOMParser) return;
  var words = root.dataset, POLL = 3000;
  function say(text) { root.querySelector("[data-said]").textContent = text; }

  // --- exchange what changed; uploads on their way and half-typed details stay
  function exchange(html, slots) {
    var page = new DOMParser().parseFromString(html, "text/html"), found = page.querySelector("[data-papers]");
    if (!found) return false;
    root.querySelectorAll("[data-slot]").forEach(function (old) {
      if (slots && slots.indexOf(old.dataset.slot) < 0) return;
      var fresh = found.querySelector("#" + old.id);
      if (!fresh) return;
      old.className = fresh.className;
      old.querySelectorAll(":scope > [data-part]").forEach(function (part) {
        var new_part = fresh.querySelector(':scope > [data-part="' + part.dataset.part + '"]');
        if (part.contains(document.activeElement) && document.activeElement.matches("input:not([type=hidden])")) return;
        part.replaceWith(document.importNode(new_part, true));
      });
    });
    var beside = document.querySelector(".split > aside"), now = page.querySelector(".split > aside");
    if (beside && now) beside.replaceWith(document.importNode(now, true));
    var messages = page.querySelector(".messages");
    if (messages && messages.textContent.trim()) say(messages.textContent.trim());
    watch();
    return true;
  }
  function refresh(slots, done) {
    return fetch(words.page, { credentials: "same-origin" }).then(function (response) {
      return response.redirected ? "" : response.text();
    }).then(function (html) { exchange(html, slots); if (done) done(); }).catch(function () { window.location.reload(); });
  }
  root.addEventListener("papers:changed", function (event) { refresh([event.detail.slot], event.detail.done); });

  function act(form, data, slot, then) {
    return fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).then(function (response) {
      return response.text().then(function (html) {
        if (!response.ok || !exchange(html, [slot])) throw new Error("refused");
        if (then) then();
      });
    });
  }
  root.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.matches("[data-details]")) { event.preventDefault(); save(form); return; }
    if (!form.matches("[data-slot-act]") || form.dataset.plain) return;
    event.preventDefault();
    var button = event.submitter, data = new FormData(form), slot = form.closest("[data-slot]"), file = form.closest("[data-file]");
    if (button && button.name) data.append(button.name, button.value);
    act(form, data, slot.dataset.slot, function () {
      // The keyboard stays where it was: on the same file, or on the choice of files.
      var row = file && slot.querySelector('[data-file="' + file.dataset.file + '"]');
      var place = row && button && (row.querySelector('[data-act="' + button.dataset.act + '"]') || row.querySelector("[data-act]"));
      (place || slot.querySelector("[data-pick]")).focus();
    }).catch(function () {
      form.dataset.plain = "1"; // the server says in a page of its own why not
      if (button && button.name) {
        var field = document.createElement("input");
        field.type = "hidden"; field.name = button.name; field.value = button.value;
        form.appendChild(field);
      }
      form.submit();
    });
  });

  // --- issuer, number and dates save themselves
  var timers = new WeakMap();
  function save(form) {
    window.clearTimeout(timers.get(form));
    var note = form.querySelector("[data-details-note]");
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "X-Autosave": "1", "Accept": "application/json" } }).then(function (response) {
      return response.json();
    }).then(function (answer) {
      var wrong = answer.errors || {}, first = Object.keys(wrong)[0];
      form.querySelectorAll("input:not([type=hidden])").forEach(function (field) {
        if (wrong[field.name]) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
      });
      var text = answer.refused || (first ? wrong[first][0].message : "");
      note.className = "saved-note js-only" + (text ? " failed" : "");
      note.textContent = text || words.saved + " " + answer.saved_at;
      form.dataset.dirty = text ? "1" : "";
    }).catch(function () {
      note.className = "saved-note js-only failed";
      note.textContent = words.unsaved;
      timers.set(form, window.setTimeout(function () { save(form); }, 8000));
    });
  }
  root.addEventListener("input", function (event) {
    var form = event.target.closest("[data-details]");
    if (!form) return;
    window.clearTimeout(timers.get(form));
    timers.set(form, window.setTimeout(function () { save(form); }, 1200));
  });
  root.addEventListener("change", function (event) {
    var form = event.target.closest("[data-details]");
    if (form) save(form);
  });

  // --- order by hand
  var dragged = null;
  root.addEventListener("dragstart", function (event) {
    dragged = event.target.closest ? event.target.closest("[data-move]") : null;
    if (!dragged) return;
    event.dataTransfer.setData("text/plain", dragged.dataset.file);
    event.dataTransfer.effectAllowed = "move";
    dragged.classList.add("dragged");
  });
  root.addEventListener("dragend", function () {
    root.querySelectorAll(".dragged, .over").forEach(function (one) { one.classList.remove("dragged", "over"); });
    dragged = null;
  });
  function target(event) {
    var row = dragged && event.target.closest("[data-move]");
    return row && row !== dragged && row.parentNode === dragged.parentNode ? row : null;
  }
  root.addEventListener("dragover", function (event) {
    var row = target(event);
    root.querySelectorAll(".over").forEach(function (one) { if (one !== row) one.classList.remove("over"); });
    if (!row) return;
    event.preventDefault();
    row.classList.add("over");
  });
  root.addEventListener("drop", function (event) {
    var row = target(event);
    if (!row) return;
    event.preventDefault();
    var form = dragged.querySelector("[data-slot-act]"), data = new FormData(form);
    data.append("to", String(Array.prototype.indexOf.call(row.parentNode.children, row)));
    act({ action: dragged.dataset.move }, data, row.closest("[data-slot]").dataset.slot).catch(function () { window.location.reload(); });
  });

  // --- preview
  var dialog = root.querySelector("[data-preview-dialog]"), place = root.querySelector("[data-preview-place]");
  root.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-preview]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !dialog.showModal) return;
    event.preventDefault();
    root.querySelector("[data-preview-name]").textContent = link.dataset.name;
    var shown = document.createElement(link.dataset.preview === "picture" ? "img" : "iframe");
    shown.src = link.href;
    shown[link.dataset.preview === "picture" ? "alt" : "title"] = link.dataset.name;
    place.replaceChildren(shown);
    dialog.showModal();
  });
  dialog.addEventListener("close", function () { place.replaceChildren(); });
  root.querySelector("[data-preview-close]").addEventListener("click", function () { dialog.close(); });

  // --- files that are being scanned
  var timer = null;
  function watch() {
    window.clearTimeout(timer);
    if (root.querySelector('[data-scan="waiting"]')) timer = window.setTimeout(ask, POLL);
  }
  function ask() {
    fetch(words.scans, { credentials: "same-origin", headers: { "Accept": "application/json" } }).then(function (response) {
      return response.json();
    }).then(function (answer) {
      var changed = [];
      root.querySelectorAll("[data-scan]").forEach(function (row) {
        if (answer.scans[row.dataset.file] && answer.scans[row.dataset.file] !== row.dataset.scan) changed.push(row.closest("[data-slot]").dataset.slot);
      });
      if (changed.length) refresh(changed); else watch();
    }).catch(watch);
  }
  watch();
})();
