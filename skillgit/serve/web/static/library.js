// Search as you type: the part of the page that changes is asked for, and the address says what is shown.

const form = document.querySelector(".finder");
const found = document.querySelector("#found");
const said = document.querySelector("#said");
const PAUSE = 180; // milliseconds without a key before it is asked

let waiting = 0;
let asking = null;

document.documentElement.classList.add("script");
form.addEventListener("input", (event) => later(event.target.name === "q" ? PAUSE : 0));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  later(0);
});

function later(pause) {
  clearTimeout(waiting);
  waiting = setTimeout(ask, pause);
}

async function ask() {
  const query = wanted();
  form.order.parentElement.hidden = query.has("q"); // what is found comes with the best first
  asking?.abort();
  asking = new AbortController();
  document.body.classList.add("busy");
  try {
    const answer = await fetch(`${form.dataset.part}?${query}`, { signal: asking.signal });
    if (!answer.ok) return form.submit(); // the page itself says what is wrong
    found.innerHTML = await answer.text();
    history.replaceState(null, "", query.size ? `${form.action}?${query}` : form.action);
    said.textContent = found.querySelector("[data-said]")?.textContent ?? "";
    document.body.classList.remove("busy");
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
}

// What the form says, but for what is said by saying nothing.
function wanted() {
  const usual = (select) => select.options[0].value;
  const query = new URLSearchParams(new FormData(form));
  for (const select of form.querySelectorAll("select")) {
    if (select.value === usual(select)) query.delete(select.name);
  }
  if (!query.get("q").trim()) query.delete("q");
  return query;
}
