// Answers for the addresses in QR codes when there is no network: with the offline page, which reads the token itself.
// KIP (written above by the server) names the pages by language, the key history and the status list. Nothing else is
// kept, no other page of the site is touched, and nothing is kept of whoever is signed in.
"use strict";
const CACHE = "kip-verifier", PATIENCE = 6000, MINUTE = 60000, DAY = 86400000;
const DATA = [KIP.keys, KIP.list];
const OF_CERTIFICATE = /^\/(en\/)?v\/[^/]{1,60}\/?$/;
const GONE = [502, 503, 504];

async function fetched(address) {
  const response = await fetch(address, { credentials: "omit", cache: "no-cache" });
  if (!response.ok || response.redirected) throw new Error("not there: " + address);
  return response;
}

// What a page loads: its scripts, styles and pictures, as they stand in its text.
function partsOf(text) {
  return Array.from(text.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="(\/[^"]+\.(?:js|css|svg))"/g), function (found) { return found[1]; });
}

// A list that was made before the kept one never takes its place.
async function isNewer(cache, address, response) {
  const made = function (list) { return Date.parse(list.validFrom || "") || 0; };
  const kept = await cache.match(address), brought = await response.clone().json();
  return !kept || made(brought) >= made(await kept.json());
}

// Everything is fetched before anything is replaced, so that what is kept always fits together.
async function refresh() {
  const cache = await caches.open(CACHE), found = new Map();
  for (const address of Object.values(KIP.pages)) {
    const page = await fetched(address);
    found.set(address, page.clone());
    for (const part of partsOf(await page.text())) {
      if (!found.has(part)) found.set(part, await fetched(part));
    }
  }
  for (const address of DATA) {
    const response = await fetched(address);
    if (await isNewer(cache, address, response)) found.set(address, response);
  }
  for (const [address, response] of found) await cache.put(address, response);
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname;
    if (!found.has(path) && !DATA.includes(path)) await cache.delete(request);
  }
  await cache.put("/kip-verifier-refreshed", new Response(String(Date.now())));
}

async function refreshAfter(age) {
  const mark = await (await caches.open(CACHE)).match("/kip-verifier-refreshed");
  if (!mark || Date.now() - Number(await mark.text()) > age) await refresh();
}

// The answer if it comes soon, null if it does not.
function inTime(answer) {
  return new Promise(function (done) {
    const late = setTimeout(function () { done(null); }, PATIENCE);
    answer.then(done, function () { done(null); }).finally(function () { clearTimeout(late); });
  });
}

// Whoever has nothing kept waits on, as without this worker.
async function fromNetworkOr(request, address) {
  const answer = fetch(request), response = await inTime(answer);
  if (response !== null && !GONE.includes(response.status)) return response;
  return await (await caches.open(CACHE)).match(address) || answer;
}

self.addEventListener("install", function (event) {
  // One browser installs this worker once for each place it answers for; the first brings what all of them keep.
  event.waitUntil(refreshAfter(MINUTE).then(function () { return self.skipWaiting(); }));
});
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("fetch", function (event) {
  const request = event.request, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode !== "navigate") {
    event.respondWith(fromNetworkOr(request, address.pathname));
    return;
  }
  const own = Object.values(KIP.pages).includes(address.pathname), code = OF_CERTIFICATE.exec(address.pathname);
  if (!own && !code) return;
  event.respondWith(fromNetworkOr(request, own ? address.pathname : code[1] ? KIP.pages.en : KIP.pages.vi));
  event.waitUntil((own ? refresh() : refreshAfter(DAY)).catch(function () { /* another time */ }));
});
