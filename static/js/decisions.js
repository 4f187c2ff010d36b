// The certificates page while papers are made: asks each second for the changing part (more seldom when nothing
// changes) and puts in what differs, so that the row under the reader's focus stays. Without this script the page
// has a Reload link.
(function () {
  "use strict";
  var box = document.getElementById("papers"), said = document.getElementById("papers-said");
  if (!box || !window.fetch || !window.DOMParser) return;
  var pause = 1000;

  function parts(root) {
    var found = {};
    Array.prototype.forEach.call(root.querySelectorAll("[data-part]"), function (part) { found[part.dataset.part] = part; });
    return found;
  }
  function waits() { return box.querySelector("[data-waiting]") !== null; }

  function show(text) {
    // Rows live in a table: a whole document keeps them.
    var fresh = new DOMParser().parseFromString(text, "text/html"), now = parts(box), next = parts(fresh);
    if (Object.keys(now).join() !== Object.keys(next).join()) { window.location.reload(); return; }
    var changed = false;
    Object.keys(next).forEach(function (name) {
      if (now[name].outerHTML === next[name].outerHTML) return;
      now[name].replaceWith(document.importNode(next[name], true));
      changed = true;
    });
    pause = changed ? 1000 : Math.min(pause * 1.5, 5000);
    var sentence = box.querySelector("[data-said]");
    if (sentence) said.textContent = sentence.textContent;
  }

  function ask() {
    if (!waits()) return;
    if (document.hidden) { window.setTimeout(ask, pause); return; }
    fetch(box.dataset.poll, { headers: { "X-Partial": "1" }, credentials: "same-origin" })
      .then(function (answer) {
        if (answer.redirected || answer.status === 404) { window.location.reload(); throw new Error("signed out"); }
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(show)
      .catch(function () { pause = Math.min(pause * 2, 15000); })
      .then(function () { window.setTimeout(ask, pause); });
  }
  window.setTimeout(ask, pause);
})();
