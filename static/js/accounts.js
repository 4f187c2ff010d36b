// Passkeys. form[data-passkey="create|get|alone"] carries the question in data-options ("alone" fetches it from its
// own address); the answer of the device goes into [name=credential]. The forms stay hidden where nothing can answer.
(function () {
  "use strict";
  var forms = document.querySelectorAll("form[data-passkey]");
  if (!forms.length || !window.PublicKeyCredential || !navigator.credentials || !navigator.credentials.create) return;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }
  function words(buffer) {
    var plain = "";
    new Uint8Array(buffer).forEach(function (byte) { plain += String.fromCharCode(byte); });
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function question(options) {
    var asked = options.publicKey;
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    ["allowCredentials", "excludeCredentials"].forEach(function (list) {
      (asked[list] || []).forEach(function (known) { known.id = bytes(known.id); });
    });
    return { publicKey: asked };
  }
  function answer(credential) {
    var told = credential.response, response = { clientDataJSON: words(told.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (part) {
      if (told[part]) response[part] = words(told[part]);
    });
    if (told.getTransports) response.transports = told.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: words(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || null,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: response
    });
  }
  function options(form) {
    if (form.dataset.passkey !== "alone") return Promise.resolve(JSON.parse(form.dataset.options));
    return fetch(form.action, { headers: { Accept: "application/json" } }).then(function (told) {
      if (!told.ok) throw new TypeError("no question");
      return told.json();
    }).then(function (told) { return told.request_options; });
  }

  Array.prototype.forEach.call(forms, function (form) {
    var trouble = form.querySelector(".passkey-trouble");
    form.hidden = false;
    document.documentElement.classList.add("has-passkeys");
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      trouble.textContent = "";
      options(form).then(function (asked) {
        var device = navigator.credentials;
        return form.dataset.passkey === "create" ? device.create(question(asked)) : device.get(question(asked));
      }).then(function (credential) {
        form.elements.credential.value = answer(credential);
        form.submit();
      }).catch(function (error) {
        trouble.textContent = (error instanceof TypeError && trouble.dataset.offline) || trouble.dataset.cancelled;
      });
    });
  });
})();
