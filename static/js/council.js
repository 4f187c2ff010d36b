// The score sheet (form[data-sheet]) and the page that waits for a computation ([data-poll]). Both pages work
// without this file: the sheet is saved by its buttons, the waiting page has a link to reload.
(function () {
  "use strict";
  var each = function (list, work) { Array.prototype.forEach.call(list, work); };

  // ---- waiting for the result -------------------------------------------------------------------------
  var place = document.querySelector("[data-poll]");
  var failures = 0;
  function ask() {
    fetch(window.location.href, { headers: { "X-Partial": "1" }, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("no answer");
        return answer.text();
      })
      .then(function (text) {
        failures = 0;
        var part = new DOMParser().parseFromString(text, "text/html").body; // our own template, escaped by the server
        if (part.textContent.trim() !== place.textContent.trim()) {
          place.replaceChildren.apply(place, Array.prototype.slice.call(part.childNodes));
        }
        if (place.querySelector("[data-waiting]")) window.setTimeout(ask, 1000);
        else window.location.reload(); // counts and links of the whole page are new
      })
      .catch(function () {
        failures += 1;
        if (failures < 20) window.setTimeout(ask, Math.min(1000 * failures, 10000));
      });
  }
  if (place && place.querySelector("[data-waiting]")) window.setTimeout(ask, 1000);

  // ---- the score sheet --------------------------------------------------------------------------------
  var form = document.querySelector("form[data-sheet]");
  if (!form) return;
  var comma = document.documentElement.lang !== "en";
  var storeKey = "kip-sheet-" + form.dataset.sheet;
  var state = form.querySelector("[data-state]");
  var fields = Array.prototype.slice.call(form.querySelectorAll("input[inputmode], textarea"));
  var timer = 0, retry = 0, busy = false, again = false, leaving = false;

  // Points have no thousands: a comma and a point both part the decimals (as PointsField reads them).
  function number(text) {
    var plain = text.trim().replace(/\s/g, "").replace(",", ".");
    return plain !== "" && /^\d*\.?\d*$/.test(plain) && plain !== "." ? Number(plain) : NaN;
  }
  function written(value) {
    var text = String(Math.round(value * 100) / 100);
    return comma ? text.replace(".", ",") : text;
  }
  function most(criterion) { return number(criterion.dataset.max); }
  function input(criterion) { return criterion.querySelector(".stepper input"); }

  function show() {
    var total = 0, marked = 0;
    each(form.querySelectorAll("[data-criterion]"), function (criterion) {
      var value = number(input(criterion).value), good = value >= 0 && value <= most(criterion);
      if (good) { total += value; marked += 1; }
      criterion.classList.toggle("done", good);
      var reached = null;
      each(criterion.querySelectorAll("button.level"), function (level) {
        level.setAttribute("aria-pressed", "false");
        if (good && Number(level.dataset.points) <= value) reached = level;
      });
      if (reached) reached.setAttribute("aria-pressed", "true");
    });
    form.querySelector("[data-total]").textContent = written(total);
    form.querySelector("[data-marked]").textContent = String(marked);
  }

  function say(words, waiting) {
    var text = document.createElement("span");
    text.textContent = words;
    state.replaceChildren(text);
    state.classList.toggle("waiting", Boolean(waiting));
  }

  function complain(errors) {
    each(form.querySelectorAll("[data-criterion]"), function (criterion) {
      var box = input(criterion), message = errors[box.name] || "";
      var line = criterion.querySelector(".error[id]");
      line.hidden = !message;
      line.querySelector("[data-error-text]").textContent = message;
      criterion.classList.toggle("invalid", Boolean(message));
      if (message) { box.setAttribute("aria-invalid", "true"); box.setAttribute("aria-describedby", line.id); }
      else { box.removeAttribute("aria-invalid"); box.removeAttribute("aria-describedby"); }
    });
  }

  // What could not be saved waits in this browser until it is. It is dated by the server's clock, so that a copy
  // older than what was saved since, perhaps on another machine, is thrown away.
  var ahead = Number(form.dataset.now) * 1000 - Date.now();
  function keep() {
    var values = {};
    fields.forEach(function (field) { values[field.name] = field.value; });
    var copy = { at: Date.now() + ahead, values: values };
    try { localStorage.setItem(storeKey, JSON.stringify(copy)); } catch (error) { /* private window */ }
  }
  function forget() { try { localStorage.removeItem(storeKey); } catch (error) { /* nothing was kept */ } }
  function restore() {
    var copy = null, changed = false;
    try { copy = JSON.parse(localStorage.getItem(storeKey) || "null"); } catch (error) { copy = null; }
    if (!copy || !copy.values || document.querySelector(".error-summary")) return;
    if (copy.at < Number(form.dataset.savedAt) * 1000) { forget(); return; }
    var values = copy.values;
    fields.forEach(function (field) {
      if (field.name in values && values[field.name] !== field.value) {
        field.value = values[field.name];
        changed = true;
        var more = field.closest("details");
        if (more && field.value) more.open = true;
      }
    });
    if (changed) { say(form.dataset.restored, true); plan(); } else forget();
  }

  function snapshot() { return fields.map(function (field) { return field.value; }).join("\u0000"); }

  function save() {
    window.clearTimeout(timer);
    if (busy) { again = true; return; }
    busy = true;
    var sent = snapshot();
    say(form.dataset.saving, false);
    fetch(form.action || window.location.href, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Autosave": "1" },
      credentials: "same-origin",
    })
      .then(function (answer) {
        var json = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
        if (json && answer.status === 409) return answer.json().then(function (no) { refuse(no.reasons); });
        if (!json || !answer.ok) throw new Error("not saved");
        return answer.json().then(function (yes) {
          retry = 0;
          complain(yes.errors);
          if (Object.keys(yes.errors).length) keep(); else if (snapshot() === sent) forget();
          say("✓ " + form.dataset.saved + " " + yes.saved, false);
        });
      })
      .catch(function () {
        if (leaving) return;
        keep();
        retry += 1;
        say(form.dataset.unsaved, true);
        timer = window.setTimeout(save, Math.min(2000 * retry, 15000));
      })
      .finally(function () {
        busy = false;
        if (again) { again = false; save(); }
      });
  }
  function refuse(reasons) {
    keep();
    say(form.dataset.refused + " " + reasons.join(" "), true);
  }
  function plan() {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, 800);
  }
  function changed() { show(); plan(); }

  form.addEventListener("input", changed);
  form.addEventListener("submit", function () {
    leaving = true;
    keep(); // lives on if the network is gone; the next page of this sheet compares it with what was saved
    window.clearTimeout(timer);
  });
  window.addEventListener("pageshow", function () { leaving = false; });
  window.addEventListener("online", function () { if (retry) save(); });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && timer && retry === 0 && !leaving) keep();
  });

  function put(criterion, value) {
    var top = most(criterion);
    input(criterion).value = written(Math.max(0, Math.min(top, value)));
    changed();
  }
  form.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("button[data-step], button[data-points]") : null;
    if (!button) return;
    var criterion = button.closest("[data-criterion]");
    if (button.dataset.points) { put(criterion, Number(button.dataset.points)); return; }
    var now = number(input(criterion).value);
    put(criterion, (isNaN(now) ? 0 : now) + Number(button.dataset.step));
  });
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.querySelector("[data-next]").click();
      return;
    }
    var criterion = event.target.matches(".stepper input") ? event.target.closest("[data-criterion]") : null;
    if (!criterion || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      var now = number(event.target.value);
      put(criterion, (isNaN(now) ? 0 : now) + (event.key === "ArrowUp" ? 0.5 : -0.5));
    } else if (event.key === "Enter") {
      // Enter goes on to the next criterion instead of sending the sheet
      event.preventDefault();
      var boxes = Array.prototype.slice.call(form.querySelectorAll(".stepper input"));
      var next = boxes[boxes.indexOf(event.target) + 1];
      if (next) { next.focus(); next.select(); } else form.querySelector("[data-next]").focus();
    }
  });

  restore();
  show();
})();
