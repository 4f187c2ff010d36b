// Files on their way: in pieces, several at once, over a line that may break. The page works without it.
//   [data-papers]   holds the addresses and the words; .paper-slot takes dropped files, [data-pick] chosen ones
// A piece is sent only from the place that the server says it has reached; files that are on their way are kept in
// the browser's own store, so that they go on after a reload.
(function () {
  "use strict";
  var root = document.querySelector("[data-papers]");
  if (!root || !window.fetch || !window.FormData) return;
  var words = root.dataset, PIECE = Number(words.piece), AT_ONCE = 2, waits = [1000, 2000, 4000, 8000, 15000];
  var queue = [], token = root.querySelector("[name=csrfmiddlewaretoken]").value;

  function send(address, options) {
    options.credentials = "same-origin";
    options.headers = Object.assign({ "X-CSRFToken": token, "Accept": "application/json" }, options.headers || {});
    return fetch(address, options).then(function (response) {
      if (response.redirected || response.status === 403 || response.status === 401) throw { gone: true };
      return response.json().catch(function () { return {}; }).then(function (answer) {
        return { status: response.status, ok: response.ok, answer: answer };
      });
    });
  }

  // --- the browser's own store: a file stays there until it has arrived
  var shelf = {
    open: function () {
      return new Promise(function (done, failed) {
        if (!window.indexedDB) { failed(); return; }
        var asked = indexedDB.open("kip-uploads", 1);
        asked.onupgradeneeded = function () { asked.result.createObjectStore("files"); };
        asked.onsuccess = function () { done(asked.result); };
        asked.onerror = failed;
      });
    },
    change: function (work) {
      return shelf.open().then(function (base) {
        return new Promise(function (done) {
          var store = base.transaction("files", "readwrite").objectStore("files"), asked = work(store);
          asked.onsuccess = function () { base.close(); done(asked.result); };
          asked.onerror = function () { base.close(); done(null); };
        });
      }).catch(function () { return null; });
    },
    keep: function (one) { return shelf.change(function (store) { return store.put({ page: words.page, slot: one.slot, file: one.file }, one.id); }); },
    drop: function (one) { return one.id ? shelf.change(function (store) { return store.delete(one.id); }) : Promise.resolve(); },
    all: function () { return shelf.change(function (store) { return store.getAll(); }).then(function (found) { return found || []; }); }
  };

  // --- one file
  function Entry(file, slot) {
    var part = root.querySelector("template[data-entry]").content.cloneNode(true).querySelector("li");
    this.file = file; this.slot = slot; this.part = part; this.id = ""; this.sent = 0; this.state = "waiting"; this.tries = 0;
    part.querySelector("[data-name]").textContent = file.name;
    part.querySelector("[data-bar]").setAttribute("aria-label", file.name);
    var self = this;
    part.querySelector("[data-pause]").addEventListener("click", function () { self.pause(); });
    part.querySelector("[data-resume]").addEventListener("click", function () { self.go(); });
    part.querySelector("[data-retry]").addEventListener("click", function () { self.id = ""; self.tries = 0; self.go(); });
    part.querySelector("[data-cancel]").addEventListener("click", function () { self.cancel(); });
    document.querySelector("#slot-" + slot + " [data-queue]").appendChild(part);
    this.show("waiting", words.waiting);
  }
  Entry.prototype.show = function (state, text) {
    this.state = state;
    this.part.className = "upload-entry " + state;
    var bar = this.part.querySelector("[data-bar]"), share = this.file.size ? Math.floor(100 * this.sent / this.file.size) : 0;
    bar.value = share;
    this.part.querySelector("[data-state]").textContent = state === "sending" ? share + " % · " + text : text;
    this.part.querySelector("[data-pause]").hidden = ["waiting", "sending", "lost"].indexOf(state) < 0;
    this.part.querySelector("[data-resume]").hidden = state !== "paused";
    this.part.querySelector("[data-retry]").hidden = state !== "failed";
    this.part.querySelector("[data-cancel]").hidden = state === "judging";
  };
  Entry.prototype.go = function () { this.show("waiting", words.waiting); next(); };
  Entry.prototype.pause = function () {
    window.clearTimeout(this.timer);
    if (this.stop) this.stop.abort();
    this.show("paused", words.paused);
    next();
  };
  Entry.prototype.cancel = function () {
    this.pause();
    shelf.drop(this);
    if (this.id) send(words.begin + this.id + "/", { method: "DELETE" }).catch(function () { /* swept away after a day */ });
    this.leave();
  };
  Entry.prototype.leave = function () {
    this.part.remove();
    queue.splice(queue.indexOf(this), 1);
    next();
  };
  Entry.prototype.fail = function (text) { this.show("failed", text); shelf.drop(this); say(this.file.name + ": " + text); next(); };
  Entry.prototype.run = function () {
    var self = this;
    this.stop = window.AbortController ? new AbortController() : null;
    var signal = this.stop ? this.stop.signal : undefined;
    this.show("sending", words.sending);
    this.begin(signal).then(function () { return self.pieces(signal); }).then(function () {
      self.show("judging", words.judging);
      return send(self.end, { method: "POST", signal: signal });
    }).then(function (result) {
      if (result.ok) { self.arrive(); return; }
      if (result.status === 409 && "received" in result.answer) { self.sent = result.answer.received; self.later(); return; }
      self.fail(result.answer.refused || words.failed);
    }).catch(function (error) {
      if (self.state === "paused" || queue.indexOf(self) < 0) return;
      if (error && error.gone) { self.show("failed", words.gone); next(); return; }
      if (error && error.words) { self.fail(error.words); return; }
      self.later();
    });
  };
  Entry.prototype.begin = function (signal) {
    var self = this, said = new FormData();
    said.append("acting_for", words.for);
    said.append("paper", this.slot);
    said.append("name", this.file.name);
    said.append("size", String(this.file.size));
    said.append("modified", String(this.file.lastModified || ""));
    return send(words.begin, { method: "POST", body: said, signal: signal }).then(function (result) {
      if (!result.ok) {
        if (result.status >= 500) throw new Error("later");
        throw { words: result.answer.refused || words.failed };
      }
      self.id = result.answer.id;
      self.end = result.answer.finish;
      self.sent = result.answer.received;
      var old = document.querySelector('[data-stopped="' + self.id + '"]');
      if (old) old.remove();
      return shelf.keep(self);
    });
  };
  Entry.prototype.pieces = function (signal) {
    var self = this;
    if (this.sent >= this.file.size) return Promise.resolve();
    var piece = this.file.slice(this.sent, this.sent + PIECE);
    return send(words.begin + this.id + "/?offset=" + this.sent, {
      method: "POST", body: piece, signal: signal, headers: { "Content-Type": "application/octet-stream" }
    }).then(function (result) {
      if (result.status >= 500) throw new Error("later");
      if (!("received" in result.answer)) throw { words: result.answer.refused || words.failed };
      if (result.ok && result.answer.received <= self.sent) throw new Error("later"); // never round and round
      self.sent = result.answer.received;
      self.tries = 0;
      self.show("sending", words.sending);
      return self.pieces(signal);
    });
  };
  Entry.prototype.later = function () {
    var self = this;
    this.show("lost", words.lost);
    this.timer = window.setTimeout(function () { self.go(); }, waits[Math.min(this.tries++, waits.length - 1)]);
    next();
  };
  Entry.prototype.arrive = function () {
    var self = this, name = this.file.name;
    shelf.drop(this);
    this.sent = this.file.size;
    root.dispatchEvent(new CustomEvent("papers:changed", { detail: { slot: this.slot, done: function () {
      self.leave();
      say(name + " " + words.attached);
    } } }));
  };

  function next() {
    var busy = queue.filter(function (one) { return one.state === "sending" || one.state === "judging"; }).length;
    queue.forEach(function (one) {
      if (busy < AT_ONCE && one.state === "waiting") { busy += 1; one.run(); }
    });
  }
  function say(text) { root.querySelector("[data-said]").textContent = text; }
  function take(files, slot) {
    var place = document.getElementById("slot-" + slot);
    if (!place || !files.length || !place.hasAttribute("data-open")) return;
    if (files.length > 1 && !place.hasAttribute("data-several")) { say(words.one); window.alert(words.one); return; }
    Array.prototype.forEach.call(files, function (file) {
      var known = queue.some(function (one) { return one.slot === slot && one.file.name === file.name && one.file.size === file.size && one.state !== "failed"; });
      if (!known) queue.push(new Entry(file, slot));
    });
    next();
  }

  root.addEventListener("change", function (event) {
    if (!event.target.matches("[data-pick]")) return;
    take(Array.prototype.slice.call(event.target.files), event.target.closest("[data-slot]").dataset.slot);
    event.target.value = "";
  });
  function carriesFiles(event) { return event.dataTransfer && Array.prototype.indexOf.call(event.dataTransfer.types, "Files") >= 0; }
  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    root.addEventListener(kind, function (event) {
      if (!carriesFiles(event)) return;
      var slot = event.target.closest("[data-slot]");
      event.preventDefault();
      Array.prototype.forEach.call(root.querySelectorAll(".dropping"), function (one) { if (one !== slot || kind !== "dragover") one.classList.remove("dropping"); });
      if (!slot) return;
      if (kind === "dragover") slot.classList.add("dropping");
      if (kind === "drop") take(Array.prototype.slice.call(event.dataTransfer.files), slot.dataset.slot);
    });
  });
  // A file dropped beside a slot must not replace the page.
  ["dragover", "drop"].forEach(function (kind) {
    window.addEventListener(kind, function (event) { if (carriesFiles(event)) event.preventDefault(); });
  });
  window.addEventListener("online", function () {
    queue.forEach(function (one) { if (one.state === "lost") { window.clearTimeout(one.timer); one.tries = 0; one.go(); } });
  });
  window.addEventListener("beforeunload", function (event) {
    if (queue.some(function (one) { return ["sending", "judging", "waiting"].indexOf(one.state) >= 0; })) event.preventDefault();
  });
  shelf.all().then(function (kept) {
    kept.forEach(function (one) { if (one.page === words.page && one.file instanceof File) take([one.file], one.slot); });
  });
})();
