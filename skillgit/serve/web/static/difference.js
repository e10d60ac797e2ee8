// Every folded stretch of a difference opens at once, or closes again.

const button = document.getElementById("unfold");
const folds = [...document.querySelectorAll("details.fold")];

if (button && folds.length) {
  const words = [button.textContent, button.dataset.close];
  let open = false;
  button.hidden = false;
  button.addEventListener("click", () => {
    open = !open;
    for (const fold of folds) fold.open = open;
    button.textContent = words[Number(open)];
  });
}
