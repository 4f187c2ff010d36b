// The documents of a dossier. The page works without it.
//   form[data-upload]        says that a file is on its way
(function () {
  "use strict";
  document.querySelectorAll("form[data-upload]").forEach(function (form) {
    form.addEventListener("submit", function () { form.setAttribute("aria-busy", "true"); });
  });
})();
