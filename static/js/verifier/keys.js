// Which key is meant, and could it sign at that time? The rules of signing/statements.py over the published key history.
(function (kip) {
  "use strict";
  const FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

  // Milliseconds since 1970; null for anything but the one form that is written.
  function moment(text) {
    if (typeof text !== "string" || !FORM.test(text)) return null;
    const found = Date.parse(text);
    return Number.isNaN(found) || new Date(found).toISOString() !== text.replace("Z", ".000Z") ? null : found;
  }

  kip.keys = {
    moment: moment,
    named: function (published, name) {
      if (!(published.assertionMethod || []).includes(name)) return null;
      return (published.verificationMethod || []).find(function (method) { return method.id === name; }) || null;
    },
    fault: function (method, made) {
      const start = moment(method.validFrom), end = moment(method.expires);
      const retired = moment(method.revoked), compromised = moment(method.compromisedAt);
      if (start === null || made < start) return "before_key";
      if (end === null || made > end) return "after_key";
      if (compromised !== null && made >= compromised) return "key_compromised";
      return retired !== null && made > retired ? "key_retired" : null;
    }
  };
})(self.kip = self.kip || {});
