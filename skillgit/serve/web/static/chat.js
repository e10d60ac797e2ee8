// A conversation while it happens: messages are posted by script, and what comes of them is shown as it comes.

const say = named("say");
const text = named("text");
const turns = named("turns");
const stop = named("stop");
const again = named("again");
const doing = named("doing");
const words = named("words").content.firstElementChild.dataset;

let answering = null; // what aborts the answer that is under way
let following = false;

function named(id) {
  return document.getElementById(id);
}

/* What is sent, and the events that come of it */

/** Post what a form says now, and hand on the events that come of it. */
function posted(form, address, signal) {
  const body = new URLSearchParams(new FormData(form));
  body.set("stream", "1");
  return streamed(fetch(address, { method: "POST", body, signal }));
}

/** The events of an answer, or what its error page says. */
async function* streamed(asked) {
  const response = await asked;
  if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
    yield* events(response);
    return;
  }
  if (response.redirected || response.status === 401) location.reload(); // who is no longer logged in
  const page = parsed(await response.text());
  yield ["refused", { html: page.querySelector("main .problem")?.outerHTML ?? "" }];
  yield ["end", {}];
}

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

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

/* What is shown */

/** Put HTML of ours at the end; who reads there goes along. */
function append(html) {
  const piece = document.createElement("template");
  piece.innerHTML = html;
  return put(piece);
}

function put(template) {
  const added = template.content.cloneNode(true).firstElementChild;
  turns.querySelector(".welcome")?.remove();
  if (added) along(() => turns.append(added));
  return added;
}

/** Change what is shown, and keep the end in sight of those who were there. */
function along(change) {
  const { scrollHeight, scrollTop, clientHeight } = document.documentElement;
  const isThere = scrollHeight - scrollTop - clientHeight < 160;
  change();
  if (isThere) toEnd();
}

function toEnd() {
  window.scrollTo({ top: document.documentElement.scrollHeight });
}

/** While an answer comes it can be stopped, and nothing else be said. */
function busy(is) {
  stop.hidden = !is;
  named("send").hidden = is;
  again.hidden = is || !turns.querySelector(".you");
  turns.setAttribute("aria-busy", String(is));
}

/** From now on the page is that of a conversation that has begun. */
function begun(to) {
  history.replaceState(null, "", to);
  say.action = `${to}/say`;
  say.dataset.name = to.split("/").pop();
  again.setAttribute("formaction", `${to}/again`);
}

/** The page as the server has it now. */
async function look(query = "") {
  return parsed(await (await fetch(location.pathname + query)).text());
}

/** What stands around the conversation is as it is on a page. */
function frame(page) {
  for (const part of [".about", ".others"]) {
    document.querySelector(part).replaceChildren(...page.querySelector(part).childNodes);
  }
  document.title = page.title;
  if (!document.querySelector(".below")) {
    say.querySelector("details")?.remove();
    document.querySelector(".composer").after(page.querySelector(".below"));
  }
}

/** All that was said is shown as it is kept, when the answer that is under way or was stopped has ended. */
async function caughtUp() {
  let page = await look();
  for (let pause = 100; "answering" in page.getElementById("say").dataset; pause = Math.min(1.5 * pause, 2000)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    page = await look();
  }
  if (answering) return;
  frame(page);
  along(() => turns.replaceChildren(...page.getElementById("turns").childNodes));
  turns.querySelectorAll(".answer").forEach(offerCopy);
  const its = page.getElementById("say");
  say.elements.seen.value = its.elements.seen.value;
  say.dataset.lessons = its.dataset.lessons;
  doing.textContent = page.getElementById("doing").textContent;
  doing.hidden = page.getElementById("doing").hidden;
}

/** An answer that comes. */
class Answer {
  constructor() {
    this.waiting = put(named("thinking"));
    this.article = null;
    this.found = null;
    this.old = null;
  }

  find(html) {
    this.old?.remove();
    this.found = this.before(append(html));
  }

  piece(said) {
    this.settle();
    this.article ??= put(named("partial"));
    along(() => this.article.querySelector(".raw").append(said));
  }

  whole(html) {
    this.settle();
    along(() => {
      for (const piece of [this.old, this.found, this.article]) piece?.remove();
      offerCopy(append(html));
    });
  }

  /** What waits stays at the end. */
  before(added) {
    if (this.waiting && added) this.waiting.before(added);
    return added;
  }

  /** Nothing is waited for any more; what was said stays. */
  settle() {
    this.waiting?.remove();
    this.waiting = null;
  }

  end() {
    this.settle();
    this.article?.classList.remove("coming");
    this.article?.removeAttribute("aria-busy");
    this.old?.classList.remove("old");
  }
}

/* What is done */

