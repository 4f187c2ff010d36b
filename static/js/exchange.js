// The Excel page: a workbook may be dropped anywhere on its form. The page of an import asks how far the writing is
// until it has ended. Without this script there are a file button and a Reload link.
(function () {
  "use strict";

  Array.prototype.forEach.call(document.querySelectorAll("form[data-drop]"), function (form) {
    var input = form.querySelector("input[type=file]");
    ["dragenter", "dragover"].forEach(function (name) {
      form.addEventListener(name, function (event) { event.preventDefault(); form.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      form.addEventListener(name, function () { form.classList.remove("over"); });
    });
    form.addEventListener("drop", function (event) {
      event.preventDefault();
      if (event.dataTransfer && event.dataTransfer.files.length) { input.files = event.dataTransfer.files; input.focus(); }
    });
  });

  var box = document.querySelector("[data-poll]"), said = document.getElementById("writing-said"), pause = 700;
  if (!box || !window.fetch || !window.DOMParser) return;
  function waits() { return box.querySelector("[data-waiting]") !== null; }
  function ask() {
    if (document.hidden) { window.setTimeout(ask, pause); return; }
    fetch(box.dataset.poll, { headers: { "X-Partial": "1" }, credentials: "same-origin" })
      .then(function (answer) {
        if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("writing");
        if (fresh.dataset.waiting === undefined) { window.location.reload(); return; }
        box.replaceChildren(document.importNode(fresh, true));
        said.textContent = box.querySelector("h2").textContent;
        window.setTimeout(ask, pause);
      })
      .catch(function () { pause = Math.min(pause * 2, 15000); window.setTimeout(ask, pause); });
  }
  if (waits()) window.setTimeout(ask, pause);
})();
