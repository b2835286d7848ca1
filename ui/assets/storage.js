// The browser's storage. Where a reader has blocked it, what is kept lasts as long as the page.
const storage = (() => {
  try {
    localStorage.getItem("");
    return {
      keys: () => Object.keys(localStorage),
      getItem: (key) => localStorage.getItem(key),
      setItem: (key, value) => localStorage.setItem(key, value),
      removeItem: (key) => localStorage.removeItem(key),
    };
  } catch {
    const kept = new Map();
    return {
      keys: () => [...kept.keys()],
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
    };
  }
})();
