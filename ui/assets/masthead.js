element.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "new") {
    trigger("new");
    window.footnote.show("chat");
  }
  if (act === "theme") window.footnote.switchTheme();
  if (act === "past" || act === "settings") window.footnote.openDrawer(act);
  if (act === "library") {
    window.footnote.show(window.footnote.root().dataset.view === "library" ? "chat" : "library");
    trigger("shelve");
  }
});
