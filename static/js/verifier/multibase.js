// Which bytes does a text stand for? Base32, base58btc and base64url in the one form each that signing/multibase.py
// writes: a spare bit or a foreign letter is an error, never a guess.
(function (kip) {
  "use strict";
  const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const LONGEST = 10000;

  // Letters of `width` bits each, first letter first; what is left over must be zero and less than a letter.
  function fromBits(text, alphabet, width) {
    const found = new Uint8Array(Math.floor(text.length * width / 8));
    let bits = 0, held = 0, place = 0;
    for (const letter of text) {
      const value = alphabet.indexOf(letter);
      if (value < 0) throw new Error("foreign letter");
      held = (held << width | value) & 0xffff;
      bits += width;
      if (bits >= 8) {
        bits -= 8;
        found[place++] = held >> bits & 0xff;
      }
    }
    if (bits >= width || held & (1 << bits) - 1) throw new Error("spare bits");
    return found;
  }

  kip.multibase = {
    fromBase32: function (text) { return fromBits(text, BASE32, 5); },
    fromBase64url: function (text) { return fromBits(text, BASE64, 6); },
    fromBase58: function (text) {
      if (text.length > LONGEST) throw new Error("too long");
      let number = 0n, zeros = 0;
      for (const letter of text) {
        const value = BASE58.indexOf(letter);
        if (value < 0) throw new Error("foreign letter");
        number = number * 58n + BigInt(value);
      }
      while (text[zeros] === "1") zeros += 1;
      const found = [];
      for (; number > 0n; number >>= 8n) found.unshift(Number(number & 255n));
      return Uint8Array.from(new Array(zeros).fill(0).concat(found));
    },
    decode: function (text) {
      if (text[0] !== "z") throw new Error("not base58btc");
      return kip.multibase.fromBase58(text.slice(1));
    },
    hex: function (bytes) {
      return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
    }
  };
})(self.kip = self.kip || {});
