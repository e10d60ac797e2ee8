// Reviewing by keys. Each key presses what is marked with it, so that nothing can be done by keys alone.

const fields = "input, textarea, select, [contenteditable]";
const help = document.getElementById("keys");
const off = "skillgit-keys-off";

/** What a key presses on this page. */
function marked(key) {
  return document.querySelector(`[data-key="${CSS.escape(key)}"]`);
}

/** Whether single keys act now: not where one types, nor while the help is open. */
function acts(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return false;
  return !event.target.closest(fields) && !help?.open && localStorage.getItem(off) === null;
}

/** The focus goes to the next or the previous line of the list. */
function move(step) {
  const lines = [...document.querySelectorAll(".wait")];
  const at = lines.indexOf(document.activeElement);
  const to = at < 0 ? (step > 0 ? 0 : lines.length - 1) : at + step;
  lines[to]?.focus();
  return lines.length > 0;
}

function press(element) {
  element.click();
  const details = element.closest("details");
  if (element.matches("summary") && details.open) details.querySelector("input:not([type=hidden])").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest(fields)) {
    const details = event.target.closest("details");
    details?.removeAttribute("open");
    (details?.querySelector("summary") ?? event.target).focus();
    if (!details) event.target.blur();
    return;
  }
  if (!acts(event)) return;
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  const element = marked(event.key);
  if (step && move(step)) {
    event.preventDefault();
  } else if (element) {
    event.preventDefault();
    press(element);
  }
});

document.querySelector("details.reject")?.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("#reason").focus();
});

if (help) {
  const opener = document.querySelector(".keyhelp");
  const box = document.getElementById("keys-on");
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  box.checked = localStorage.getItem(off) === null;
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1")));
}

// One decision for each form, and none by a second press while the first is under way.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// A text that is being edited is not lost by leaving the page.
const kept = document.querySelector("form[data-kept]");
if (kept) {
  const text = kept.querySelector("textarea");
  const start = text.value;
  addEventListener("beforeunload", (event) => {
    if (text.value !== start && !kept.dataset.sent) event.preventDefault();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) kept.requestSubmit();
  });
  for (const link of kept.querySelectorAll("a[data-line]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const before = text.value.split("\n").slice(0, link.dataset.line - 1);
      const at = before.join("\n").length + (before.length ? 1 : 0);
      text.focus();
      text.setSelectionRange(at, at + text.value.slice(at).indexOf("\n"));
    });
  }
}
