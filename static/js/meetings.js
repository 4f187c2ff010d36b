// Pages that follow a session. [data-follow]: the moving part, asked for every second and a half and drawn anew when
// the server says it changed; focus stays on the same button. [data-wait]: papers in the making, until they are made.
// Without this file each page has a link to reload.
(function () {
  "use strict";
  var PAUSE = 1500, MOST = 10000;
  var part = document.querySelector("[data-follow]"), lost = document.querySelector("[data-lost]");
  var tag = "", failures = 0;

  function ask() {
    var headers = { "X-Partial": "1" };
    if (tag) headers["If-None-Match"] = tag;
    fetch(window.location.pathname, { headers: headers, credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (answer.redirected) { window.location.reload(); return null; } // signed out
        if (answer.status === 304) return null;
        if (!answer.ok) throw new Error("no answer");
        tag = answer.headers.get("ETag") || "";
        return answer.text();
      })
      .then(function (text) {
        failures = 0;
        if (lost) lost.hidden = true;
        if (text !== null) draw(text);
        window.setTimeout(ask, document.hidden ? MOST : PAUSE);
      })
      .catch(function () {
        failures += 1;
        if (lost && failures > 1) lost.hidden = false;
        window.setTimeout(ask, Math.min(PAUSE * failures, MOST));
      });
  }

  function draw(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html").body; // our own template, escaped by the server
    var before = part.querySelector("[data-item]"), now = fresh.querySelector("[data-item]");
    // Another item, or another step of it: what stands around the part is new as well.
    if (before && now && before.dataset.item !== now.dataset.item) { window.location.assign(window.location.pathname); return; }
    if (fresh.textContent.replace(/\s+/g, " ") === part.textContent.replace(/\s+/g, " ")) return;
    var held = document.activeElement && part.contains(document.activeElement) ? document.activeElement.id : "";
    part.replaceChildren.apply(part, Array.prototype.slice.call(fresh.childNodes));
    var again = held && document.getElementById(held);
    if (again) again.focus();
    // What was shown is what the next button acts on.
    var version = part.querySelector("[data-version]");
    if (version) {
      Array.prototype.forEach.call(document.querySelectorAll("[data-seen]"), function (field) {
        field.value = version.dataset.version;
      });
    }
  }
  if (part) window.setTimeout(ask, PAUSE);

  var wait = document.querySelector("[data-wait]");
  function again() {
    fetch(window.location.pathname, { headers: { "X-Partial": "1" }, credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("no answer");
        return answer.text();
      })
      .then(function (text) {
        failures = 0;
        var fresh = new DOMParser().parseFromString(text, "text/html").body;
        wait.replaceChildren.apply(wait, Array.prototype.slice.call(fresh.childNodes));
        if (wait.querySelector("[data-waiting]")) window.setTimeout(again, 1000);
      })
      .catch(function () {
        failures += 1;
        if (failures < 20) window.setTimeout(again, Math.min(1000 * failures, MOST));
      });
  }
  if (wait && wait.querySelector("[data-waiting]")) window.setTimeout(again, 1000);

  // What is being written stays while other buttons of the page are pressed, and when the item moves on.
  Array.prototype.forEach.call(document.querySelectorAll("form[data-keep]"), function (form) {
    var text = form.querySelector("textarea"), key = "kip-" + form.dataset.keep;
    if (!text) return;
    try {
      if (!text.value) text.value = sessionStorage.getItem(key) || "";
      text.addEventListener("input", function () { sessionStorage.setItem(key, text.value); });
      form.addEventListener("submit", function (event) {
        if (!event.submitter || !event.submitter.getAttribute("formaction")) sessionStorage.removeItem(key);
      });
    } catch (error) { /* without storage the words are kept by ending the item only */ }
  });

  // After an act on the agenda the same row has the focus, so that up and down can be pressed again.
  if (window.location.hash.indexOf("#item-") === 0) {
    var row = document.getElementById(window.location.hash.slice(1));
    if (row) { (row.querySelector(".moves .btn:not([hidden])") || row).focus(); }
  }
})();
