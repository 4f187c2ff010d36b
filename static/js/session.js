// Two minutes before a pause ends the session: "Are you still there?" Activity in another window of this browser
// counts here too. The server decides; this only warns in time.
(function () {
  "use strict";
  var box = document.getElementById("session-warning");
  if (!box || !box.showModal) return;
  var WARN = 120, seconds = Number(box.dataset.seconds), KEY = "kip-seen";
  var left = box.querySelector("[data-left]"), form = box.querySelector("form");
  var seen = Date.now();

  function remember() {
    seen = Date.now();
    try { localStorage.setItem(KEY, String(seen)); } catch (error) { /* this window alone, then */ }
  }
  function latest() {
    var other = 0;
    try { other = Number(localStorage.getItem(KEY)) || 0; } catch (error) { other = 0; }
    return Math.max(seen, Math.min(other, Date.now()));
  }
  function tick() {
    var rest = Math.ceil(seconds - (Date.now() - latest()) / 1000);
    if (rest <= 0) {
      // A little later than the server, which then surely knows.
      if (rest < -2) {
        window.location.href = box.dataset.ended + "?after=" + Math.round(seconds / 60) +
          "&next=" + encodeURIComponent(window.location.pathname + window.location.search);
      }
      return;
    }
    if (rest <= Math.min(WARN, seconds / 2)) {
      left.textContent = Math.floor(rest / 60) + ":" + ("0" + (rest % 60)).slice(-2);
      if (!box.open) box.showModal();
    } else if (box.open) box.close();
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } })
      .then(function (answer) { if (!answer.ok || answer.redirected) throw answer; return answer.json(); })
      .then(function (told) { seconds = told.seconds; remember(); box.close(); })
      .catch(function () { window.location.href = box.dataset.ended; });
  });
  // Escape closes the box without a word to the server: that would be a lie.
  box.addEventListener("cancel", function (event) { event.preventDefault(); form.requestSubmit(); });
  remember();
  window.setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
})();
