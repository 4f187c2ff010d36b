// The applicant's forms. Every page works without it.
//   form[data-autosave]      posts itself after 1.5 s without a key; [data-autosave-note] says when it was saved
//   form[data-upload]        says that a file is on its way
//   table[data-grid]         arrow keys move between cells; a block copied from a spreadsheet fills several
//   textarea[maxlength]      gets a count of its letters
(function () {
  "use strict";
  var IDLE = 1500, RETRY = 8000;

  function Keeper(form) {
    var note = form.querySelector("[data-autosave-note]");
    var timer = null, running = false, again = false, stored = content(), leaving = false;

    function content() { return new URLSearchParams(new FormData(form)).toString(); }
    function say(words, kind) {
      if (!note) return;
      note.textContent = words;
      note.className = "saved-note js-only" + (kind ? " " + kind : "");
    }
    function later(wait) { window.clearTimeout(timer); timer = window.setTimeout(save, wait); }
    function save() {
      var now = content();
      if (leaving || now === stored) return;
      if (running) { again = true; return; }
      running = true;
      say(note ? note.dataset.saving : "", "waiting");
      fetch(form.action || window.location.href, {
        method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "follow",
        headers: { "X-Autosave": "1", "Accept": "application/json" }
      }).then(function (response) {
        if (response.redirected || response.status === 403) throw new Error("gone");
        return response.json().then(function (answer) { return { ok: response.ok, answer: answer }; });
      }).then(function (result) {
        running = false;
        if (!result.ok) { say(result.answer.refused || note.dataset.failed, "failed"); return; }
        stored = now;
        var wrong = result.answer.errors && Object.keys(result.answer.errors).length;
        say(note.dataset.saved + " " + result.answer.saved_at + (wrong ? " – " + note.dataset.errors : ""), wrong ? "waiting" : "");
        if (again) { again = false; later(IDLE); }
      }).catch(function (error) {
        running = false;
        if (leaving || !note) return;
        if (error.message === "gone") { say(note.dataset.gone, "failed"); return; }
        say(note.dataset.failed, "failed");
        later(RETRY);
      });
    }
    form.addEventListener("input", function () { later(IDLE); });
    form.addEventListener("change", function () { later(IDLE); });
    form.addEventListener("submit", function () { leaving = true; window.clearTimeout(timer); });
    window.addEventListener("pageshow", function () { leaving = false; });
    document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") save(); });
    window.addEventListener("beforeunload", function (event) {
      if (!leaving && content() !== stored) { save(); event.preventDefault(); }
    });
  }
  document.querySelectorAll("form[data-autosave]").forEach(Keeper);

  document.querySelectorAll("form[data-upload]").forEach(function (form) {
    form.addEventListener("submit", function () { form.setAttribute("aria-busy", "true"); });
  });

  // the grid
  document.querySelectorAll("table[data-grid]").forEach(function (table) {
    var rows = Array.prototype.map.call(table.tBodies[0].rows, function (row) {
      return Array.prototype.slice.call(row.querySelectorAll("input"));
    });
    function place(input) {
      for (var r = 0; r < rows.length; r += 1) {
        var c = rows[r].indexOf(input);
        if (c >= 0) return [r, c];
      }
      return null;
    }
    table.addEventListener("keydown", function (event) {
      var at = place(event.target);
      if (!at || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      var input = event.target;
      var start = input.selectionStart === 0 && input.selectionEnd === 0;
      var end = input.selectionStart === input.value.length;
      var step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] }[event.key];
      if (event.key === "ArrowLeft" && start) step = [0, -1];
      if (event.key === "ArrowRight" && end) step = [0, 1];
      if (!step) return;
      var next = (rows[at[0] + step[0]] || [])[at[1] + step[1]];
      if (event.key === "Enter" && !next) return;
      event.preventDefault();
      if (next) { next.focus(); next.select(); }
    });
    table.addEventListener("paste", function (event) {
      var at = place(event.target);
      var text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
      if (!at || !/[\t\n]/.test(text.trim())) return;
      event.preventDefault();
      text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach(function (line, r) {
        line.split("\t").forEach(function (value, c) {
          var input = (rows[at[0] + r] || [])[at[1] + c];
          if (input) { input.value = value.trim(); input.dispatchEvent(new Event("input", { bubbles: true })); }
        });
      });
    });
  });

  document.querySelectorAll("form[data-autosave] textarea[maxlength]").forEach(function (field) {
    var place = document.createElement("p");
    place.className = "counter";
    field.insertAdjacentElement("afterend", place);
    function show() { place.textContent = field.value.length + " / " + field.maxLength; }
    field.addEventListener("input", show);
    show();
  });
})();
