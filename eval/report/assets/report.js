"use strict";
// Filters the list of cases and switches the theme. The page is whole without it.
for (const suite of document.querySelectorAll("section.suite")) {
  const form = suite.querySelector(".filters");
  if (!form) continue;
  const cases = [...suite.querySelectorAll(".case")];
  const show = () => {
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const state = form.elements.state.value, kind = form.elements.kind.value;
    let shown = 0;
    for (const item of cases) {
      const fits = (!state || item.dataset.state === state || (state === "not-right" && item.dataset.state !== "right"))
        && (!kind || item.dataset.kind === kind)
        && words.every((word) => item.dataset.search.includes(word));
      item.hidden = !fits;
      shown += fits;
    }
    form.querySelector("output").value = `${shown} of ${cases.length} cases`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  show();
}
const theme = document.getElementById("theme");
theme.hidden = false;
theme.addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
// On paper every case that went wrong is open.
addEventListener("beforeprint", () => {
  for (const item of document.querySelectorAll(".case:not(.right)")) item.open = true;
});
