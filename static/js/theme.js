// Runs before the first paint: the reader's choice of appearance, kept in this browser.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  function stored() {
    try { return localStorage.getItem("kip-theme") || "system"; } catch (error) { return "system"; }
  }
  function apply(choice) {
    if (choice === "light" || choice === "dark") root.setAttribute("data-theme", choice);
    else root.removeAttribute("data-theme");
  }
  apply(stored());
  document.addEventListener("change", function (event) {
    var input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.hasAttribute("data-theme-choice")) return;
    try { localStorage.setItem("kip-theme", input.value); } catch (error) { /* private window: for this page only */ }
    apply(input.value);
    show(input.value);
  });
  function show(choice) {
    document.querySelectorAll("[data-theme-choice]").forEach(function (input) { input.checked = input.value === choice; });
  }
  document.addEventListener("DOMContentLoaded", function () { show(stored()); });
})();
