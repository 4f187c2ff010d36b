// The grid of figures. The page works without it.
//   table[data-grid]         arrow keys move between cells; a block copied from a spreadsheet fills several
(function () {
  "use strict";
  document.querySelectorAll("table[data-grid]").forEach(function (table) {
    var rows = Array.prototype.map.call(table.tBodies[0].rows, function (row) {
      return Array.prototype.slice.call(row.querySelectorAll("input"));
    });
    function place(input) {
      for (var r = 0; r < rows.length; r += 1) {
        var c = rows[r].indexOf(input);
        if (c >= 0) return [r, c];
      }
      return null;
    }
    table.addEventListener("keydown", function (event) {
      var at = place(event.target);
      if (!at || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      var input = event.target;
      var start = input.selectionStart === 0 && input.selectionEnd === 0;
      var end = input.selectionStart === input.value.length;
      var step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] }[event.key];
      if (event.key === "ArrowLeft" && start) step = [0, -1];
      if (event.key === "ArrowRight" && end) step = [0, 1];
      if (!step) return;
      var next = (rows[at[0] + step[0]] || [])[at[1] + step[1]];
      if (event.key === "Enter" && !next) return;
      event.preventDefault();
      if (next) { next.focus(); next.select(); }
    });
    table.addEventListener("paste", function (event) {
      var at = place(event.target);
      var text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
      if (!at || !/[\t\n]/.test(text.trim())) return;
      event.preventDefault();
      text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach(function (line, r) {
        line.split("\t").forEach(function (value, c) {
          var input = (rows[at[0] + r] || [])[at[1] + c];
          if (input) { input.value = value.trim(); input.dispatchEvent(new Event("input", { bubbles: true })); }
        });
      });
    });
  });
})();
