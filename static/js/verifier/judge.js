// What is to be said about a token? One of: genuine, status_unknown, revoked, expired, not_yet, altered, mismatch,
// not_a_token, unknown_key, no_crypto. Nothing is asked of anybody: keys and list are what this device holds.
(function (kip) {
  "use strict";
  const FACTS = { expires: 4, notBefore: 5, issued: 6, serial: -1, product: -2, enterprise: -3, decision: -4, signedOn: -5, place: -6, top10: -7, demo: -8 };
  const TEXTS = ["serial", "product", "enterprise", "decision", "signedOn"], NUMBERS = ["expires", "notBefore", "issued", "place"];

  // The claims by name; null when the token speaks of something else than a certificate.
  function facts(claims) {
    const found = {};
    for (const name of Object.keys(FACTS)) found[name] = claims.get(FACTS[name]);
    const whole = TEXTS.every(function (name) { return typeof found[name] === "string" && found[name] !== ""; })
      && NUMBERS.every(function (name) { return Number.isSafeInteger(found[name]) && found[name] >= 0; })
      && found.place < kip.status.PLACES && Math.max(found.expires, found.notBefore) < 2 ** 40;
    return whole ? found : null;
  }
  function bare(serial) { return String(serial).toUpperCase().replace(/[^0-9A-Z]/g, ""); }

  // `kept` is { keys, list }; `serial` the number that stands beside the token in its address, "" when none does.
  kip.judge = async function (text, serial, kept, now) {
    if (!kip.p256.isHere()) return { verdict: "no_crypto" };
    if (!kept.keys) return { verdict: "no_keys" };
    let claims;
    try {
      claims = await kip.token.open(text, kept.keys);
    } catch (error) {
      const code = error.message;
      return { verdict: code === "not_a_token" || code === "unknown_key" ? code : "altered", code: code };
    }
    const said = facts(claims);
    if (said === null) return { verdict: "not_a_token", code: "other_claims" };
    if (serial && bare(serial) !== bare(said.serial)) return { verdict: "mismatch", facts: said, beside: serial };
    const list = await kip.status.read(kept.list, kept.keys);
    const behind = !list.why && list.asOf > now, time = behind ? list.asOf : now;
    const answer = { facts: said, why: list.why || "", asOf: list.why ? null : list.asOf, clockIsBehind: behind };
    if (!list.why && list.isSet(said.place)) answer.verdict = "revoked";
    else if (time > said.expires * 1000) answer.verdict = "expired";
    else if (time < said.notBefore * 1000) answer.verdict = "not_yet";
    else if (list.why || time > list.until) answer.verdict = "status_unknown";
    else answer.verdict = "genuine";
    if (answer.verdict === "status_unknown" && !answer.why) answer.why = "old_list";
    return answer;
  };
})(self.kip = self.kip || {});
