// The draft saves itself, field by field. Every page works without it.
//   form[data-autosave]       its changed fields go to the address of [data-autosave-note] 0.8 s after the last key;
//                             each travels with its base, what this page knew as stored (dossiers/drafts.py)
//   [data-autosave-note]      says when it was saved, or that it is kept on this device (offline.js)
//   [data-others]             who else has this draft open
//   textarea[maxlength]       gets a count of its letters
// Answers: saved, errors (kept here and told beside the field), conflicts (both versions, the person chooses).
// On the document: "draft:saved" after something was saved.
(function () {
  "use strict";
  var IDLE = 800, POLL = 10000, RETRY = 4000;
  var kept = window.kipKept;

  function token(form) { return form.querySelector("[name=csrfmiddlewaretoken]").value; }
  function make(tag, attributes, text) {
    var node = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { node.setAttribute(name, attributes[name]); });
    if (text) node.textContent = text;
    return node;
  }

  function Keeper(form) {
    var note = form.querySelector("[data-autosave-note]");
    if (!note || !note.dataset.address) return;
    var says = note.dataset, others = form.querySelector("[data-others]") || make("p");
    var baseBox = form.querySelector("[name=base]");
    var marks = {};
    try { marks = JSON.parse(baseBox.value); } catch (error) { marks = {}; }
    var stored = {};
    try { stored = JSON.parse(says.stored || "{}"); } catch (error) { stored = {}; }
    // name: { control, base: what the server has, clean: what the control showed when both agreed,
    //         wrong: the value that the server could not read, conflict: the box with both versions }
    var fields = {}, timer = null, running = false, halted = false, leaving = false, waiting = null;
    var stamp = says.stamp, savedAt = "", keepsHere = true, told = "", here = "";
    var forgotten = false; // after sign-out and after sending nothing is kept any more

    Array.prototype.forEach.call(form.elements, function (control) {
      if (!control.name || !(control.name in marks) || control.type === "radio" || control.type === "hidden") return;
      var base = control.name in stored ? stored[control.name] : control.value;
      fields[control.name] = { control: control, base: base, clean: base, wrong: null, conflict: null };
    });
    var names = Object.keys(fields);

    function dirty(name) { return fields[name].control.value !== fields[name].clean; }
    function unsaved() { return names.filter(dirty); }
    function ready() {
      return unsaved().filter(function (name) {
        return !fields[name].conflict && fields[name].control.value !== fields[name].wrong;
      });
    }
    function remember() {
      if (forgotten) return;
      var left = {};
      unsaved().forEach(function (name) { left[name] = { base: fields[name].base, value: fields[name].control.value }; });
      keepsHere = kept ? kept.write(says.dossier, says.part, left) : false;
    }
    function say(words, kind) {
      if (note.textContent !== words) note.textContent = words;
      note.className = "saved-note js-only" + (kind ? " " + kind : "");
    }
    function report() {
      var parts = savedAt ? [says.saved + " " + savedAt] : [];
      var wrong = names.some(function (name) { return fields[name].wrong !== null; });
      var twofold = names.some(function (name) { return fields[name].conflict; });
      if (wrong) parts.push(says.errors);
      if (twofold) parts.push(says.conflicts);
      if (parts.length) say(parts.join(" – "), wrong || twofold ? "waiting" : "");
    }
    function later(wait) { window.clearTimeout(timer); timer = window.setTimeout(save, wait); }
    // Two versions that the page itself brought along: without scripts they are radio buttons.
    function showConflicts() {
      var brought = {};
      try { brought = JSON.parse(says.twofold || "{}"); } catch (error) { brought = {}; }
      form.querySelectorAll(".two-versions").forEach(function (box) { box.remove(); });
      Object.keys(brought).forEach(function (name) { if (fields[name]) tellConflict(name, brought[name]); });
    }
    function place(name) {
      var control = fields[name].control;
      return control.closest(".draft-field") || control.closest("td") || control.closest(".field") || control.parentNode;
    }
    function label(name) {
      var control = fields[name].control;
      var words = control.getAttribute("aria-label") || (control.labels && control.labels[0] && control.labels[0].firstChild.textContent);
      return (words || name).trim();
    }

    // --- what stands beside a field -----------------------------------------------------------------
    function tellError(name, words) {
      var box = place(name), shown = box.querySelector("[data-live-error]"), control = fields[name].control;
      if (!words) {
        if (shown) shown.remove();
        if (control.dataset.live) { control.removeAttribute("aria-invalid"); delete control.dataset.live; describe(control, name, false); }
        return;
      }
      if (!shown) {
        shown = make("p", { "class": "error", "data-live-error": "", id: control.id + "_live" });
        box.appendChild(shown);
      }
      shown.textContent = words;
      control.setAttribute("aria-invalid", "true");
      control.dataset.live = "1";
      describe(control, name, true);
    }
    function describe(control, name, on) {
      var ids = (control.getAttribute("aria-describedby") || "").split(" ").filter(function (id) { return id && id !== control.id + "_live"; });
      if (on) ids.push(control.id + "_live");
      if (ids.length) control.setAttribute("aria-describedby", ids.join(" ")); else control.removeAttribute("aria-describedby");
    }
    function settle(name) { // the server has what the control shows
      fields[name].wrong = null;
      tellError(name, "");
    }
    function show(name, value) {
      var control = fields[name].control;
      fields[name].base = value;
      control.value = value;
      fields[name].clean = control.value;
      settle(name);
      control.dispatchEvent(new CustomEvent("draft:theirs", { bubbles: true }));
    }
    function tellConflict(name, conflict) {
      var field = fields[name], box = field.conflict;
      if (box) box.remove();
      box = make("fieldset", { "class": "two-versions", role: "group", "data-conflict": name });
      box.appendChild(make("legend", {}, conflict.who));
      box.appendChild(make("blockquote", {}, conflict.words || says.empty));
      var mine = make("button", { type: "button", "class": "btn secondary small" }, says.keep);
      var theirs = make("button", { type: "button", "class": "btn secondary small" }, says.take);
      var buttons = make("p", { "class": "actions" });
      buttons.appendChild(mine);
      buttons.appendChild(theirs);
      box.appendChild(buttons);
      function done() { box.remove(); field.conflict = null; remember(); field.control.focus(); }
      mine.addEventListener("click", function () { field.base = conflict.theirs; field.clean = null; done(); later(0); });
      theirs.addEventListener("click", function () { show(name, conflict.theirs); done(); report(); });
      field.conflict = box;
      place(name).appendChild(box);
    }

    // --- saving -------------------------------------------------------------------------------------
    function save() {
      window.clearTimeout(timer);
      if (halted || leaving) return;
      var sent = ready();
      remember();
      if (!sent.length) { report(); proceed(); return; }
      if (running) return;
      running = true;
      say(says.saving, "waiting");
      var changes = {}, typed = {};
      sent.forEach(function (name) {
        typed[name] = fields[name].control.value;
        changes[name] = { base: fields[name].base, value: typed[name] };
      });
      fetch(says.address, {
        method: "POST", credentials: "same-origin", redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token(form), "Accept": "application/json" },
        body: JSON.stringify({ acting_for: form.querySelector("[name=acting_for]").value, at: place_now(), fields: changes })
      }).then(function (response) {
        if (response.type === "opaqueredirect" || response.status === 403 || response.status === 404) throw new Error("gone");
        if (response.status === 429 || response.status >= 500) throw new Error("later");
        return response.json().then(function (answer) { return { ok: response.ok, answer: answer }; });
      }).then(function (result) {
        running = false;
        if (!result.ok) { stop(result.answer); proceed(); return; }
        take(result.answer, typed);
        remember();
        report();
        if (ready().length) later(IDLE); else proceed();
      }).catch(function (error) {
        running = false;
        remember();
        say(error.message === "gone" ? says.gone : keepsHere ? says.failed : says.lost, "failed");
        later(error.message === "later" ? 1100 : RETRY);
        proceed();
      });
    }
    function take(answer, typed) {
      savedAt = answer.saved_at;
      stamp = answer.stamp;
      Object.keys(answer.saved).forEach(function (name) {
        var field = fields[name];
        if (!field) return;
        field.base = answer.saved[name];
        // Only what was sent is saved; what was typed since is still to come.
        field.clean = typed[name];
        if (field.control.value === typed[name]) settle(name);
        var origin = place(name).querySelector("[data-origin]");
        if (origin) origin.remove();
      });
      Object.keys(answer.errors).forEach(function (name) {
        fields[name].wrong = typed[name];
        tellError(name, answer.errors[name].join(" "));
      });
      Object.keys(answer.conflicts).forEach(function (name) { tellConflict(name, answer.conflicts[name]); });
      learn(answer.marks);
      if (Object.keys(answer.saved).length) document.dispatchEvent(new CustomEvent("draft:saved", { detail: { part: says.part } }));
    }
    function learn(news) {
      Object.keys(news || {}).forEach(function (name) { marks[name] = news[name]; });
      baseBox.value = JSON.stringify(marks);
    }
    function stop(answer) { // sent meanwhile, or not allowed: nothing more is tried
      halted = answer.kind === "sent" || answer.kind === "reads" || answer.kind === "other_enterprise";
      say(answer.refused || says.failed, "failed");
      if (answer.kind !== "sent") return;
      forgotten = true;
      if (kept) kept.forget(says.dossier);
    }
    function place_now() {
      var active = document.activeElement;
      return active && active.name in fields ? active.name : "";
    }

    // --- the others ---------------------------------------------------------------------------------
    function ask() {
      if (halted || running || leaving || document.visibilityState === "hidden") return;
      fetch(says.address + "?since=" + encodeURIComponent(stamp) + "&at=" + encodeURIComponent(place_now()), {
        credentials: "same-origin", redirect: "manual", headers: { "Accept": "application/json" }
      }).then(function (response) {
        if (response.status === 409) return response.json().then(function (answer) { stop(answer); });
        if (!response.ok) return null;
        return response.json().then(hear);
      }).catch(function () { /* no network: saving says so */ });
    }
    function tell() {
      var words = [told, here].filter(Boolean).join(" ");
      if (others.textContent !== words) others.textContent = words;
    }
    function hear(answer) {
      here = (answer.here || []).join(" ");
      tell();
      if (unsaved().length && !running) later(0);
      if (!answer.values || running) return;
      stamp = answer.stamp;
      var changed = [], who = "";
      Object.keys(answer.values).forEach(function (name) {
        var field = fields[name];
        if (!field || answer.values[name] === field.base || dirty(name) || field.conflict) return;
        show(name, answer.values[name]);
        learn(pick(answer.marks, name));
        changed.push(label(name));
        who = answer.who[name] || who;
      });
      if (changed.length) {
        told = says.news.replace("{who}", who || "…").replace("{fields}", changed.join(", ")) + ".";
        tell();
        document.dispatchEvent(new CustomEvent("draft:saved", { detail: { part: says.part } }));
      }
    }
    function pick(values, name) { var one = {}; one[name] = values[name]; return one; }

    // --- what was kept on this device ---------------------------------------------------------------
    function bringBack() {
      var before = kept && kept.read(says.dossier, says.part), back = 0;
      Object.keys((before && before.fields) || {}).forEach(function (name) {
        var field = fields[name], old = before.fields[name];
        if (!field || field.control.value === old.value) return;
        field.control.value = old.value;
        if (field.control.value !== old.value) { field.control.value = field.base; return; } // a choice that is gone
        field.clean = null; // to be sent, with the base of that time: the server compares three ways
        field.base = old.base;
        back += 1;
        field.control.dispatchEvent(new CustomEvent("draft:theirs", { bubbles: true }));
      });
      if (back) {
        told = says.back.replace("{n}", String(back)) + ".";
        tell();
        later(0);
      } else if (before) remember(); // the server has it all: the last words of a closed window arrived after all
    }

    // --- leaving ------------------------------------------------------------------------------------
    function proceed() {
      if (!waiting) return;
      var go = waiting;
      waiting = null;
      go();
    }
    form.addEventListener("input", function (event) {
      var field = fields[event.target.name];
      if (!field) return;
      remember();
      later(IDLE);
    });
    form.addEventListener("change", function () { remember(); later(IDLE); });
    form.addEventListener("submit", function (event) {
      window.clearTimeout(timer);
      if (running && !waiting) { // the bases are about to change: wait for the answer, then send
        event.preventDefault();
        var button = event.submitter;
        var go = function () { window.clearTimeout(patience); form.requestSubmit(button); };
        var patience = window.setTimeout(function () { running = false; proceed(); }, 3000);
        waiting = go;
        return;
      }
      leaving = true;
    });
    document.addEventListener("submit", function (event) {
      if (event.target.hasAttribute("data-sign-out") && navigator.onLine !== false) forgotten = leaving = true;
    }, true);
    window.addEventListener("pageshow", function (event) { leaving = false; if (event.persisted) { bringBack(); ask(); } });
    window.addEventListener("online", function () { later(0); ask(); });
    window.addEventListener("focus", ask);
    document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") save(); else ask(); });
    window.addEventListener("pagehide", remember);
    window.addEventListener("beforeunload", function (event) {
      remember();
      if (!leaving && !keepsHere && unsaved().length) event.preventDefault();
    });
    window.setInterval(ask, POLL);
    showConflicts();
    bringBack();
    ask();
  }

  document.querySelectorAll("form[data-autosave]").forEach(Keeper);

  document.querySelectorAll("form[data-autosave] textarea[maxlength]").forEach(function (field) {
    var counter = document.createElement("p");
    counter.className = "counter";
    field.insertAdjacentElement("afterend", counter);
    function show() { counter.textContent = field.value.length + " / " + field.maxLength; }
    field.addEventListener("input", show);
    field.addEventListener("draft:theirs", show);
    show();
  });
})();
