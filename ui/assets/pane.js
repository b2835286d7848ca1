// The source pane: scrolled to the quote when it opens, closed without asking the server.
const close = () => {
  props.value = "";
  window.footnote.cameFrom?.focus({ preventScroll: true });
};

const copy = async (control) => {
  const said = control.textContent;
  try {
    await navigator.clipboard.writeText(control.dataset.text);
    control.textContent = control.dataset.said;
  } catch {
    return;
  }
  setTimeout(() => (control.textContent = said), 1500);
};

element.addEventListener("click", (event) => {
  const control = event.target.closest("[data-act]");
  if (control?.dataset.act === "close") close();
  if (control?.dataset.act === "copy") copy(control);
});
element.addEventListener("footnote:close", close);

let wasOpen = false;
watch("value", () => {
  const source = element.querySelector(".source");
  if (source) {
    const behavior = wasOpen ? window.footnote.motion() : "auto";
    const quote = source.querySelector("mark.focus");
    quote?.scrollIntoView({ block: "center", behavior });
    if (!source.contains(document.activeElement)) source.focus({ preventScroll: true });
  }
  wasOpen = Boolean(source);
});
