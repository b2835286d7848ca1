const THEME = "footnote-theme";
const chosen = storage.getItem(THEME);
if (chosen) document.body.classList.toggle("dark", chosen === "dark");
const switchTheme = () => {
  const dark = document.body.classList.toggle("dark");
  storage.setItem(THEME, dark ? "dark" : "light");
};

element.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "new") {
    trigger("new");
    window.footnote.show("chat");
  }
  if (act === "theme") switchTheme();
  if (act === "past" || act === "settings") window.footnote.openDrawer(act);
  if (act === "library") {
    window.footnote.show(window.footnote.root().dataset.view === "library" ? "chat" : "library");
    trigger("shelve");
  }
});
