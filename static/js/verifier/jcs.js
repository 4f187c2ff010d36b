// How is this JSON written canonically? RFC 8785 for text, whole numbers, yes, no, null, lists and objects, as
// signing/jcs.py: fractions and half letters have no canonical form here.
(function (kip) {
  "use strict";
  const DEEPEST = 64, HALF_LETTER = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

  function string(text) {
    if (HALF_LETTER.test(text)) throw new Error("half a surrogate pair");
    return JSON.stringify(text);
  }
  function written(value, depth) {
    if (depth > DEEPEST) throw new Error("nested too deep");
    if (value === null || typeof value === "boolean") return String(value);
    if (typeof value === "string") return string(value);
    if (typeof value === "number") {
      if (!Number.isSafeInteger(value)) throw new Error("not a whole number");
      return String(value);
    }
    if (Array.isArray(value)) return "[" + value.map(function (item) { return written(item, depth + 1); }).join(",") + "]";
    // By UTF-16 code units, which is how this language sorts.
    return "{" + Object.keys(value).sort().map(function (name) { return string(name) + ":" + written(value[name], depth + 1); }).join(",") + "}";
  }

  kip.jcs = { canonical: function (value) { return new TextEncoder().encode(written(value, 0)); } };
})(self.kip = self.kip || {});
