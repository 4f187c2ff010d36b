// The score sheet (form[data-sheet]) saves itself, criterion by criterion. It works without this file: its buttons
// save, levels of free criteria are plain text then.
//
// A cell is a criterion with all its controls, the ballot, the comment or the note: [data-cell]. It travels with its
// base, the short digest of what this page knew as stored (evaluations/actions/sheets.py), so that no second window
// overwrites it silently. What is not saved yet stays on this device (offline.js), also across a sign-in.
(function () {
  "use strict";
  var form = document.querySelector("form[data-sheet]");
  if (!form) return;
  var IDLE = 700, RETRY = 3000, PART = "score";
  var says = {}, kept = window.kipKept, comma = document.documentElement.lang !== "en";
  Object.keys(form.dataset).forEach(function (name) {
    if (name.indexOf("says") === 0) says[name.slice(4).toLowerCase()] = form.dataset[name];
  });
  var state = form.querySelector("[data-state]");
  var all = function (selector, root) { return Array.prototype.slice.call((root || form).querySelectorAll(selector)); };
  var one = function (selector, root) { return (root || form).querySelector(selector); };

  // --- cells --------------------------------------------------------------------------------------------
  function Cell(box) {
    this.box = box;
    this.name = box.dataset.cell;
    this.controls = all("input:not([type=hidden]), textarea", box);
    this.baseBox = one("input[type=hidden][name^=base-]", box);
    this.points = one(".stepper input", box);
    this.clean = this.shown(); // what the controls show when both sides agree; null: to be sent whatever it is
    this.wrong = null; // what the server could not read
    this.conflict = null;
  }
  Cell.prototype.values = function () {
    var found = {};
    this.controls.forEach(function (control) {
      if (control.type === "checkbox") found[control.name] = control.checked ? control.value : "";
      else if (control.type === "radio") { if (control.checked || !(control.name in found)) found[control.name] = control.checked ? control.value : ""; }
      else found[control.name] = control.value;
    });
    return found;
  };
  Cell.prototype.shown = function () { return JSON.stringify(this.values()); };
  Cell.prototype.put = function (values) {
    this.controls.forEach(function (control) {
      if (!(control.name in values)) return;
      if (control.type === "checkbox" || control.type === "radio") control.checked = values[control.name] !== "" && control.value === values[control.name];
      else control.value = values[control.name];
    });
    var more = one("details", this.box) || (this.box.matches("details") ? this.box : null);
    if (more && all("textarea", this.box).some(function (area) { return area.value; })) more.open = true;
  };
  Cell.prototype.isDirty = function () { return this.shown() !== this.clean; };
  Cell.prototype.isReady = function () { return this.isDirty() && !this.conflict && this.shown() !== this.wrong; };
  // The stored cell, as the server says it, in the shape of the controls.
  Cell.prototype.stored = function (cell) {
    var found = {}, name = this.name;
    this.controls.forEach(function (control) {
      var part = control.name.slice(0, control.name.length - name.length - 1);
      if (control.name === name) found[control.name] = cell.text;
      else if (control.type === "checkbox") found[control.name] = cell[part] ? control.value : "";
      else found[control.name] = cell[part] === undefined ? "" : cell[part];
    });
    return found;
  };
  // The points that count now: a number, or NaN.
  Cell.prototype.value = function () {
    if (this.points) return number(this.points.value);
    var chosen = this.controls.filter(function (control) { return control.type === "radio" && control.checked; })[0];
    return chosen && chosen.dataset.optionPoints ? Number(chosen.dataset.optionPoints) : NaN;
  };
  Cell.prototype.abstains = function () { var box = one("[name^=abstain-]", this.box); return Boolean(box && box.checked); };
  Cell.prototype.isGood = function () { var n = this.value(); return n >= 0 && n <= Number(this.box.dataset.max); };

  var cells = all("[data-cell]").map(function (box) { return new Cell(box); });
  cells.forEach(function (cell) { if (cell.box.matches(".invalid") || one(".two-versions", cell.box)) cell.clean = null; });
  var byName = {};
  cells.forEach(function (cell) { byName[cell.name] = cell; });
  var criteria = cells.filter(function (cell) { return cell.box.dataset.max; });
  function cellOf(node) { var box = node.closest("[data-cell]"); return box ? byName[box.dataset.cell] : null; }

  // Points have no thousands: a comma and a point both part the decimals (as PointsField reads them).
  function number(text) {
    var plain = text.trim().replace(/\s/g, "").replace(",", ".");
    return plain !== "" && /^\d*\.?\d*$/.test(plain) && plain !== "." ? Number(plain) : NaN;
  }
  function written(value) { var text = String(Math.round(value * 100) / 100); return comma ? text.replace(".", ",") : text; }

  // --- what stands on the page --------------------------------------------------------------------------
  function folded(cell) {
    var above = byName[cell.box.dataset.after];
    if (!cell.box.dataset.after) return cell.box.classList.contains("folded");
    if (!above) return true;
    return folded(above) || above.abstains() || !(above.value() >= Number(cell.box.dataset.atLeast));
  }
  function refresh() {
    var total = 0, marked = 0;
    criteria.forEach(function (cell) {
      var fold = folded(cell), good = cell.isGood() && !cell.abstains(), value = cell.value();
      if (cell.box.dataset.after) {
        cell.box.classList.toggle("folded", fold);
        one("[data-fold-note]", cell.box).hidden = !fold;
      }
      if (!fold && good) total += value;
      if (!fold && (good || cell.abstains())) marked += 1;
      cell.box.classList.toggle("done", fold || good || cell.abstains());
      cell.box.classList.toggle("abstains", cell.abstains());
      var reached = null;
      all("button.level", cell.box).forEach(function (level) {
        level.setAttribute("aria-pressed", "false");
        if (good && Number(level.dataset.points) <= value) reached = level;
      });
      if (reached) reached.setAttribute("aria-pressed", "true");
      var asks = good && !fold && (value < Number(cell.box.dataset.below || -1) || value > Number(cell.box.dataset.above || 1e9));
      var hint = one("[data-justify]", cell.box), why = one("textarea", cell.box);
      if (hint) hint.classList.toggle("asked", asks && !why.value.trim());
      if (asks && !why.value.trim()) one("[data-more]", cell.box).open = true;
    });
    one("[data-total]").textContent = written(total);
    one("[data-marked]").textContent = String(marked);
  }
  function say(words, waiting) {
    var text = document.createElement("span");
    text.textContent = words;
    if (state.textContent !== words) state.replaceChildren(text);
    state.classList.toggle("waiting", Boolean(waiting));
  }
  function complain(cell, part, words) {
    var line = one('[data-error="' + part + '"]', cell.box) || one("[data-error]", cell.box);
    line.hidden = !words;
    one("[data-error-text]", line).textContent = words || "";
    var control = part === "why" ? one("textarea", cell.box) : cell.points || cell.controls[0];
    if (words) { control.setAttribute("aria-invalid", "true"); if (line.id) control.setAttribute("aria-describedby", line.id); if (part === "why") one("details", cell.box).open = true; }
    else { control.removeAttribute("aria-invalid"); if (line.id) control.removeAttribute("aria-describedby"); }
  }
  function calm(cell) {
    ["points", "why"].forEach(function (part) { if (one('[data-error="' + part + '"]', cell.box)) complain(cell, part, ""); });
    cell.box.classList.remove("invalid");
  }
  function make(tag, name, words) { var node = document.createElement(tag); node.className = name; if (words) node.textContent = words; return node; }
  function tellConflict(cell, conflict) {
    if (cell.conflict) cell.conflict.remove();
    all(".two-versions", cell.box).forEach(function (box) { box.remove(); });
    var box = make("div", "two-versions"), words = make("p", ""), row = make("p", "actions");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", cell.name);
    words.append(make("b", "", says.theirs), " " + conflict.words);
    var mine = make("button", "btn secondary small", says.keep), theirs = make("button", "btn secondary small", says.take);
    mine.type = theirs.type = "button";
    row.append(mine, theirs);
    box.append(words, row);
    function done() { box.remove(); cell.conflict = null; remember(); refresh(); report(); cell.box.focus(); }
    mine.addEventListener("click", function () { cell.baseBox.value = conflict.theirs.base; cell.clean = null; done(); later(0); });
    theirs.addEventListener("click", function () { accept(cell, conflict.theirs); done(); });
    cell.conflict = box;
    cell.box.append(box);
    if (cell.box.matches("details")) cell.box.open = true;
  }
  function accept(cell, stored) { // the server's version becomes what stands here
    cell.put(cell.stored(stored));
    cell.baseBox.value = stored.base;
    cell.clean = cell.shown();
    cell.wrong = null;
    calm(cell);
  }

  // --- saving -------------------------------------------------------------------------------------------
  var timer = 0, running = null, savedAt = "", halted = false, leaving = false, keepsHere = true, failures = 0;
  var revision = -1;
  function dirty() { return cells.filter(function (cell) { return cell.isDirty(); }); }
  function ready() { return cells.filter(function (cell) { return cell.isReady(); }); }
  function remember() {
    var left = {};
    dirty().forEach(function (cell) { left[cell.name] = { base: cell.baseBox.value, value: cell.values() }; });
    keepsHere = kept ? kept.write(form.dataset.sheet, PART, left) : false;
  }
  function later(wait) { window.clearTimeout(timer); timer = window.setTimeout(save, wait); }
  function report() {
    if (cells.some(function (cell) { return cell.conflict; })) say(says.twofold, true);
    else if (cells.some(function (cell) { return cell.wrong !== null && cell.isDirty(); })) say(says.wrong, true);
    else if (savedAt) say("✓ " + says.saved + " " + savedAt, false);
  }
  // Resolves with true when everything that could be read is stored.
  function save() {
    window.clearTimeout(timer);
    remember();
    if (halted) return Promise.resolve(false);
    if (running) return running.then(function () { return ready().length ? save() : !dirty().length; });
    var sent = ready();
    if (!sent.length) { report(); return Promise.resolve(!dirty().length); }
    say(says.saving, false);
    var body = new FormData(), typed = {};
    body.set("csrfmiddlewaretoken", one("[name=csrfmiddlewaretoken]").value);
    sent.forEach(function (cell) {
      var values = cell.values();
      typed[cell.name] = cell.shown();
      Object.keys(values).forEach(function (name) { body.set(name, values[name]); });
      body.set(cell.baseBox.name, cell.baseBox.value);
    });
    running = fetch(window.location.href, { method: "POST", body: body, headers: { "X-Autosave": "1" }, credentials: "same-origin", redirect: "manual" })
      .then(function (answer) {
        if (answer.type === "opaqueredirect" || answer.status === 403) throw new Error("gone");
        if (answer.status === 404) throw new Error("away");
        if ([200, 400, 409].indexOf(answer.status) < 0) throw new Error("later");
        return answer.json().then(function (found) {
          running = null;
          failures = 0;
          if (found.reasons) { halted = true; say(found.reasons.join(" "), true); return false; }
          take(found, typed);
          remember();
          refresh();
          report();
          if (ready().length) later(IDLE);
          return !dirty().length;
        });
      })
      .catch(function (error) {
        running = null;
        remember();
        failures += 1;
        if (error.message === "away") { halted = true; say(says.away, true); return false; }
        say(error.message === "gone" ? says.gone : keepsHere ? says.offline : says.lost, true);
        if (!leaving) later(Math.min(RETRY * failures, 15000));
        return false;
      });
    return running;
  }
  function take(found, typed) {
    savedAt = found.saved;
    revision = found.revision;
    Object.keys(typed).forEach(function (name) {
      var cell = byName[name], errors = ["points", "why"].filter(function (part) { return found.errors[part + "-" + name] || (part === "points" && found.errors[name]); });
      if (found.conflicts[name]) { tellConflict(cell, found.conflicts[name]); return; }
      calm(cell);
      if (errors.length) {
        cell.wrong = typed[name];
        cell.box.classList.add("invalid");
        errors.forEach(function (part) { complain(cell, part, found.errors[part + "-" + name] || found.errors[name]); });
        return;
      }
      cell.wrong = null;
      cell.clean = typed[name];
      cell.baseBox.value = found.cells[name].base;
    });
  }

  // --- other windows and other devices ------------------------------------------------------------------
  function ask() {
    if (halted || running || leaving || document.visibilityState === "hidden") return;
    if (ready().length) { later(0); return; }
    fetch(window.location.href, { headers: { "X-Autosave": "1" }, credentials: "same-origin", redirect: "manual" })
      .then(function (answer) { return answer.ok && (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0 ? answer.json() : null; })
      .then(function (found) {
        if (!found || running) return;
        if (!found.open) { halted = true; say(says.signed, true); return; }
        if (found.revision === revision) return;
        revision = found.revision;
        var news = [];
        cells.forEach(function (cell) {
          var theirs = found.cells[cell.name];
          if (!theirs || theirs.base === cell.baseBox.value || cell.isDirty() || cell.conflict) return;
          accept(cell, theirs);
          news.push(cell.name);
        });
        if (news.length) { refresh(); say(says.news + " " + news.join(", "), false); }
      })
      .catch(function () { /* no network: saving says so */ });
  }
  function bringBack() {
    var before = kept && kept.read(form.dataset.sheet, PART), back = 0;
    Object.keys((before && before.fields) || {}).forEach(function (name) {
      var cell = byName[name], old = before.fields[name];
      if (!cell) return;
      cell.put(old.value);
      if (cell.shown() === cell.clean) return;
      cell.baseBox.value = old.base; // of that time: the server compares three ways
      back += 1;
    });
    if (back) { say(says.back.replace("{n}", String(back)), true); later(0); }
    else if (before) remember(); // the server has it all: the last words of a closed window arrived after all
  }

  // --- hands --------------------------------------------------------------------------------------------
  function changed() { refresh(); remember(); later(IDLE); }
  form.addEventListener("input", function (event) {
    var cell = cellOf(event.target);
    // Who gives points does not abstain, and the other way round.
    if (cell && event.target.name.indexOf("abstain-") === 0 && event.target.checked) {
      if (cell.points) cell.points.value = "";
      cell.controls.forEach(function (control) { if (control.type === "radio") control.checked = false; });
      one("textarea", cell.box).focus();
    } else if (cell && event.target !== one("textarea", cell.box) && event.target.type !== "checkbox") unabstain(cell);
    changed();
  });
  function unabstain(cell) { var box = one("[name^=abstain-]", cell.box); if (box) box.checked = false; }
  function put(cell, value) {
    cell.points.value = written(Math.max(0, Math.min(Number(cell.box.dataset.max), value)));
    unabstain(cell);
    changed();
  }
  function step(cell, by) { var now = cell.value(); put(cell, (isNaN(now) ? 0 : now) + by); }
  form.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("button[data-step], button[data-points]") : null;
    if (!button) return;
    var cell = cellOf(button);
    if (button.dataset.points) put(cell, Number(button.dataset.points)); else step(cell, Number(button.dataset.step));
  });
  function level(cell, place) {
    var buttons = all("button.level, .option input[type=radio]", cell.box), chosen = buttons[place];
    if (chosen) chosen.click();
  }
  function open() { return cells.filter(function (cell) { return cell.box.matches("fieldset") && !cell.box.classList.contains("folded"); }); }
  function go(cell, by) {
    var row = open(), at = row.indexOf(cell), next = row[Math.max(0, Math.min(row.length - 1, at < 0 ? 0 : at + by))];
    if (next) { next.box.focus(); next.box.scrollIntoView({ block: "nearest" }); }
  }
  function keysOff() { if (document.body.dataset.keys === "off") return true; try { return localStorage.getItem("kip-keys") === "off"; } catch (error) { return false; } }
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      one("[data-next]").click();
      return;
    }
    var cell = event.target.matches(".stepper input") ? cellOf(event.target) : null;
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      step(cell, event.key === "ArrowUp" ? 0.5 : -0.5);
    } else if (event.key === "Enter") { // goes on to the next criterion instead of sending the sheet
      event.preventDefault();
      var boxes = open().map(function (other) { return other.points || one("input:not([type=hidden])", other.box); });
      var next = boxes[boxes.indexOf(event.target) + 1];
      if (next) { next.focus(); if (next.select) next.select(); } else one("[data-next]").focus();
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      one("[data-next]").click();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || keysOff() || document.querySelector("dialog[open]")) return;
    if (event.target.matches("input:not([type=checkbox]):not([type=radio]), select, textarea, iframe")) return;
    var here = event.target.closest ? cellOf(event.target) : null;
    if (event.key === "j" || event.key === "k") { event.preventDefault(); go(here, event.key === "j" ? 1 : -1); }
    else if (here && /^[1-9]$/.test(event.key)) { event.preventDefault(); level(here, Number(event.key) - 1); }
  });

  // --- leaving ------------------------------------------------------------------------------------------
  // "Save and next" and "Sign" go on once the server has everything; without a connection the page stays.
  form.addEventListener("submit", function (event) {
    var act = event.submitter ? event.submitter.value : "";
    if (act !== "next" && act !== "sign") { leaving = true; remember(); return; }
    event.preventDefault();
    if (halted) { window.location.assign(form.dataset.nextUrl); return; }
    save().then(function (stored) {
      if (!stored) {
        var first = one(".invalid, .two-versions");
        if (first) { (first.matches(".two-versions") ? first : one("[aria-invalid]", first) || first).scrollIntoView({ block: "center" }); var field = one("[aria-invalid]"); if (field) field.focus(); }
        else if (!halted && failures) say(keepsHere ? says.wait : says.lost, true);
        return;
      }
      leaving = true;
      if (act === "next") { window.location.assign(form.dataset.nextUrl); return; }
      var how = document.createElement("input"); // the server says at each field what is missing
      how.type = "hidden"; how.name = "do"; how.value = "sign";
      form.append(how);
      form.submit();
    });
  });
  document.addEventListener("submit", function (event) { if (event.target !== form) leaving = true; });
  window.addEventListener("pageshow", function (event) { leaving = false; if (event.persisted) { bringBack(); ask(); } });
  window.addEventListener("online", function () { failures = 0; later(0); });
  window.addEventListener("focus", ask);
  document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") { if (ready().length) save(); } else ask(); });
  window.addEventListener("pagehide", remember);
  window.addEventListener("beforeunload", function (event) {
    remember();
    if (!leaving && !keepsHere && ready().length) event.preventDefault();
  });

  if (!document.querySelector(".error-summary")) bringBack();
  refresh();
})();
