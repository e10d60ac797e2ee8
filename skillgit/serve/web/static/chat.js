// A conversation while it happens: messages are posted by script, and what comes of them is shown as it comes.

const say = document.getElementById("say");
const text = document.getElementById("text");
const turns = document.getElementById("turns");
const stop = document.getElementById("stop");
const again = document.getElementById("again");
const doing = document.getElementById("doing");
const words = document.getElementById("words").content.firstElementChild.dataset;

let answering = null; // what aborts the answer that is under way
let following = false;

/** The events of an answer: name and what it says, one after the other. */
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (name) yield [name, JSON.parse(data)];
    }
  }
}

/** Post what a form says, to what a button of it says, and hand on the events. What is no event is an error page. */
async function* posted(form, address, signal) {
  const body = new URLSearchParams(new FormData(form));
  body.set("stream", "1");
  yield* streamed(await fetch(address, { method: "POST", body, signal }));
}

async function* streamed(response) {
  const kind = response.headers.get("content-type") ?? "";
  if (kind.startsWith("text/event-stream")) {
    yield* events(response);
    return;
  }
  if (response.redirected || response.status === 401) location.reload(); // who is no longer logged in
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const said = page.querySelector("main .problem, main .hint");
  yield ["refused", { html: said?.outerHTML ?? response.statusText }];
  yield ["end", {}];
}

/** Put HTML of ours, or a template's, at the end; it stays in sight for those who are there. */
function append(html) {
  const piece = document.createElement("template");
  piece.innerHTML = html;
  return put(piece);
}

function put(template) {
  const here = atEnd();
  const added = template.content.cloneNode(true).firstElementChild;
  turns.querySelector(".welcome")?.remove();
  if (added) turns.append(added);
  if (here) toEnd();
  return added;
}

function atEnd() {
  const { scrollHeight, scrollTop, clientHeight } = document.documentElement;
  return scrollHeight - scrollTop - clientHeight < 160;
}

function toEnd() {
  window.scrollTo({ top: document.documentElement.scrollHeight });
}

function named(id) {
  return document.getElementById(id);
}

/** While an answer comes it can be stopped, and nothing else be said. */
function busy(is) {
  stop.hidden = !is;
  named("send").hidden = is;
  again.hidden = is || !turns.querySelector(".turn");
  turns.setAttribute("aria-busy", String(is));
}

/** From now on the page is that of a conversation that has begun. */
function begun(to) {
  history.replaceState(null, "", to);
  say.action = `${to}/say`;
  say.dataset.name = to.split("/").pop();
  again.setAttribute("formaction", `${to}/again`);
}

/** Show what is said, as an answer that comes. */
class Answer {
  constructor() {
    this.waiting = put(named("thinking"));
    this.article = null;
    this.found = null;
  }

  piece(said) {
    this.over();
    this.article ??= put(named("partial"));
    const here = atEnd();
    this.article.querySelector(".raw").append(said);
    if (here) toEnd();
  }

  whole(html) {
    this.over();
    this.found?.remove();
    const here = atEnd();
    this.article?.remove();
    offerCopy(append(html));
    if (here) toEnd();
  }

  /** Nothing more comes; what was said stays. */
  over() {
    this.waiting?.remove();
    this.waiting = null;
  }

  broken() {
    this.over();
    this.article?.classList.remove("coming");
    this.article?.removeAttribute("aria-busy");
  }
}

/** Say something, or have it said again, and show all that comes of it. */
async function talk(address) {
  const said = text.value;
  const isSaid = address === say.action;
  const aborter = new AbortController();
  answering = aborter;
  const happening = posted(say, address, aborter.signal);
  if (isSaid) text.value = "";
  else turns.querySelector(".turn.answer:last-of-type")?.classList.add("old");
  busy(true);
  const answer = new Answer();
  const settle = await show(happening, answer, aborter, () => {
    if (isSaid && text.value === "") text.value = said;
  });
  answer.broken();
  answering = null;
  busy(false);
  if (settle) follow();
}

/** Whether there is more to hear of when the events have ended. */
async function show(happening, answer, aborter, refuse) {
  let mine = null;
  let ended = false;
  try {
    for await (const [name, it] of happening) {
      if (name === "begun") begun(it.to);
      else if (name === "go") location.assign(it.to);
      else if (name === "said") mine = before(answer.waiting, append(it.html));
      else if (name === "found") answer.found = before(answer.waiting, append(it.html));
      else if (name === "piece") answer.piece(it.text);
      else if (name === "answered") answer.whole(it.html);
      else if (name === "end") ended = end(it);
      else if (name === "refused") {
        answer.over();
        mine?.remove();
        refuse();
        append(it.html);
      } else {
        answer.over();
        append(it.html);
      }
      if (name === "found" || name === "answered") forget();
    }
    if (!ended) put(named("lost"));
  } catch (error) {
    put(named(aborter.signal.aborted ? "stopped" : "lost"));
  }
  return !ended || doing.hidden === false;
}

/** What waits stays at the end. */
function before(waiting, added) {
  if (waiting && added) waiting.before(added);
  return added;
}

/** The answer that another one takes the place of. */
function forget() {
  for (const old of turns.querySelectorAll(".turn.old")) old.remove();
}

function end(it) {
  if (it.turns !== undefined) say.elements.seen.value = it.turns;
  if (it.lessons !== undefined) say.dataset.lessons = it.lessons;
  doing.hidden = !it.pending;
  const settings = named("settings");
  for (const [name, value] of Object.entries(it.options ?? {})) {
    if (settings) settings.elements[name].value = value ?? "";
  }
  return true;
}

/** Hear what is learned, until there is nothing more to come. */
async function follow() {
  if (following || !say.dataset.name) return;
  following = true;
  try {
    do {
      const after = say.dataset.lessons ?? 0;
      await heard(await fetch(`/chat/${say.dataset.name}/events?after=${after}`));
    } while (!doing.hidden && !answering);
  } catch {
    doing.hidden = true; // the next message says that the connection is lost
  }
  following = false;
}

async function heard(response) {
  for await (const [name, it] of streamed(response)) {
    if (name === "learned") append(it.html);
    else if (name === "end") end(it);
  }
}

function offerCopy(article) {
  if (!article || !navigator.clipboard) return;
  const button = named("copying").content.cloneNode(true).firstElementChild;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(article.querySelector(".prose").innerText);
    button.textContent = words.copied;
  });
  article.append(button);
}

say.addEventListener("submit", (event) => {
  event.preventDefault();
  if (answering) return;
  const address = event.submitter?.formAction && event.submitter.hasAttribute("formaction") ? event.submitter.formAction : say.action;
  if (address === say.action && !text.value.trim()) return;
  talk(address);
});

text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  say.requestSubmit(named("send"));
});

stop.addEventListener("click", () => {
  answering?.abort();
  text.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") answering?.abort();
});

named("extract")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  doing.hidden = false;
  try {
    for await (const [name, it] of posted(form, form.action)) {
      if (name === "end") end(it);
      else append(it.html);
    }
  } catch {
    put(named("lost"));
  }
  form.reset();
});

named("settings")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const said = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (said.ok) named("saved").textContent = words.saved;
  else for await (const [name, it] of streamed(said)) if (name === "refused") append(it.html);
});
named("settings")?.addEventListener("input", () => (named("saved").textContent = ""));

for (const article of turns.querySelectorAll(".answer")) offerCopy(article);
if ("pending" in say.dataset) follow();
if (turns.querySelector(".turn")) toEnd();
