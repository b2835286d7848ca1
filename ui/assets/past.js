// Conversations that this browser keeps, or the server for a user who has logged in. Texts only ever become text
// nodes, never markup.
const PREFIX = "footnote:conversation:";
const CURRENT = "footnote:current";
const list = element.querySelector(".kept");
const search = element.querySelector(".search");

const MOST = 2_000_000; // bytes: the server takes no event that is longer than 2 MiB
const LONGEST = 900_000; // characters that the server reads back: LARGEST in saved.py

const id = (key) => key.slice(PREFIX.length);
const title = (kept) => kept.title || kept.exchanges?.[0]?.question || "…";
const all = () =>
  storage.keys()
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => ({ key, ...read(key) }))
    .filter((kept) => kept.document)
    .sort((one, other) => other.time - one.time);

const read = (key) => {
  try {
    const { time, name, text } = JSON.parse(storage.getItem(key));
    return { time, name, text, document: JSON.parse(text) };
  } catch {
    return {};
  }
};

const write = (key, record) => {
  for (;;) {
    try {
      return storage.setItem(key, JSON.stringify(record));
    } catch {
      const oldest = all().filter((kept) => kept.key !== key).pop();
      if (!oldest) return undefined;
      storage.removeItem(oldest.key);
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

// Which conversation this page shows, under the name that it is kept by.
let shown = null;

// What is searched is what a reader reads, as on the server: not the document that it is kept in.
const wanted = () => search.value.trim().toLowerCase();
const matches = ({ name, document: { exchanges = [] } }) =>
  [name, ...exchanges.flatMap((one) => [one.question, one.answer?.text ?? one.partial])].some((said) =>
    (said ?? "").toLowerCase().includes(wanted()),
  );

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
    storage.removeItem(key);
    inBrowser.list();
  },
  keep: ({ first, ...sent }) => {
    const own = mine.get(sent.id) ?? { id: sent.id };
    const kept = read(PREFIX + own.id);
    const apart = Boolean(kept.text) && kept.text !== own.text;
    // nothing is kept any more when another tab has deleted it, or it had to make room
    const before = (apart || !kept.text ? own.text && JSON.parse(own.text) : kept.document)?.exchanges ?? [];
    if (first !== undefined) sent.exchanges = [...before.slice(0, first), ...sent.exchanges];
    const whole = { ...sent, id: apart ? freshId() : own.id };
    const key = PREFIX + whole.id;
    const text = JSON.stringify(whole);
    write(key, { time: Date.now(), name: apart ? undefined : kept.name, text });
    mine.set(sent.id, { id: whole.id, text });
    storage.setItem(CURRENT, key);
    shown = key;
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
    if (!current) return;
    shown = PREFIX + current;
    storage.setItem(CURRENT, shown);
  },
};
const keeper = list.dataset.server === undefined ? inBrowser : inStore;

const button = (text, className, act, label) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
};

// Where the focus is once the list is drawn anew: whose row, and which of its buttons.
const [OPEN, RENAME] = [0, 1];
let next = null;
const place = (control) => {
  const row = control?.closest?.(".kept li");
  return row && { key: row.dataset.key, button: [...row.children].indexOf(control) };
};

const rename = ({ key, name }, row) => {
  const [open, again, remove] = row.children;
  const field = document.createElement("input");
  field.value = name;
  field.className = "search";
  field.setAttribute("aria-label", list.dataset.rename);
  let over = false;
  const end = (renamed, then) => {
    if (over) return;
    over = true;
    next = then;
    if (renamed) return keeper.rename(key, field.value.trim().slice(0, 120));
    row.replaceChildren(open, again, remove);
    return again.focus();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault(); // it would press the button that gets the focus
      end(true, { key, button: RENAME });
    }
    if (event.key !== "Escape") return;
    event.stopPropagation(); // it would close the drawer
    end(false);
  });
  field.addEventListener("blur", (event) => end(true, place(event.relatedTarget)));
  row.replaceChildren(field);
  field.focus();
};

const remove = ({ key }, row) => {
  const beside = row.nextElementSibling ?? row.previousElementSibling;
  next = { key: beside?.dataset.key, button: OPEN };
  if (storage.getItem(CURRENT) === key) storage.removeItem(CURRENT);
  if (shown === key) trigger("new"); // what comes later would bring it back
  keeper.forget(key);
};

const arm = (control) => {
  const { sure } = list.dataset;
  control.classList.add("armed");
  control.textContent = sure;
  control.setAttribute("aria-label", `${sure} ${control.getAttribute("aria-label")}`);
};

const row = (kept) => {
  const item = document.createElement("li");
  const named = (label) => label.replace("{name}", () => kept.name);
  const { rename: again, renameLabel, delete: away, deleteLabel } = list.dataset;
  item.dataset.key = kept.key;
  item.append(
    button(kept.name, "card name", () => keeper.open(kept.key)),
    button(again, "tool", () => rename(kept, item), named(renameLabel)),
    button(
      away,
      "tool",
      ({ target }) => (target.matches(".armed") ? remove(kept, item) : arm(target)),
      named(deleteLabel),
    ),
  );
  return item;
};

const draw = (rows) => {
  const focus = next ?? place(document.activeElement);
  next = null;
  list.replaceChildren(...rows.map(row));
  if (!focus) return;
  const there = [...list.children].find((one) => one.dataset.key === focus.key);
  (there?.children[focus.button] ?? search).focus();
};

const fits = (chosen) => new Blob([JSON.stringify(chosen)]).size < MOST;
const restore = (chosen) => trigger("restore", fits(chosen) ? chosen : { large: true });

const open = (chosen) => {
  restore(chosen);
  window.footnote.closeDrawer();
};

const clear = () => {
  shown = null;
  storage.removeItem(CURRENT);
};

Object.assign((window.footnote ??= {}), {
  list: () => keeper.list(),
  keep: (text) => (text ? keeper.keep(JSON.parse(text)) : clear()),
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
search.addEventListener("input", () => {
  next = null;
  keeper.list();
});
if (keeper === inBrowser) inBrowser.list();

const current = storage.getItem(CURRENT);
if (current && keeper === inStore) restore({ id: id(current) });
else if (read(current).text) {
  const kept = adopt(current);
  // what cannot be opened is told once, not at every load
  if (kept.text.length > LONGEST || !fits(kept)) storage.removeItem(CURRENT);
  restore(kept);
}
