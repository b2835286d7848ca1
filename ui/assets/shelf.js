// The library: open an article, narrow the chat down to a period or an outlet, remove after a second click.
element.addEventListener("click", (event) => {
  const control = event.target.closest("button");
  if (!control || control.disabled) return;
  const { article, remove, page, outlet, from, to, sure } = control.dataset;
  if (article) {
    window.footnote.cameFrom = control;
    trigger("read", { id: article });
  } else if (page) trigger("turn", { page: Number(page) });
  else if (remove && control.classList.contains("armed")) trigger("remove", { id: remove });
  else if (remove) {
    control.classList.add("armed");
    control.textContent = sure;
    control.setAttribute("aria-label", `${sure} ${control.getAttribute("aria-label")}`);
  } else if (outlet) {
    trigger("outlet", { outlet });
    window.footnote.narrow();
  } else if (from) {
    trigger("period", { from, to });
    window.footnote.narrow();
  }
});
