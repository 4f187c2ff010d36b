// What does a copy of the register say? The file is read on this device; every number in it counts only when the
// signature over the whole file holds.
(function (kip) {
  "use strict";

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
      const bare = typed.toUpperCase().replace(/[^0-9A-Z]/g, "");
      return certificates.find(function (one) { return one.serial.replace(/-/g, "") === bare; }) || null;
    }
  };
})(self.kip = self.kip || {});
