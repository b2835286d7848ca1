element.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "back") window.footnote.show("chat");
  if (act === "close") window.footnote.closeDrawer();
});
