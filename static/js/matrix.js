// Arrow keys go from cell to cell in table[data-matrix]; Home and End to the ends of a row. Without it Tab does.
(function () {
  "use strict";
  document.querySelectorAll("table[data-matrix]").forEach(function (table) {
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);

    function go(row, column, down, right) {
      // over cells without a link, such as conflicts
      for (row += down, column += right; rows[row] && rows[row].cells[column]; row += down, column += right) {
        var link = rows[row].cells[column].querySelector("a");
        if (link) {
          link.focus();
          link.scrollIntoView({ block: "nearest", inline: "nearest" });
          return true;
        }
      }
      return false;
    }
    table.addEventListener("keydown", function (event) {
      var link = event.target.closest ? event.target.closest("td a") : null;
      if (!link || event.altKey || event.ctrlKey || event.metaKey) return;
      var cell = link.parentElement, row = rows.indexOf(cell.parentElement), column = cell.cellIndex;
      var steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
      var done = false;
      if (steps[event.key]) done = go(row, column, steps[event.key][0], steps[event.key][1]);
      else if (event.key === "Home") done = go(row, 0, 0, 1);
      else if (event.key === "End") done = go(row, rows[row].cells.length, 0, -1);
      else return;
      event.preventDefault();
      return done;
    });
  });
})();
