// Small shared behaviour. Every page works without it. Hooks (attributes):
//   data-focus-first        takes the focus when the page opens (error summary)
//   form[data-once]         a second press does not send twice
//   form[data-confirm="…"]  asks first
//   select[data-submit]     sends its form on change (its button is .no-js-only)
//   [data-check-all="name"] ticks every box of that name; [data-count-of="name"] shows how many are ticked
//   [data-print]            prints; [data-copy="#id"] copies that text
//   [data-search]           gets the focus on "/"
//   table[data-keys]        j and k move over tr[data-row]; Enter opens its first link ([data-open] first)
//   [data-key="b"]          is pressed by that key; [data-close] by Escape; dialog#shortcuts by "?"
//   [data-dialog="id"]      opens a <dialog>
//   [data-counter="id"]     counts the letters of a text field with maxlength
(function () {
  "use strict";
  var each = function (list, work) { Array.prototype.forEach.call(list, work); };
  var all = function (selector, root) { return (root || document).querySelectorAll(selector); };

  var first = document.querySelector("[data-focus-first]");
  if (first) first.focus();

  // tabs wider than the page open at the tab of this page
  each(all(".tabs [aria-current]"), function (tab) {
    var row = tab.closest(".tabs"), edge = row.getBoundingClientRect(), own = tab.getBoundingClientRect();
    if (own.right > edge.right) row.scrollLeft += own.left - edge.left - (edge.width - own.width) / 2;
  });

  // drop-down menus: one open at a time, Escape or a press elsewhere closes
  function closeMenus(except) {
    each(all("details.menu[open]"), function (menu) { if (menu !== except) menu.open = false; });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest ? event.target.closest("details.menu") : null);
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) { event.preventDefault(); return; }
    if (form.hasAttribute("data-sign-out") && navigator.onLine !== false) { // what offline.js kept goes with the person
      try {
        Object.keys(localStorage).forEach(function (key) { if (key.indexOf("kip-draft-") === 0) localStorage.removeItem(key); });
      } catch (error) { /* nothing was kept */ }
    }
    if (form.hasAttribute("data-once")) {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      each(all("button:not([type=button])", form), function (button) { button.setAttribute("aria-busy", "true"); });
    }
  });
  window.addEventListener("pageshow", function () {
    each(all("form[data-sent]"), function (form) {
      delete form.dataset.sent;
      each(all("[aria-busy]", form), function (button) { button.removeAttribute("aria-busy"); });
    });
  });

  function showCounts(name) {
    var boxes = all('input[type=checkbox][name="' + name + '"]'), ticked = 0;
    each(boxes, function (box) { if (box.checked) ticked += 1; });
    each(all('[data-count-of="' + name + '"]'), function (place) { place.textContent = String(ticked); });
    each(all('[data-check-all="' + name + '"]'), function (head) {
      head.checked = ticked > 0 && ticked === boxes.length;
      head.indeterminate = ticked > 0 && ticked < boxes.length;
    });
  }
  document.addEventListener("change", function (event) {
    var input = event.target;
    if (input.matches("select[data-submit]")) { input.form.requestSubmit(); return; }
    if (input.dataset && input.dataset.checkAll) {
      each(all('input[type=checkbox][name="' + input.dataset.checkAll + '"]'), function (box) { box.checked = input.checked; });
      showCounts(input.dataset.checkAll);
    } else if (input.type === "checkbox" && input.name && document.querySelector('[data-check-all="' + input.name + '"]')) {
      showCounts(input.name);
    }
  });

  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target.closest("[data-print], [data-copy], [data-dialog]") : null;
    if (!target) return;
    if (target.hasAttribute("data-print")) window.print();
    if (target.dataset.copy) {
      var source = document.querySelector(target.dataset.copy);
      if (source && navigator.clipboard) {
        navigator.clipboard.writeText((source.value || source.textContent).trim());
        target.setAttribute("data-copied", "");
      }
    }
    if (target.dataset.dialog) {
      var dialog = document.getElementById(target.dataset.dialog);
      if (dialog && dialog.showModal) dialog.showModal();
    }
  });

  each(all("[data-counter]"), function (place) {
    var field = document.getElementById(place.dataset.counter);
    if (!field) return;
    var show = function () { place.textContent = field.value.length + (field.maxLength > 0 ? " / " + field.maxLength : ""); };
    field.addEventListener("input", show);
    show();
  });

  // keys: never while typing, and they can be switched off (checkbox [data-keys-switch] in the shortcut sheet)
  var keysOff = function () { if (document.body.dataset.keys === "off") return true; try { return localStorage.getItem("kip-keys") === "off"; } catch (error) { return false; } };
  each(all("[data-keys-switch]"), function (box) {
    box.checked = !keysOff();
    box.addEventListener("change", function () {
      try { localStorage.setItem("kip-keys", box.checked ? "on" : "off"); } catch (error) { /* nothing to keep it in */ }
    });
  });
  function moveRow(table, by) {
    var rows = Array.prototype.slice.call(all("tr[data-row]", table));
    if (!rows.length) return;
    var inside = document.activeElement && document.activeElement.closest ? document.activeElement.closest("tr[data-row]") : null;
    var at = rows.indexOf(inside);
    if (at < 0) at = rows.findIndex(function (row) { return row.getAttribute("aria-current") || row.classList.contains("selected"); });
    var next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))];
    var link = next.querySelector("[data-open]") || next.querySelector("a[href]");
    if (link) { link.focus(); next.scrollIntoView({ block: "nearest" }); }
  }
  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    var target = event.target;
    var typing = target.matches && target.matches("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");
    if (event.key === "Escape") {
      var open = document.querySelector("details.menu[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); return; }
      var close = !typing && !document.querySelector("dialog[open]") && document.querySelector("[data-close]");
      if (close) close.click();
      return;
    }
    if (typing || keysOff() || document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      var search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
      return;
    }
    if (event.key === "?") {
      var sheet = document.getElementById("shortcuts");
      if (sheet && sheet.showModal) { event.preventDefault(); sheet.showModal(); }
      return;
    }
    var table = document.querySelector("table[data-keys]");
    if (table && (event.key === "j" || event.key === "k")) { event.preventDefault(); moveRow(table, event.key === "j" ? 1 : -1); return; }
    var pressed = document.querySelector('[data-key="' + (window.CSS && CSS.escape ? CSS.escape(event.key) : event.key) + '"]');
    if (pressed && event.key.length === 1) { event.preventDefault(); pressed.click(); }
  });
})();
