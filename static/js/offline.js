// What is not saved yet stays on this device, per person and dossier, until the server has it. Written at once at
// every key, so that a closed tab or a lost network loses nothing; forgotten at sign-out, after sending, and when
// somebody else uses this browser.
//   meta[name=kip-person]     whose drafts may be kept
//   [data-draft-sent="pk"]    the receipt: nothing of this dossier is kept any more
(function () {
  "use strict";
  var PREFIX = "kip-draft-", DAYS = 30;
  var meta = document.querySelector("meta[name=kip-person]");
  var person = meta ? meta.content : "";
  var own = PREFIX + person + "-";

  function keys() {
    var found = [];
    try {
      for (var i = 0; i < localStorage.length; i += 1) {
        if (localStorage.key(i).indexOf(PREFIX) === 0) found.push(localStorage.key(i));
      }
    } catch (error) { /* this browser keeps nothing */ }
    return found;
  }
  function drop(key) { try { localStorage.removeItem(key); } catch (error) { /* nothing was kept */ } }
  function read(dossier, part) {
    try { return JSON.parse(localStorage.getItem(own + dossier + "-" + part)) || null; } catch (error) { return null; }
  }
  // False when the device keeps nothing: the page has to say so.
  function write(dossier, part, fields) {
    var key = own + dossier + "-" + part;
    if (!Object.keys(fields).length) { drop(key); return true; }
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: fields })); return true; } catch (error) { return false; }
  }
  function forget(dossier) {
    keys().forEach(function (key) { if (!dossier || key.indexOf(own + dossier + "-") === 0) drop(key); });
  }

  keys().forEach(function (key) {
    if (!person) return;
    var kept = null;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch (error) { /* not ours */ }
    if (key.indexOf(own) !== 0 || !kept || Date.now() - kept.at > DAYS * 86400000) drop(key);
  });
  var sent = document.querySelector("[data-draft-sent]");
  if (sent) forget(sent.dataset.draftSent);
  window.kipKept = { read: read, write: write, forget: forget };
})();
