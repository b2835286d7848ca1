// Conversations that this browser keeps. Texts only ever become text nodes, never markup.
const PREFIX = "footnote:conversation:";
const CURRENT = "footnote:current";
const list = element.querySelector(".kept");
const search = element.querySelector(".search");

const title = (kept) => kept.title || kept.exchanges?.[0]?.question || "…";
const all = () =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => ({ key, ...read(key) }))
    .filter((kept) => kept.document)
    .sort((one, other) => other.time - one.time);

const read = (key) => {
  try {
    const { time, name, text } = JSON.parse(localStorage.getItem(key));
    return { time, name, text, document: JSON.parse(text) };
  } catch {
    return {};
  }
};

const write = (key, record) => {
  for (;;) {
    try {
      return localStorage.setItem(key, JSON.stringify(record));
    } catch {
      const oldest = all().filter((kept) => kept.key !== key).pop();
      if (!oldest) return undefined;
      localStorage.removeItem(oldest.key);
    }
  }
};

const button = (label, className, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
};

const rename = (kept, row) => {
  const field = document.createElement("input");
  field.value = kept.name || title(kept.document);
  field.className = "search";
  field.setAttribute("aria-label", list.dataset.rename);
  const done = () => {
    write(kept.key, { time: kept.time, name: field.value.trim().slice(0, 120), text: kept.text });
    draw();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") done();
    if (event.key === "Escape") draw();
  });
  field.addEventListener("blur", done);
  row.replaceChildren(field);
  field.focus();
};

const row = (kept) => {
  const item = document.createElement("li");
  const name = kept.name || title(kept.document);
  item.append(
    button(name, "card name", () => open(kept.text)),
    button(list.dataset.rename, "tool", () => rename(kept, item)),
    button(list.dataset.delete, "tool", () => {
      localStorage.removeItem(kept.key);
      if (localStorage.getItem(CURRENT) === kept.key) localStorage.removeItem(CURRENT);
      draw();
    }),
  );
  return item;
};

const matches = (kept, wanted) => `${kept.name || ""} ${kept.text}`.toLowerCase().includes(wanted);
const draw = () => {
  const wanted = search.value.trim().toLowerCase();
  list.replaceChildren(...all().filter((kept) => !wanted || matches(kept, wanted)).map(row));
};

const open = (text) => {
  trigger("restore", { text });
  window.footnote.closeDrawer();
};

(window.footnote ??= {}).keep = (text) => {
  if (!text) return localStorage.removeItem(CURRENT);
  const { first, ...sent } = JSON.parse(text);
  const key = PREFIX + sent.id;
  const kept = read(key);
  const before = kept.document?.exchanges ?? [];
  if (first !== undefined) sent.exchanges = [...before.slice(0, first), ...sent.exchanges];
  write(key, { time: Date.now(), name: kept.name, text: JSON.stringify(sent) });
  localStorage.setItem(CURRENT, key);
  return draw();
};

element.addEventListener("click", (event) => {
  const control = event.target.closest("[data-export], [data-act]");
  if (control?.dataset.export) trigger("export", { format: control.dataset.export });
  if (control?.dataset.act === "close") window.footnote.closeDrawer();
});
element.querySelector("input[type=file]").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) open(await file.text());
});
search.addEventListener("input", draw);
draw();

const current = read(localStorage.getItem(CURRENT));
if (current.text) trigger("restore", { text: current.text });
