// What does the token in a QR code claim, and did we sign it? COSE_Sign1 (RFC 9052) with ES256, in base32; accepts
// exactly what signing/tokens.py accepts and gives its reason codes.
(function (kip) {
  "use strict";
  const ALGORITHM = 1, KEY_ID = 4, ISSUED_AT = 6, ES256 = -7, SIGN1 = 18, LONGEST = 4000;
  const SIGNATURE1 = [0x6a].concat(Array.from("Signature1", function (letter) { return letter.charCodeAt(0); }));

  function isBytes(value) { return value instanceof Uint8Array; }

  function parts(text) {
    if (text.length > LONGEST) throw new Error("too long");
    const token = kip.cbor.read(kip.multibase.fromBase32(text));
    if (!token || token.tag !== SIGN1 || !Array.isArray(token.value) || token.value.length !== 4) throw new Error("no COSE_Sign1");
    const [protectedBytes, unprotected, payload, signature] = token.value;
    if (!(unprotected instanceof Map) || unprotected.size || ![protectedBytes, payload, signature].every(isBytes)) throw new Error("no COSE_Sign1");
    const header = kip.cbor.read(protectedBytes), claims = kip.cbor.read(payload);
    if (!(header instanceof Map) || header.size !== 2 || header.get(ALGORITHM) !== ES256 || !isBytes(header.get(KEY_ID))) throw new Error("another header");
    if (!(claims instanceof Map)) throw new Error("no claims");
    return { protectedBytes: protectedBytes, payload: payload, signature: signature, kid: header.get(KEY_ID), claims: claims };
  }

  function toBeSigned(protectedBytes, payload) {
    return Uint8Array.from([].concat(
      [0x84], SIGNATURE1, kip.cbor.head(2, protectedBytes.length), Array.from(protectedBytes), [0x40],
      kip.cbor.head(2, payload.length), Array.from(payload)));
  }

  function keyFault(method, issuedAt) {
    // Without a time it is not known whether the key was good then. The bound is the first second of the year 10000.
    if (!Number.isInteger(issuedAt) || issuedAt < 0 || issuedAt >= 253402300800) return "bad_time";
    return kip.keys.fault(method, issuedAt * 1000);
  }

  // The claims as a Map; throws an Error whose message is the reason code.
  kip.token = {
    open: async function (text, published) {
      let found;
      try { found = parts(text); } catch (error) { throw new Error("not_a_token"); }
      const name = published.id + "#" + new TextDecoder("utf-8", { ignoreBOM: true }).decode(found.kid);
      const method = kip.keys.named(published, name);
      if (method === null) throw new Error("unknown_key");
      if (!await kip.p256.holds(method.publicKeyJwk, found.signature, toBeSigned(found.protectedBytes, found.payload))) throw new Error("altered");
      const fault = keyFault(method, found.claims.get(ISSUED_AT));
      if (fault !== null) throw new Error(fault);
      return found.claims;
    }
  };
})(self.kip = self.kip || {});
