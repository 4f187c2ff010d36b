// What does the QR code before the camera, or in a picture, say? Only where the browser itself reads codes
// (BarcodeDetector); pictures never leave the device.
(function (kip) {
  "use strict";
  const PAUSE = 200;
  let stream = null;

  async function detector() {
    if (!("BarcodeDetector" in self)) return null;
    const formats = await self.BarcodeDetector.getSupportedFormats();
    return formats.includes("qr_code") ? new self.BarcodeDetector({ formats: ["qr_code"] }) : null;
  }
  async function first(source) {
    const reader = await detector(), codes = reader ? await reader.detect(source) : [];
    return codes.length ? codes[0].rawValue : "";
  }
  function stop(video) {
    if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
    stream = null;
    video.srcObject = null;
  }

  kip.camera = {
    isHere: async function () {
      try { return await detector() !== null; } catch (error) { return false; }
    },
    // Ends with the text of the first code that is seen, or "" when stopped; throws when no camera may be used.
    watch: async function (video) {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      video.srcObject = stream;
      await video.play();
      while (stream) {
        const text = await first(video);
        if (text) { stop(video); return text; }
        await new Promise(function (go) { setTimeout(go, PAUSE); });
      }
      return "";
    },
    stop: stop,
    picture: async function (file) { return first(await createImageBitmap(file)); }
  };
})(self.kip = self.kip || {});
