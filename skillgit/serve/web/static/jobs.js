// The jobs are looked at again while some are under way and somebody looks; what is the same stays as it is.

const EVERY = 2000;
const jobs = document.querySelector("#jobs");
const busy = document.querySelector("#busy");
let last = "";
let timer = 0;

function isBusy() {
  return jobs.firstElementChild?.dataset.busy !== "0";
}

function soon() {
  clearTimeout(timer);
  if (isBusy() && !document.hidden) timer = setTimeout(look, EVERY);
}

async function look() {
  try {
    const answer = await fetch(jobs.dataset.part);
    if (answer.ok) show(await answer.text());
  } catch {
    // the server is away: look again later
  }
  soon();
}

function show(text) {
  if (text === last) return;
  last = text;
  const focused = document.activeElement?.id;
  const inside = jobs.contains(document.activeElement);
  jobs.innerHTML = text;
  if (inside) (document.getElementById(focused) ?? jobs.querySelector("a, button"))?.focus({ preventScroll: true });
  const said = jobs.firstElementChild.dataset.said;
  if (busy.textContent !== said) busy.textContent = said;
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});
soon();

// A form that takes a while is sent once.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-once]")) return;
  if (event.target.dataset.once === "sent") event.preventDefault();
  event.target.dataset.once = "sent";
  event.target.querySelector("button").setAttribute("aria-disabled", "true");
});

const checks = document.querySelector("#checks");
fetch(checks.dataset.part)
  .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer)))
  .then((text) => { checks.innerHTML = text; })
  .catch(() => {}); // the link that stands there leads to the same
