// One-stop desk. The page works without it.
//   [data-new-product]  the fields of a new product are shown only while a new one is chosen
//   input[name^=scan_]  a chosen scan ticks its paper
(function () {
  "use strict";
  var part = document.querySelector("[data-new-product]");
  var choices = document.querySelectorAll('input[type=radio][name="product"]');
  function show() {
    var chosen = document.querySelector('input[type=radio][name="product"]:checked');
    part.hidden = !(chosen && chosen.value === "new");
  }
  if (part && choices.length) {
    Array.prototype.forEach.call(choices, function (one) { one.addEventListener("change", show); });
    show();
  }
  document.addEventListener("change", function (event) {
    var input = event.target;
    if (input.type !== "file" || input.name.indexOf("scan_") !== 0 || !input.files.length) return;
    var tick = document.querySelector('input[type=checkbox][name="got_' + input.name.slice(5) + '"]');
    if (tick) tick.checked = true;
  });
})();
