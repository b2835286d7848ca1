// A new question starts at the top of the window; the answer then grows below it without moving the page. Screen
// readers are told once it is there.
let shown = null;
watch("value", () => {
  const turn = element.querySelector(".turn");
  const busy = turn?.getAttribute("aria-busy") === "true";
  if (busy && turn.id !== shown) turn.scrollIntoView({ block: "start", behavior: window.footnote.motion() });
  if (busy) window.footnote.tell("");
  else if (turn && shown) window.footnote.tell(turn.dataset.told ?? "");
  shown = busy ? turn.id : null;
});

// How sure an answer must be: says at once what a value would change, and asks when it is let go.
const sureness = (event) => {
  const slider = event.target.closest(".sureness input");
  if (!slider) return null;
  const answers = Number(slider.value) <= Number(slider.dataset.reached);
  const said = slider.closest(".sureness").querySelector("output");
  said.textContent = (answers ? slider.dataset.yes : slider.dataset.no).replace("{value}", `${slider.value}%`);
  return answers ? Number(slider.value) / 100 : null;
};
element.addEventListener("input", sureness);
element.addEventListener("change", (event) => {
  const value = sureness(event);
  if (value !== null) trigger("sure", { value });
});
