// The REST interface as its own OpenAPI document tells it. Where users are configured, a key is asked for first.
"use strict";

const form = document.getElementById("key");

function show(spec, key) {
  form.hidden = true;
  window.ui = SwaggerUIBundle({
    spec,
    dom_id: "#docs",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    onComplete: () => key && window.ui.preauthorizeApiKey("key", key),
  });
}

async function load(key) {
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  const answer = await fetch("/openapi.json", { headers });
  if (answer.ok) {
    show(await answer.json(), key);
    return;
  }
  document.getElementById("docs").textContent = "";
  form.hidden = false;
  form.querySelector("output").textContent = key ? "This key is not known." : "";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  load(new FormData(form).get("key"));
});

load("");
