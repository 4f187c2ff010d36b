// A page whose part changes by itself: [data-poll] is asked for again (header X-Partial) every second while
// [data-waiting] stands in it, else every data-poll-seconds (0: never). It is not replaced while somebody is in it.
(function () {
  "use strict";
  var place = document.querySelector("[data-poll]");
  if (!place) return;
  var failures = 0, seconds = Number(place.dataset.pollSeconds || 0), was = Boolean(place.querySelector("[data-waiting]"));
  var opened = function (part) { return Array.prototype.map.call(part.querySelectorAll("details"), function (one) { return one.open; }); };
  function later() {
    var wait = place.querySelector("[data-waiting]") ? 1 : seconds;
    if (wait) window.setTimeout(ask, Math.max(wait, Math.min(failures, 10)) * 1000);
  }
  function ask() {
    if (document.visibilityState === "hidden") { later(); return; }
    fetch(window.location.href, { headers: { "X-Partial": "1" }, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("no answer");
        return answer.text();
      })
      .then(function (text) {
        failures = 0;
        var part = new DOMParser().parseFromString(text, "text/html").body; // our own template, escaped by the server
        if (part.textContent.replace(/\s+/g, " ") !== place.textContent.replace(/\s+/g, " ") && !place.contains(document.activeElement)) {
          var open = opened(place);
          Array.prototype.forEach.call(part.querySelectorAll("details"), function (one, index) { one.open = Boolean(open[index]); });
          place.replaceChildren.apply(place, Array.prototype.slice.call(part.childNodes));
        }
        if (was && !place.querySelector("[data-waiting]")) { window.location.reload(); return; } // the rest of the page is new too
        was = Boolean(place.querySelector("[data-waiting]"));
        later();
      })
      .catch(function () { failures += 1; if (failures < 20) later(); });
  }
  later();
})();
