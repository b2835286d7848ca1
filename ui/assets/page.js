() => {
  // Behaviour of the whole page: drawers, keyboard, and the note that a citation shows on hover.
  const root = () => document.querySelector(".gradio-container");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  Object.assign((window.footnote ??= {}), {
    cameFrom: null,
    root: () => root(),
    motion: () => (calm.matches ? "auto" : "smooth"),
    show: (view) => {
      root().dataset.view = view;
      closeDrawer();
    },
    openDrawer: (name) => {
      const open = root().dataset.drawer === name;
      if (open) return closeDrawer();
      root().dataset.drawer = name;
      if (name === "past") window.footnote.list();
      return document.querySelector(`#${name} button, #${name} input`)?.focus();
    },
    closeDrawer: () => closeDrawer(),
    tell: (text) => (told.textContent = text),
    narrow: () => {
      window.footnote.show("chat");
      const fold = document.querySelector("#narrow button");
      if (fold && !document.querySelector("#narrow input")?.checkVisibility()) fold.click();
      question()?.focus();
    },
  });

  const closeDrawer = () => {
    const name = root().dataset.drawer;
    delete root().dataset.drawer;
    if (name) document.querySelector(`#masthead [data-act=${name}]`)?.focus();
    return Boolean(name);
  };
  const question = () => document.querySelector("#question textarea");
  const pane = () => document.querySelector("#pane .source");
  const typing = (node) => node.matches?.("input, textarea, select, [contenteditable]");
  const step = (back) => pane()?.querySelectorAll(".step")[back ? 0 : 1]?.click();
  const closePane = () => pane()?.dispatchEvent(new CustomEvent("footnote:close", { bubbles: true }));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return closeDrawer() || closePane();
    if (typing(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      window.footnote.show("chat");
      question()?.focus();
    } else if (pane() && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      step(event.key === "ArrowLeft");
    }
  });

  document.addEventListener("pointerdown", (event) => {
    const field = event.target;
    if (!field.matches?.("#since input, #until input")) return;
    const typed = field.value;
    field.type = "date"; // which shows nothing of what is no date: then Gradio has to know that nothing is there
    if (field.value !== typed) field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  const told = document.createElement("div"); // there before anything is told: only what changes in it is read out
  told.id = "told";
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  document.querySelector(".gradio-container").append(told);

  const peek = document.createElement("div");
  peek.id = "peek";
  peek.setAttribute("aria-hidden", "true");
  document.querySelector(".gradio-container").append(peek);

  const showPeek = (marker) => {
    const { turn, cite } = marker.dataset;
    const note = document.querySelector(`.card[data-turn="${turn}"][data-cite="${cite}"] .what`);
    if (!note) return;
    peek.replaceChildren(note.cloneNode(true));
    peek.classList.add("on");
    const at = marker.getBoundingClientRect();
    const left = Math.min(Math.max(12, at.left - 24), innerWidth - peek.offsetWidth - 12);
    const above = at.top - peek.offsetHeight - 8;
    peek.style.left = `${left}px`;
    peek.style.top = `${above > 8 ? above : at.bottom + 8}px`;
  };
  const hidePeek = () => peek.classList.remove("on");
  const marker = (event) => event.target.closest?.(".cite");
  document.addEventListener("mouseover", (event) => (marker(event) ? showPeek(marker(event)) : hidePeek()));
  document.addEventListener("focusin", (event) =>
    marker(event)?.matches(":focus-visible") ? showPeek(marker(event)) : hidePeek(),
  );
  document.addEventListener("scroll", hidePeek, true);
  document.addEventListener("click", hidePeek);
}
