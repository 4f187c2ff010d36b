// How does this page stay when there is no network? It registers the worker for the addresses that stand in QR codes
// and for itself, and says when everything is kept:
//   [data-worker] on the page's root: address of the worker     [data-scopes]: what it answers for, divided by spaces
(function (kip) {
  "use strict";

  function whenActive(registration) {
    const one = registration.installing || registration.waiting || registration.active;
    return new Promise(function (done, failed) {
      function look() {
        if (one.state === "activated") done(registration);
        if (one.state === "redundant") failed(new Error("not kept"));
      }
      one.addEventListener("statechange", look);
      look();
    });
  }

  // True when kept; false when this browser keeps nothing or there was no network to fetch it from.
  kip.keep = async function (root) {
    if (!root.dataset.worker || !("serviceWorker" in navigator)) return false;
    try {
      for (const scope of root.dataset.scopes.split(" ")) {
        await whenActive(await navigator.serviceWorker.register(root.dataset.worker, { scope: scope, updateViaCache: "none" }));
      }
      return true;
    } catch (error) {
      return false;
    }
  };
})(self.kip = self.kip || {});
