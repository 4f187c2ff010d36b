// Did we sign this JSON? W3C Data Integrity, cryptosuite ecdsa-jcs-2019; the order of questions and the reason codes
// are those of signing/statements.py.
(function (kip) {
  "use strict";

  // Every name is kept as it stands, "__proto__" too: what is signed is all that the file says.
  function without(object, name) {
    return Object.fromEntries(Object.entries(object).filter(function (one) { return one[0] !== name; }));
  }
  async function hashData(unsigned, options) {
    const first = await kip.p256.sha256(kip.jcs.canonical(options)), second = await kip.p256.sha256(kip.jcs.canonical(unsigned));
    return Uint8Array.from(Array.from(first).concat(Array.from(second)));
  }
  function same(one, other) { return JSON.stringify(one) === JSON.stringify(other); }

  kip.statement = {
    // null when the proof holds at this moment (milliseconds), else the reason code.
    fault: async function (document, published, at) {
      const proof = document && typeof document === "object" ? document.proof : null;
      if (!proof || typeof proof !== "object" || Array.isArray(proof)) return "no_proof";
      if (proof.type !== "DataIntegrityProof" || proof.cryptosuite !== "ecdsa-jcs-2019") return "unknown_suite";
      if (proof.proofPurpose !== "assertionMethod") return "wrong_purpose";
      const method = kip.keys.named(published, proof.verificationMethod);
      if (method === null) return "unknown_key";
      const unsigned = without(document, "proof"), options = without(proof, "proofValue");
      if ("@context" in options && !same(unsigned["@context"], options["@context"])) return "altered";
      let signature, data;
      try {
        signature = kip.multibase.decode(String(proof.proofValue));
        data = await hashData(unsigned, options);
      } catch (error) {
        return "not_canonical";
      }
      if (!await kip.p256.holds(method.publicKeyJwk, signature, data)) return "altered";
      const created = kip.keys.moment(proof.created);
      if (created === null) return "bad_time";
      return created > at ? "from_the_future" : kip.keys.fault(method, created);
    }
  };
})(self.kip = self.kip || {});
