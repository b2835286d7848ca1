// Conversations that this browser keeps, or the server for a user who has logged in. Texts only ever become text
// nodes, never markup.
const PREFIX = "footnote:conversation:";
const CURRENT = "footnote:current";
const list = element.querySelector(".kept");
const search = element.querySelector(".search");

const id = (key) => key.slice(PREFIX.length);
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

// What this page last read or wrote of a conversation. When something else is kept under its name, another tab has gone
// on with it: then this page keeps its own under a name of its own, and cuts nothing.
const mine = new Map();
const adopt = (key) => {
  const { text } = read(key);
  mine.set(id(key), { id: id(key), text });
  return { text };
};
const freshId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const wanted = () => search.value.trim().toLowerCase();
const matches = (kept) => `${kept.name || ""} ${kept.text}`.toLowerCase().includes(wanted());

const inBrowser = {
  list: () =>
    draw(all().filter(matches).map((kept) => ({ key: kept.key, name: kept.name || title(kept.document) }))),
  open: (key) => open(adopt(key)),
  rename: (key, name) => {
    const { time, text } = read(key);
    write(key, { time, name, text });
    inBrowser.list();
  },
  forget: (key) => {
    localStorage.removeItem(key);
    inBrowser.list();
  },
  keep: ({ first, ...sent }) => {
    const own = mine.get(sent.id) ?? { id: sent.id };
    const kept = read(PREFIX + own.id);
    const apart = Boolean(kept.text) && kept.text !== own.text;
    const before = (apart ? own.text && JSON.parse(own.text) : kept.document)?.exchanges ?? [];
    if (first !== undefined) sent.exchanges = [...before.slice(0, first), ...sent.exchanges];
    const whole = { ...sent, id: apart ? freshId() : own.id };
    const key = PREFIX + whole.id;
    const text = JSON.stringify(whole);
    write(key, { time: Date.now(), name: apart ? undefined : kept.name, text });
    mine.set(sent.id, { id: whole.id, text });
    localStorage.setItem(CURRENT, key);
    inBrowser.list();
  },
};

// The server answers through `keep`: with the list, or with which conversation it has just kept. A list that was asked
// for with other words than those now in the search has been overtaken.
const inStore = {
  list: () => trigger("find", { wanted: wanted() }),
  open: (key) => open({ id: id(key) }),
  rename: (key, name) => trigger("rename", { id: id(key), name, wanted: wanted() }),
  forget: (key) => trigger("forget", { id: id(key), wanted: wanted() }),
  keep: ({ rows, wanted: asked, current }) => {
    if (rows && asked === wanted()) draw(rows.map((row) => ({ key: PREFIX + row.id, name: row.name })));
    if (current) localStorage.setItem(CURRENT, PREFIX + current);
  },
};
const keeper = list.dataset.server === undefined ? inBrowser : inStore;

const button = (label, className, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
};

const rename = ({ key, name }, row) => {
  const field = document.createElement("input");
  field.value = name;
  field.className = "search";
  field.setAttribute("aria-label", list.dataset.rename);
  let over = false;
  const end = (renamed) => {
    if (over) return;
    over = true;
    if (renamed) keeper.rename(key, field.value.trim().slice(0, 120));
    else keeper.list();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") end(true);
    if (event.key === "Escape") end(false);
  });
  field.addEventListener("blur", () => end(true));
  row.replaceChildren(field);
  field.focus();
};

const row = (kept) => {
  const item = document.createElement("li");
  item.append(
    button(kept.name, "card name", () => keeper.open(kept.key)),
    button(list.dataset.rename, "tool", () => rename(kept, item)),
    button(list.dataset.delete, "tool", () => {
      if (localStorage.getItem(CURRENT) === kept.key) localStorage.removeItem(CURRENT);
      keeper.forget(kept.key);
    }),
  );
  return item;
};

const draw = (rows) => list.replaceChildren(...rows.map(row));

const open = (chosen) => {
  trigger("restore", chosen);
  window.footnote.closeDrawer();
};

Object.assign((window.footnote ??= {}), {
  list: () => keeper.list(),
  keep: (text) => (text ? keeper.keep(JSON.parse(text)) : localStorage.removeItem(CURRENT)),
});

element.addEventListener("click", (event) => {
  const control = event.target.closest("[data-export], [data-act]");
  if (control?.dataset.export) trigger("export", { format: control.dataset.export });
  if (control?.dataset.act === "close") window.footnote.closeDrawer();
});
element.querySelector("input[type=file]").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) open({ text: await file.text(), file: true });
});
search.addEventListener("input", () => keeper.list());
if (keeper === inBrowser) inBrowser.list();

const current = localStorage.getItem(CURRENT);
if (current && keeper === inStore) trigger("restore", { id: id(current) });
else if (read(current).text) trigger("restore", adopt(current));
