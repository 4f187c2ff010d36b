// How does the page show it? Reads the token from the address (behind #), from what is pasted, from the camera or from a
// picture, and writes the verdict with the facts that a person compares with the paper. Nothing is sent.
//   #verifier                    the root: [data-keys-url] [data-list-url] live, [data-page] address of a number's page,
//                                [data-serial] in an exported copy: the number the page is about, empty for none
//   #kip-words #kip-keys #kip-list    JSON in the page; keys and list only in an exported copy
//   [data-verdict] [data-ask] [data-text] [data-intro] [data-kept] [data-camera] [data-video] [data-picture] [data-copy]
(function (kip) {
  "use strict";
  const root = document.getElementById("verifier");
  if (!root) return;
  const words = inPage("kip-words"), title = document.title;
  const ICONS = { genuine: "check", revoked: "cross", expired: "clock", not_yet: "clock", status_unknown: "clock", not_a_token: "edit" };
  let kept = { keys: null, list: null };

  function inPage(id) {
    const place = document.getElementById(id);
    return place ? JSON.parse(place.textContent) : null;
  }
  function part(name) { return root.querySelector("[data-" + name + "]"); }
  function fill(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, function (all, name) { return name in values ? values[name] : all; });
  }
  function day(milliseconds, time) {
    const style = { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric" };
    const shown = new Intl.DateTimeFormat("en-GB", style).format(milliseconds);
    if (!time) return shown;
    return new Intl.DateTimeFormat("en-GB", { timeZone: style.timeZone, hour: "2-digit", minute: "2-digit" }).format(milliseconds) + " " + shown;
  }
  function plainDay(text) { return text.split("-").reverse().join("/"); }
  function make(name, text, className) {
    const found = document.createElement(name);
    if (text !== undefined) found.textContent = text;
    if (className) found.className = className;
    return found;
  }
  function icon(name) {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg"), line = document.createElementNS(drawing.namespaceURI, "path");
    drawing.setAttribute("class", "icon");
    drawing.setAttribute("viewBox", "0 0 20 20");
    drawing.setAttribute("aria-hidden", "true");
    line.setAttribute("d", words.icons[name]);
    drawing.append(line);
    return drawing;
  }

  // An address or a bare token: what stands behind #, the number before it, and the host it leads to.
  function readText(text) {
    const bare = text.replace(/\s+/g, ""), mark = bare.indexOf("#"), before = mark < 0 ? "" : bare.slice(0, mark);
    const serial = /\/v\/([^/?]+)/i.exec(decoded(before).replace(/\\/g, "/"));
    return { token: bare.slice(mark + 1), serial: serial ? serial[1] : "", host: hostOf(before) };
  }
  function decoded(text) {
    try { return decodeURIComponent(text); } catch (error) { return text; }
  }
  // As a browser takes an address: it forgives a missing scheme and slashes that lean the other way.
  function hostOf(address) {
    if (!/^[/\\]{2}|[.:]/.test(address) || /^[/\\](?![/\\])/.test(address)) return "";
    const full = /^[a-z][a-z0-9+.-]*:(?![0-9])/i.test(address) ? address : "https://" + address.replace(/^[/\\]+/, "");
    try {
      const url = new URL(full);
      return url.protocol === "file:" ? "" : url.host || address.slice(0, 60);
    } catch (error) { return address.slice(0, 60); }
  }
  // The folder of a copy may bear any name: there the page itself says what it is about.
  function numberOfPage() {
    if (root.dataset.serial !== undefined) return root.dataset.serial;
    const found = /^\/(?:en\/)?v\/([^/]+)\/?$/.exec(location.pathname);
    return found ? decoded(found[1]) : "";
  }
  function ourHost() { return kept.keys ? decodeURIComponent(kept.keys.id.replace("did:web:", "")) : location.host; }

  function factsOf(said) {
    const list = make("dl");
    const rows = [
      [words.number, said.serial, "mono"], [words.kind, said.top10 ? words.top10 : words.one_product],
      [words.product, said.product, "large"], [words.enterprise, said.enterprise, "large"],
      [words.decision, fill(words.decision_of, { number: said.decision, day: plainDay(said.signedOn) })],
      [words.period, day(said.notBefore * 1000) + " – " + day(said.expires * 1000)], [words.made, day(said.issued * 1000)]
    ];
    for (const row of rows) list.append(make("dt", row[0]), make("dd", row[1], row[2]));
    return list;
  }
  function doubtsOf(answer, values, host) {
    const list = make("ul"), said = answer.facts;
    if (host && host !== ourHost() && host !== location.host) list.append(make("li", fill(words.other_host, { host: host, ours: ourHost() }), "strong"));
    if (answer.clockIsBehind) list.append(make("li", words.clock_is_behind, "strong"));
    list.append(make("li", words.compare));
    if (said.product.endsWith("…") || said.enterprise.endsWith("…")) list.append(make("li", words.shortened));
    if (answer.asOf !== null) list.append(make("li", fill(words.since, values)));
    list.append(make("li", words.source));
    return list;
  }
  function sentenceOf(answer, values) {
    const text = words.verdicts[answer.verdict];
    return fill(words.reasons[answer.verdict + "." + (answer.why || answer.code)] || text[1], values);
  }

  function show(answer, host) {
    const place = part("verdict"), said = answer.facts || {}, values = {
      as_of: answer.asOf ? day(answer.asOf, true) : "", expires: said.expires ? day(said.expires * 1000) : "",
      not_before: said.notBefore ? day(said.notBefore * 1000) : "", serial: said.serial, beside: answer.beside
    };
    const heading = make("h2"), text = words.verdicts[answer.verdict];
    heading.tabIndex = -1;
    heading.append(icon(ICONS[answer.verdict] || "warning"), text[0]);
    place.replaceChildren(heading, make("p", sentenceOf(answer, values)));
    place.className = "verdict answer " + answer.verdict;
    place.dataset.verdict = answer.verdict;
    if (answer.facts && answer.verdict !== "mismatch") {
      if (said.demo) place.prepend(make("p", words.demo, "demo"));
      place.append(factsOf(said), make("h3", words.not_known), doubtsOf(answer, values, host));
      if (root.dataset.page && /^[0-9A-Z-]+$/.test(said.serial)) {
        const link = make("a", words.ask_register), line = make("p");
        link.href = root.dataset.page.replace("SERIAL", said.serial);
        line.append(link);
        place.append(line);
      }
    }
    place.hidden = false;
    const standsBack = standBack(place, answer);
    if (part("intro")) part("intro").hidden = true;
    const named = said.serial && !title.includes(said.serial) ? text[0] + " · " + said.serial : text[0];
    document.title = standsBack ? text[0] : title.startsWith(named) ? title : named + " – " + title;
  }
  // What a copy's page says of the number does not make a paper genuine whose code is not: it then stands back, in the
  // title too. True when it does.
  function standBack(place, answer) {
    const truth = document.querySelector("[data-truth]");
    if (!truth) return false;
    if (!truth.dataset.truth) truth.dataset.truth = truth.className;
    truth.className = answer.facts && answer.verdict !== "mismatch" ? truth.dataset.truth : "verdict";
    if (truth.className === "verdict") place.append(make("p", words.number_only, "strong"));
    return truth.className === "verdict";
  }
  async function judge(found, focus) {
    show(await kip.judge(found.token, found.serial, kept, Date.now()), found.host);
    if (focus) part("verdict").querySelector("h2").focus();
  }
  function judgeAddress() {
    const token = location.hash.slice(1);
    for (const link of document.querySelectorAll("a[hreflang]")) link.hash = location.hash;
    if (token && token !== "main") return judge({ token: token, serial: numberOfPage(), host: "" }, false);
    return Promise.resolve();
  }

  async function load() {
    const brought = { keys: inPage("kip-keys"), list: inPage("kip-list") };
    for (const name of ["keys", "list"]) {
      const address = root.dataset[name + "Url"];
      if (!address) continue;
      try {
        const response = await fetch(address, { credentials: "omit", cache: "no-cache" });
        if (response.ok) brought[name] = await response.json();
      } catch (error) { /* no network, and nothing kept */ }
    }
    kept = brought;
  }
  async function tellKept() {
    const place = part("kept");
    if (!place || !kip.p256.isHere() || !kept.keys) return;
    const list = await kip.status.read(kept.list, kept.keys), values = { as_of: list.why ? "" : day(list.asOf, true) };
    const isKept = kip.keep ? await kip.keep(root) : true;
    place.textContent = fill(isKept ? (list.why ? words.kept_without : words.kept) : words.not_kept, values);
    place.dataset.kept = isKept ? "yes" : "no";
  }

  // A copy does not age by itself: what it calls valid may have ended since.
  function tellTheEnd() {
    const truth = document.querySelector("[data-truth].valid"), today = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Ho_Chi_Minh" }).format(Date.now());
    if (!truth || today <= truth.dataset.until) return;
    truth.className = "verdict expired";
    truth.querySelector("h1").replaceChildren(icon("clock"), words.verdicts.expired[0]);
    truth.querySelector("h1").after(make("p", fill(words.verdicts.expired[1], { expires: plainDay(truth.dataset.until) }), "strong"));
  }

  function listen() {
    tellTheEnd();
    self.addEventListener("hashchange", judgeAddress);
    if (!part("ask")) return;
    part("ask").hidden = false;
    part("ask").addEventListener("submit", function (event) {
      event.preventDefault();
      judge(readText(part("text").value), true);
    });
    listenToCamera();
    listenToCopy();
  }
  async function listenToCamera() {
    if (!kip.camera || !await kip.camera.isHere()) return;
    const video = part("video"), button = part("camera"), picture = part("picture");
    async function read(work) {
      let text = "";
      try { text = await work(); } catch (error) { part("camera-says").textContent = words.no_camera; return; }
      video.hidden = true;
      part("camera-says").textContent = text || button.dataset.stopped ? "" : words.no_code;
      if (text) judge(readText(text), true);
    }
    button.parentElement.hidden = picture.parentElement.hidden = false;
    button.hidden = !(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
    button.addEventListener("click", function () {
      if (!video.hidden) { button.dataset.stopped = "yes"; kip.camera.stop(video); video.hidden = true; return; }
      delete button.dataset.stopped;
      video.hidden = false;
      read(function () { return kip.camera.watch(video); });
    });
    picture.addEventListener("change", function () {
      if (picture.files.length) read(function () { return kip.camera.picture(picture.files[0]); });
    });
  }
  function listenToCopy() {
    const form = part("copy");
    if (!form || !kip.register) return;
    form.hidden = false;
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      const file = form.querySelector("[type=file]").files[0], place = form.querySelector("[role=status]");
      if (!file) { place.textContent = words.copy_choose; return; }
      const found = await kip.register.read(await file.text(), kept.keys || {});
      if (found.why) { place.textContent = words.copy_altered; place.dataset.copyIs = "altered"; return; }
      const typed = form.querySelector("[data-number]").value.trim(), one = kip.register.find(found.certificates, typed);
      const issued = found.certificates.filter(function (each) { return each.issuedAt !== null; });
      const values = { as_of: day(found.asOf, true), count: issued.length };
      place.replaceChildren(make("p", fill(words.copy_holds, values)));
      place.dataset.copyIs = "whole";
      if (typed) place.append(make("p", one ? saidOf(one) : kip.register.isNumber(typed) ? words.copy_unknown : words.copy_mistyped, "strong"));
    });
  }
  function saidOf(one) {
    return (one.issuedAt === null ? words.copy_never_issued + " " : "") + fill(one.replacedBy ? words.copy_replaced : words.copy_says, {
      serial: one.serial, product: one.product.vi, enterprise: one.enterprise.vi, status: words.statuses[one.status] || one.status, other: one.replacedBy
    });
  }

  listen();
  kip.ready = load().then(judgeAddress).then(tellKept);
})(self.kip = self.kip || {});
