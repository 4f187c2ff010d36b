// The grid of figures behaves like a spreadsheet. The page works without it.
//   table[data-grid]     arrow keys and Enter move; Shift+arrow marks a block; Ctrl+C copies it, Delete empties it;
//                        a block copied from a spreadsheet fills several cells; Ctrl+Z takes the last such change back
//   [data-growth]        growth over the year before, as one types; [data-share] share of the exports (data-rate)
//   svg.spark            the course of a line over the years
//   [data-figures-view]  questions and pictures, fetched anew from data-view after each save
(function () {
  "use strict";
  var vietnamese = document.documentElement.lang !== "en";

  // 1.234,5 in Vietnamese, 1,234.5 in English; undefined for what is no number, null for an empty cell
  function read(text) {
    var bare = text.replace(/[\s\u00a0\u202f]/g, "");
    if (bare === "") return null;
    bare = vietnamese ? bare.replace(/\.(?=\d{3}(\D|$))/g, "").replace(",", ".") : bare.replace(/,(?=\d{3}(\D|$))/g, "");
    return /^-?\d+(\.\d+)?$/.test(bare) ? Number(bare) : undefined;
  }
  function percent(value, signed) {
    var words = new Intl.NumberFormat(vietnamese ? "vi" : "en", { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
    return (signed && value > 0 ? "+" : "") + words + " %";
  }

  document.querySelectorAll("table[data-grid]").forEach(function (table) {
    var lines = Array.prototype.filter.call(table.tBodies[0].rows, function (row) { return row.querySelector("input"); });
    var rows = lines.map(function (row) { return Array.prototype.slice.call(row.querySelectorAll("input")); });
    var note = document.querySelector("[data-grid-note]");
    var history = [], anchor = null, head = null;

    function place(input) {
      for (var r = 0; r < rows.length; r += 1) {
        var c = rows[r].indexOf(input);
        if (c >= 0) return [r, c];
      }
      return null;
    }
    function at(r, c) { return (rows[r] || [])[c]; }
    function say(words) { if (note) note.textContent = words; }

    // --- marking a block
    function block() {
      if (!anchor || !head) return null;
      return [Math.min(anchor[0], head[0]), Math.min(anchor[1], head[1]), Math.max(anchor[0], head[0]), Math.max(anchor[1], head[1])];
    }
    function paint() {
      var b = block();
      rows.forEach(function (row, r) {
        row.forEach(function (input, c) {
          var inside = b && r >= b[0] && r <= b[2] && c >= b[1] && c <= b[3];
          input.classList.toggle("marked", Boolean(inside));
        });
      });
    }
    function unmark() { anchor = head = null; paint(); }

    // --- changing several cells at once, with a way back
    function write(changes) {
      var before = changes.map(function (one) { return [one[0], one[0].value]; });
      changes.forEach(function (one) {
        one[0].value = one[1];
        one[0].dispatchEvent(new Event("input", { bubbles: true }));
        one[0].dispatchEvent(new Event("change", { bubbles: true }));
      });
      return before;
    }

    table.addEventListener("keydown", function (event) {
      var here = place(event.target);
      if (!here) return;
      var input = event.target, key = event.key;
      if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z" && history.length) {
        event.preventDefault();
        write(history.pop());
        say(note ? note.dataset.undone : "");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      var step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
      if (event.shiftKey && step && (step[0] || anchor)) {
        event.preventDefault();
        anchor = anchor || here;
        head = head || here;
        var r = Math.min(Math.max(head[0] + step[0], 0), rows.length - 1);
        var c = Math.min(Math.max(head[1] + step[1], 0), rows[0].length - 1);
        head = [r, c];
        paint();
        return;
      }
      if (key === "Escape") { unmark(); return; }
      if ((key === "Delete" || key === "Backspace") && anchor) {
        event.preventDefault();
        var b = block(), changes = [];
        for (var i = b[0]; i <= b[2]; i += 1) for (var j = b[1]; j <= b[3]; j += 1) changes.push([at(i, j), ""]);
        history.push(write(changes));
        return;
      }
      if (event.shiftKey && key !== "Enter") return;
      var start = input.selectionStart === 0 && input.selectionEnd === 0;
      var all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
      var end = input.selectionStart === input.value.length;
      if (key === "ArrowLeft" && !(start || all)) return;
      if (key === "ArrowRight" && !(end || all)) return;
      if (key === "Enter") step = [event.shiftKey ? -1 : 1, 0];
      if (!step) return;
      var next = at(here[0] + step[0], here[1] + step[1]);
      if (key === "Enter" && !next) return;
      event.preventDefault();
      unmark();
      if (next) { next.focus(); next.select(); }
    });
    table.addEventListener("pointerdown", function (event) { if (place(event.target) && !event.shiftKey) unmark(); });
    table.addEventListener("copy", function (event) {
      var b = block();
      if (!b) return;
      var text = [];
      for (var i = b[0]; i <= b[2]; i += 1) {
        text.push(rows[i].slice(b[1], b[3] + 1).map(function (input) { return input.value; }).join("\t"));
      }
      event.clipboardData.setData("text/plain", text.join("\n"));
      event.preventDefault();
    });
    table.addEventListener("paste", function (event) {
      var here = place(event.target);
      var text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
      if (!here || !/[\t\n]/.test(text.replace(/[\r\n]+$/, ""))) return;
      event.preventDefault();
      var changes = [];
      text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").forEach(function (line, r) {
        line.split("\t").forEach(function (value, c) {
          var input = at(here[0] + r, here[1] + c);
          if (input) changes.push([input, value.trim()]);
        });
      });
      history.push(write(changes));
      say(note ? note.dataset.pasted.replace("{n}", changes.length) : "");
    });

    // --- what the figures say while one types
    function draw() {
      var values = rows.map(function (row) { return row.map(function (input) { return read(input.value); }); });
      lines.forEach(function (line, r) {
        line.querySelectorAll("[data-growth]").forEach(function (place, c) {
          var before = c ? values[r][c - 1] : null, now = values[r][c];
          place.textContent = before && typeof now === "number" ? percent((now / before - 1) * 100, true) : "";
        });
        var path = line.querySelector("svg.spark path");
        var known = values[r].filter(function (v) { return typeof v === "number"; });
        if (!path) return;
        if (known.length < 2) { path.setAttribute("d", ""); return; }
        var top = Math.max.apply(null, known) || 1, pen = false, drawn = "";
        values[r].forEach(function (value, c) {
          if (typeof value !== "number") { pen = false; return; }
          drawn += (pen ? "L" : "M") + (4 + c * 88 / (values[r].length - 1)).toFixed(1) + " " + (28 - 24 * value / top).toFixed(1);
          pen = true;
        });
        path.setAttribute("d", drawn);
      });
      var rate = Number(table.dataset.rate || 0);
      var revenue = lines.findIndex(function (line) { return line.dataset.measure === "revenue_vnd_billion"; });
      var exported = lines.findIndex(function (line) { return line.dataset.measure === "export_usd_million"; });
      table.querySelectorAll("[data-share]").forEach(function (place, c) {
        var sold = values[revenue][c], abroad = values[exported][c];
        place.textContent = rate && sold && typeof abroad === "number" ? percent(abroad * rate / 1000 / sold * 100, false) : "–";
      });
    }
    table.addEventListener("input", draw);
    table.addEventListener("draft:theirs", draw);
    draw();

    // --- questions and pictures follow what is stored
    var view = document.querySelector("[data-figures-view]");
    document.addEventListener("draft:saved", function () {
      if (!view || !table.dataset.view || view.contains(document.activeElement)) return;
      fetch(table.dataset.view, { credentials: "same-origin", headers: { "Accept": "text/html" } })
        .then(function (response) { return response.ok && !response.redirected ? response.text() : null; })
        .then(function (html) {
          if (html === null) return;
          var fresh = new DOMParser().parseFromString(html, "text/html");
          view.replaceChildren.apply(view, Array.prototype.slice.call(fresh.body.childNodes));
        })
        .catch(function () { return null; });
    });
  });
})();
