// The form of a visit keeps what is chosen in this browser, so that a finding can be raised in between and nothing is lost.

const form = document.getElementById("visit");
const place = `vialog-visit-${form.dataset.case}`;
const looked = document.getElementById("looked");

function count() {
  const number = form.querySelectorAll("[data-point] input:checked").length;
  looked.textContent = looked.dataset.words.replace("{number}", number).replace("{total}", looked.dataset.total);
  looked.hidden = false;
}

if (!new URLSearchParams(location.search).has("site")) {
  for (const [name, value] of JSON.parse(localStorage.getItem(place) ?? "[]")) {
    const field = form.elements.namedItem(name);
    if (field && name !== "next") field.value = value;
  }
}
form.addEventListener("change", () => {
  localStorage.setItem(place, JSON.stringify([...new FormData(form)]));
  count();
});
form.addEventListener("submit", () => localStorage.removeItem(place));
count();
