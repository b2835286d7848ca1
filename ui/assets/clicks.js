// Turns clicks on citations, passages and buttons into Gradio events.
const events = {
  ask: (data) => trigger("ask", { question: data.ask }),
  cite: (data) => trigger("look", { turn: Number(data.turn), cite: Number(data.cite) }),
  near: (data) => trigger("look", { turn: Number(data.turn), near: Number(data.near) }),
  hit: (data) => trigger("look", { turn: Number(data.turn), hit: Number(data.hit) }),
  why: (data) => trigger("look", { turn: Number(data.turn), why: true }),
  rate: (data) => trigger("rate", { turn: Number(data.turn), rating: data.rate }),
  comment: (data, control) => {
    const text = control.closest(".comment").querySelector("textarea").value;
    trigger("comment", { turn: Number(data.turn), text });
  },
  act: (data) => {
    if (data.act === "edit") trigger("edit");
    if (data.act === "retry") trigger("retry");
  },
};
element.addEventListener("click", (event) => {
  const control = event.target.closest("button");
  const name = control && !control.disabled && Object.keys(events).find((key) => key in control.dataset);
  if (!name) return;
  if (!control.closest("#pane")) window.footnote.cameFrom = control;
  events[name](control.dataset, control);
});
