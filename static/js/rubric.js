// The rubric editor. Everything here also works without it: "Check" judges, saving gives a new empty line.
//   form[data-rubric]   judged by the server half a second after the last key; problems stand beside their input
//   [data-rows]         "Add a line" copies the last line, emptied
(function () {
  "use strict";
  var form = document.querySelector("form[data-rubric]");
  if (!form) return;
  var each = function (list, work) { Array.prototype.forEach.call(list, work); };
  var verdict = document.querySelector("[data-verdict]");
  var timer = 0, asked = 0, dirty = false;

  var beside = function (fields) {
    each(form.querySelectorAll("p[data-live]"), function (note) {
      var input = document.getElementById(note.dataset.live);
      if (input) { input.removeAttribute("aria-invalid"); input.removeAttribute("aria-describedby"); }
      note.remove();
    });
    Object.keys(fields).forEach(function (name) {
      var input = form.elements[name];
      if (input && !input.tagName) input = input[0];
      if (!input || !input.closest) return;
      var box = input.closest(".field") || input.parentNode, note = document.createElement("p");
      note.className = "error";
      note.id = input.id + "_judged";
      note.dataset.live = input.id;
      note.textContent = fields[name];
      box.appendChild(note);
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", note.id);
    });
  };

  var judge = function () {
    var turn = (asked += 1);
    fetch(form.dataset.judge, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.json() : { judged: false };
    }).then(function (told) {
      if (turn !== asked || !told.judged) return;
      verdict.innerHTML = told.verdict;
      beside(told.fields);
    }).catch(function () { /* offline: the Check button says so */ });
  };
  var soon = function () { dirty = true; clearTimeout(timer); timer = setTimeout(judge, 500); };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);

  // What the server has judged already when the page came.
  var known = {};
  each(form.querySelectorAll("[data-beside] [data-field]"), function (item) { known[item.dataset.field] = item.textContent; });
  beside(known);

  // --- one more line
  form.dataset.script = "";
  each(form.querySelectorAll("[data-rows]"), function (list) {
    var count = list.querySelector("input[type=hidden]"), button = document.createElement("button");
    button.type = "button";
    button.className = "btn small secondary";
    button.textContent = form.dataset.add;
    list.appendChild(button);
    button.addEventListener("click", function () {
      var lines = list.querySelectorAll("[data-row]"), last = lines[lines.length - 1], number = Number(count.value);
      if (!last || number >= 60) return;
      var prefix = count.name.replace(/-rows$/, ""), fresh = last.cloneNode(true);
      var swap = function (text) { return text.replace(new RegExp("(^|_)" + prefix + "-\\d+-"), "$1" + prefix + "-" + number + "-"); };
      each(fresh.querySelectorAll("[name], [id], label[for]"), function (part) {
        if (part.name) part.name = swap(part.name);
        if (part.id) part.id = swap(part.id);
        if (part.htmlFor) part.htmlFor = swap(part.htmlFor);
        if (part.type === "checkbox") part.checked = false;
        else if (part.tagName === "SELECT") part.selectedIndex = 0;
        else if (part.tagName === "INPUT") part.value = "";
      });
      each(fresh.querySelectorAll("p.error"), function (note) { note.remove(); });
      var legend = fresh.querySelector("legend");
      if (legend) legend.textContent = legend.textContent.replace(/\d+\s*$/, String(number + 1));
      last.after(fresh);
      count.value = String(number + 1);
      fresh.querySelector("input, select").focus();
    });
  });

  // --- leaving with words that nobody has saved
  form.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (button && button.dataset.confirm && !window.confirm(button.dataset.confirm)) { event.preventDefault(); return; }
    dirty = false;
  });
  window.addEventListener("beforeunload", function (event) { if (dirty) event.preventDefault(); });
})();