/** Post the composer to an address, and show all that comes of it. */
async function talk(address) {
  const said = address === say.action ? text.value : "";
  const aborter = new AbortController();
  const happening = posted(say, address, aborter.signal);
  const answer = new Answer();
  turns.querySelector(".lost")?.remove();
  if (said) text.value = "";
  else answer.old = turns.querySelector(".turn.answer:last-of-type");
  answer.old?.classList.add("old");
  answering = aborter;
  busy(true);
  const fate = await show(happening, answer, aborter);
  answer.end();
  answering = null;
  busy(false);
  if (said && ["refused", "unsent"].includes(fate) && !text.value) text.value = said;
  if (["stopped", "lost", "unsent"].includes(fate)) put(named(fate));
  await settled(fate);
}

/** What became of it: `done`, `refused`, `stopped`, `lost` in the middle, or `unsent`. */
async function show(happening, answer, aborter) {
  let fate = "unsent";
  let mine = null;
  try {
    for await (const [name, it] of happening) {
      if (fate === "unsent") fate = "lost";
      if (name === "begun") begun(it.to);
      else if (name === "go") location.assign(it.to);
      else if (name === "said") mine = answer.before(append(it.html));
      else if (name === "found") answer.find(it.html);
      else if (name === "piece") answer.piece(it.text);
      else if (name === "answered") answer.whole(it.html);
      else if (name === "end") fate = fate === "refused" ? fate : end(it);
      else {
        answer.settle();
        append(it.html);
        if (name === "refused") {
          mine?.remove();
          fate = name;
        }
      }
    }
  } catch (error) {
    if (aborter.signal.aborted) fate = "stopped";
  }
  return fate;
}

function end(it) {
  if (it.turns !== undefined) say.elements.seen.value = it.turns;
  if (it.lessons !== undefined) say.dataset.lessons = it.lessons;
  doing.hidden = !it.pending;
  const settings = named("settings");
  for (const [name, value] of Object.entries(it.options ?? {})) {
    if (settings) settings.elements[name].value = value ?? "";
  }
  return "done";
}

/** After an answer: what is around it, where it was broken off what of it is kept, and what is learned. */
async function settled(fate) {
  if (!say.dataset.name || fate === "unsent") return;
  const isBroken = ["stopped", "lost"].includes(fate);
  if (isBroken) say.elements.seen.value = ""; // how much of it is kept is not known yet
  try {
    if (fate === "done") frame(await look("?last=none"));
    if (fate === "stopped") await caughtUp();
    if (fate !== "refused") await follow();
  } catch {
    doing.hidden = true; // the next message says that the server cannot be reached
  }
}

/** Hear what is learned, until there is nothing more to come. */
async function follow() {
  if (following) return;
  following = true;
  try {
    do {
      const after = say.dataset.lessons ?? 0;
      await heard(streamed(fetch(`/chat/${say.dataset.name}/events?after=${after}`)));
    } while (!doing.hidden && !answering);
  } finally {
    following = false;
  }
}

async function heard(happening) {
  for await (const [name, it] of happening) {
    if (name === "end") end(it);
    else if (!isThere(it.html)) append(it.html);
  }
}

/** Whether what was learned is shown already, as the page was caught up with meanwhile. */
function isThere(html) {
  const at = parsed(html).querySelector(".lesson")?.dataset.at;
  return at !== undefined && turns.querySelector(`.lesson[data-at="${at}"]`) !== null;
}

async function extract(form) {
  doing.hidden = false;
  try {
    await heard(posted(form, form.action));
    form.reset();
  } catch {
    put(named("unsent"));
  }
}

async function configure(form) {
  const saved = named("saved");
  const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  saved.textContent = response.ok ? words.saved : "";
  if (!response.ok) await heard(streamed(Promise.resolve(response)));
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

document.addEventListener("submit", (event) => {
  const form = event.target;
  const act = { say: submit, extract: () => extract(form), settings: () => configure(form) }[form.id];
  if (!act) return;
  event.preventDefault();
  act(event.submitter);
});

function submit(button) {
  const address = button?.hasAttribute("formaction") ? button.formAction : say.action;
  if (answering || (address === say.action && !text.value.trim())) return;
  text.focus();
  talk(address);
}

text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  say.requestSubmit(named("send"));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) answering?.abort();
});

stop.addEventListener("click", () => {
  answering?.abort();
  text.focus();
});

turns.addEventListener("click", (event) => {
  if (event.target.matches(".lost button")) again.click();
});

document.addEventListener("input", (event) => {
  if (event.target.form?.id === "settings") named("saved").textContent = "";
});

turns.querySelectorAll(".answer").forEach(offerCopy);
if ("answering" in say.dataset) settled("stopped");
else if ("pending" in say.dataset) follow().catch(() => (doing.hidden = true));
if (turns.querySelector(".turn")) toEnd();
