// The check of an entry in the reader's own browser (RFC 9162, 2.1.3.2, with WebCrypto): [data-log-proof] holds a proof
// from the server; [data-check-here] takes the pasted one, and nothing is sent. The words stand in [data-log-words].
(function () {
  "use strict";
  var words = document.querySelector("[data-log-words]");
  if (!words) return;
  var HASH = /^[0-9a-f]{64}$/;

  function bytes(hex) {
    return Uint8Array.from(hex.match(/../g), function (pair) { return parseInt(pair, 16); });
  }
  function hex(buffer) {
    return Array.from(new Uint8Array(buffer), function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }
  function hash(first, left, right) {
    var content = new Uint8Array(1 + left.length + (right ? right.length : 0));
    content[0] = first;
    content.set(left, 1);
    if (right) content.set(right, 1 + left.length);
    return window.crypto.subtle.digest("SHA-256", content).then(function (found) { return new Uint8Array(found); });
  }
  // The tree has at most 2^53 entries: halves by arithmetic, since >> would cut numbers at 32 bits.
  function half(number) { return Math.floor(number / 2); }

  function rootFrom(proof) {
    var index = proof.number - 1, last = proof.under.size - 1;
    var start = hash(0, bytes(proof.entry)).then(function (leaf) { return index > last ? null : leaf; });
    return proof.path.reduce(function (before, text) {
      return before.then(function (found) {
        if (found === null || last === 0) return null;
        var sibling = bytes(text), joined;
        if (index % 2 === 1 || index === last) {
          joined = hash(1, sibling, found);
          while (index !== 0 && index % 2 === 0) { index = half(index); last = half(last); }
        } else {
          joined = hash(1, found, sibling);
        }
        index = half(index);
        last = half(last);
        return joined;
      });
    }, start).then(function (found) { return found === null || last !== 0 ? "" : hex(found); });
  }

  function read(text) {
    try {
      var proof = JSON.parse(text), under = proof.under;
      var whole = Number.isSafeInteger(proof.number) && proof.number > 0 && Number.isSafeInteger(under.size) && HASH.test(proof.entry)
        && HASH.test(under.root) && Array.isArray(proof.path) && proof.path.length <= 64 && proof.path.every(function (one) { return HASH.test(one); });
      return whole ? proof : null;
    } catch (error) {
      return null;
    }
  }

  function say(place, good, text, root, after) {
    place.className = "here " + (good ? "good" : "late");
    place.textContent = text;
    if (root) {
      var code = document.createElement("code");
      code.className = "hash";
      code.textContent = root;
      place.append(" ", code, " ", after);
    }
  }

  function judge(text, kept, place) {
    if (!window.crypto || !window.crypto.subtle) return say(place, false, words.dataset.insecure);
    var proof = read(text);
    if (!proof) return say(place, false, words.dataset.unreadable);
    return rootFrom(proof).then(function (found) {
      if (found !== proof.under.root) return say(place, false, words.dataset.fails);
      if (kept && kept !== found) return say(place, false, words.dataset.other, found, "");
      var day = String(proof.under.day).split("-").reverse().join("/");
      var line = words.dataset.holds.replace("NUMBER", String(proof.number)).replace("DAY", day);
      return say(place, true, line, found, kept ? words.dataset.kept : words.dataset.compare);
    });
  }

  var given = document.querySelector("[data-log-proof]");
  if (given && window.crypto && window.crypto.subtle) judge(given.dataset.logProof, "", given);

  var button = document.querySelector("[data-check-here]");
  if (button) {
    button.addEventListener("click", function () {
      var form = button.form, kept = form.elements.root.value.replace(/\s/g, "").toLowerCase();
      judge(form.elements.proof.value, kept, form.querySelector("[data-log-said]"));
    });
  }
})();
