// The draft saves itself. Every page works without it.
//   form[data-autosave]      posts itself after 1.5 s without a key; [data-autosave-note] says when it was saved
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


  document.querySelectorAll("form[data-autosave] textarea[maxlength]").forEach(function (field) {
    var place = document.createElement("p");
    place.className = "counter";
    field.insertAdjacentElement("afterend", place);
    function show() { place.textContent = field.value.length + " / " + field.maxLength; }
    field.addEventListener("input", show);
    show();
  });
})();
