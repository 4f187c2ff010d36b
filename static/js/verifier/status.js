// What does the kept list say about a place in it? W3C Bitstring Status List 1.0 in a signed credential. A list that
// does not verify says nothing at all.
(function (kip) {
  "use strict";
  const PLACES = 131072;

  async function unpacked(encoded) {
    if (typeof encoded !== "string" || encoded[0] !== "u") throw new Error("not multibase base64url");
    const packed = new Blob([kip.multibase.fromBase64url(encoded.slice(1))]);
    const reader = packed.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
    const bits = new Uint8Array(PLACES / 8);
    let length = 0;
    for (;;) {
      const piece = await reader.read();
      if (piece.done) break;
      if (length + piece.value.length > bits.length) throw new Error("longer than a list of ours");
      bits.set(piece.value, length);
      length += piece.value.length;
    }
    if (length !== bits.length) throw new Error("shorter than a list of ours");
    return bits;
  }
  function isOurList(list, published) {
    const subject = list.credentialSubject;
    return list.issuer === published.id && Array.isArray(list.type) && list.type.includes("BitstringStatusListCredential")
      && Boolean(subject) && subject.type === "BitstringStatusList" && subject.statusPurpose === "revocation";
  }

  kip.status = {
    // { why } when the list says nothing; else { asOf, until, isSet(place) } with moments in milliseconds. The time
    // of a list that verifies is a time that has been: a device whose clock is behind it is behind.
    read: async function (list, published) {
      if (!list) return { why: "no_list" };
      if (typeof DecompressionStream === "undefined") return { why: "old_browser" };
      if (await kip.statement.fault(list, published, Infinity) !== null || !isOurList(list, published)) return { why: "bad_list" };
      const asOf = kip.keys.moment(list.validFrom), until = kip.keys.moment(list.validUntil);
      if (asOf === null || until === null) return { why: "bad_list" };
      let bits;
      try { bits = await unpacked(list.credentialSubject.encodedList); } catch (error) { return { why: "bad_list" }; }
      return {
        asOf: asOf,
        until: until,
        isSet: function (place) { return Boolean(bits[place >> 3] & 0x80 >> (place & 7)); }
      };
    },
    PLACES: PLACES
  };
})(self.kip = self.kip || {});
