// Carries what the server sends to the browser's storage, and files to the reader's disk.
watch("value", () => window.footnote.keep(props.value));
