// Does this signature belong to this key and these bytes? ECDSA on P-256 with SHA-256, by the browser's own WebCrypto;
// of the two forms of a signature only the one with the smaller s is accepted, as in signing/statements.py.
(function (kip) {
  "use strict";
  const HALF_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551n >> 1n;

  function coordinate(text) {
    const bytes = kip.multibase.fromBase64url(String(text));
    if (bytes.length > 32) throw new Error("too long");
    const found = new Uint8Array(32);
    found.set(bytes, 32 - bytes.length);
    return found;
  }

  async function imported(jwk) {
    if (!jwk || jwk.kty !== "EC" || jwk.crv !== "P-256") throw new Error("not a key on P-256");
    const point = new Uint8Array(65);
    point[0] = 4;
    point.set(coordinate(jwk.x), 1);
    point.set(coordinate(jwk.y), 33);
    return crypto.subtle.importKey("raw", point, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  }

  kip.p256 = {
    // A page from an address without https gets no cryptography from the browser (a file on a stick does).
    isHere: function () { return Boolean(self.crypto && crypto.subtle); },
    sha256: async function (bytes) { return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)); },
    holds: async function (jwk, signature, data) {
      if (signature.length !== 64 || BigInt("0x" + kip.multibase.hex(signature.subarray(32))) > HALF_ORDER) return false;
      let key;
      try { key = await imported(jwk); } catch (error) { return false; }
      return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, data);
    }
  };
})(self.kip = self.kip || {});
