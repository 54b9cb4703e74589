// The slider through a subject's history: a range over its statements, beside the field that says the same as a number.

const form = document.getElementById("as-of-form");
const positions = JSON.parse(form.dataset.positions);

if (positions.length > 1) {
  const field = document.getElementById("as-of");
  const slider = document.getElementById("as-of-slider");
  const told = document.getElementById("as-of-told");
  const shown = Number(form.dataset.known);
  slider.max = String(positions.length - 1);
  slider.value = String(Math.max(0, positions.indexOf(shown)));
  const tell = () => {
    told.textContent = slider.dataset.told.replace("{position}", positions[slider.value]);
    slider.setAttribute("aria-valuetext", told.textContent);
  };
  tell();
  slider.addEventListener("input", () => {
    field.value = positions[slider.value];
    tell();
  });
  slider.addEventListener("change", () => form.requestSubmit());
  document.getElementById("as-of-range").hidden = false;
}
