// What does a copy of the register say? The file is read on this device; every number in it counts only when the
// signature over the whole file holds.
(function (kip) {
  "use strict";
  const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", SHAPE = /^KIP[0-9]{4}T?[0-9]{4,}[0-9A-Z]$/;

  function bare(serial) { return serial.toUpperCase().replace(/[^0-9A-Z]/g, ""); }

  kip.register = {
    // { why } or { asOf, certificates } of the text of register.json.
    read: async function (text, published) {
      let document;
      try { document = JSON.parse(text); } catch (error) { return { why: "not_json" }; }
      if (!document || document.type !== "RegisterCopy" || !Array.isArray(document.certificates)) return { why: "not_json" };
      if (document.issuer !== published.id) return { why: "altered" };
      const fault = await kip.statement.fault(document, published, Infinity);
      return fault === null ? { asOf: kip.keys.moment(document.asOf), certificates: document.certificates } : { why: fault };
    },
    find: function (certificates, typed) {
      const serial = bare(typed);
      return certificates.find(function (one) { return bare(one.serial) === serial; }) || null;
    },
    // Whether its check character (ISO/IEC 7064 MOD 37,36) fits, as certificates/serial.py asks.
    isNumber: function (typed) {
      const serial = bare(typed);
      let check = LETTERS.length / 2;
      for (const letter of serial) check = ((check || LETTERS.length) * 2 % (LETTERS.length + 1) + LETTERS.indexOf(letter)) % LETTERS.length;
      return SHAPE.test(serial) && check === 1;
    }
  };
})(self.kip = self.kip || {});
