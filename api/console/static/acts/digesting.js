// The SHA-256 of files that somebody chooses goes into the field beside them. The files stay on the device.

import { hex } from "../keys.js";

for (const place of document.querySelectorAll("[data-digest]")) {
  const field = document.getElementById(place.dataset.digest);
  const file = place.querySelector("input");
  place.hidden = !crypto.subtle;
  file.addEventListener("change", async () => {
    const found = [];
    for (const one of file.files) found.push(hex(await crypto.subtle.digest("SHA-256", await one.arrayBuffer())));
    const before = file.multiple ? field.value.split("\n").filter(Boolean) : [];
    field.value = [...new Set([...before, ...found])].join("\n");
    field.dispatchEvent(new Event("change"));
  });
}
