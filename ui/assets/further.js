// Suggestions that come late, after another question was asked, are not shown.
watch("value", () => {
  const made = element.querySelector("[data-for]")?.dataset.for;
  const latest = document.querySelector("#latest .turn");
  if (made && (latest?.id !== made || latest.getAttribute("aria-busy") === "true")) props.value = "";
});
