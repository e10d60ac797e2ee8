// The map: closer and further, moved by dragging, and walked through with the arrow keys.

const LETTER = 12; // pixels
const NAMES = 60;

const map = document.querySelector(".map");
if (map) begin(map);

function begin(map) {
  const [, , width, height] = map.getAttribute("viewBox").split(" ").map(Number);
  const spots = [...map.querySelectorAll(".spot")];
  const lines = [...map.querySelectorAll(".links line")];
  let view = { x: 0, y: 0, scale: 1 };

  function show(x, y, scale) {
    scale = Math.min(Math.max(scale, 1), 12);
    const free = (size) => size - size / scale;
    view = { x: clamp(x, free(width)), y: clamp(y, free(height)), scale };
    map.setAttribute("viewBox", `${view.x} ${view.y} ${width / scale} ${height / scale}`);
    map.classList.toggle("near", scale > 1);
    name();
  }

  function zoom(factor, at = { x: view.x + width / view.scale / 2, y: view.y + height / view.scale / 2 }) {
    const scale = Math.min(Math.max(view.scale * factor, 1), 12);
    const kept = view.scale / scale;
    show(at.x - (at.x - view.x) * kept, at.y - (at.y - view.y) * kept, scale);
  }

  function point(event) {
    const found = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    return { x: found.x, y: found.y };
  }

  // Names are as large on the screen however near one is, dots grow less than what is between them, and a name stands
  // where it is on no dot and no other name.
  const signs = spots.map((spot) => {
    const [circles, text] = [[...spot.querySelectorAll("circle")], spot.querySelector("text")];
    const sizes = circles.map((circle) => Number(circle.getAttribute("r")));
    const letters = [...text.textContent].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 1.05 : 0.56), 0);
    return { spot, text, circles, sizes, letters, ...centre(spot) };
  });

  function shrink(sign, share) {
    sign.circles.forEach((circle, number) => circle.setAttribute("r", sign.sizes[number] * share));
    sign.r = sign.sizes.at(-1) * share;
    sign.dot = [sign.x - sign.r, sign.y - sign.r, sign.x + sign.r, sign.y + sign.r];
  }

  function name() {
    const unit = 1 / map.getScreenCTM().a;
    map.style.setProperty("--letter", `${LETTER * unit}px`);
    for (const sign of signs) shrink(sign, Math.min(unit ** 0.6, 1.5));
    const taken = [];
    for (const sign of signs) {
      const places = placed(sign, LETTER * unit, 5 * unit);
      const free = (place) => seen(place.box) && !taken.some((other) => meet(place.box, other))
        && !signs.some((other) => other !== sign && meet(place.box, other.dot));
      const found = taken.length < NAMES ? places.find(free) : undefined;
      const { x, y, anchor } = found ?? places[0];
      for (const [of, value] of Object.entries({ x, y, "text-anchor": anchor })) sign.text.setAttribute(of, value);
      sign.spot.classList.toggle("named", Boolean(found));
      if (found) taken.push(found.box);
    }
  }

  function seen([left, top, right, foot]) {
    return left > view.x && top > view.y && right < view.x + width / view.scale && foot < view.y + height / view.scale;
  }

  // One spot is in the order of the tab key; the arrow keys go on from there.
  let here = spots[0];
  spots.forEach((spot, number) => {
    spot.setAttribute("tabindex", number ? "-1" : "0");
    spot.addEventListener("focus", () => { stand(spot); light(number); reveal(spot); });
    spot.addEventListener("blur", () => light(-1));
    spot.addEventListener("pointerenter", () => light(number));
    spot.addEventListener("pointerleave", () => light(-1));
  });

  function stand(spot) {
    here.setAttribute("tabindex", "-1");
    here = spot;
    here.setAttribute("tabindex", "0");
  }

  function light(number) {
    for (const line of lines) {
      line.classList.toggle("lit", Number(line.dataset.one) === number || Number(line.dataset.other) === number);
    }
  }

  function reveal(spot) {
    const [x, y] = [Number(spot.dataset.x), Number(spot.dataset.y)];
    const [wide, high] = [width / view.scale, height / view.scale];
    const inside = x > view.x && x < view.x + wide && y > view.y && y < view.y + high;
    if (!inside) show(x - wide / 2, y - high / 2, view.scale);
  }

  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") zoom(1.5, centre(here));
    else if (event.key === "-") zoom(1 / 1.5, centre(here));
    else if (event.key === "0") show(0, 0, 1);
    else if (event.key in ways) next(...ways[event.key])?.focus({ preventScroll: true });
    else return;
    event.preventDefault();
  });

  function centre(spot) {
    return { x: Number(spot.dataset.x), y: Number(spot.dataset.y) };
  }

  // The nearest spot that lies that way rather than sideways.
  function next(across, down) {
    const from = centre(here);
    let best = null;
    let least = Infinity;
    for (const spot of spots) {
      const [x, y] = [centre(spot).x - from.x, centre(spot).y - from.y];
      const ahead = x * across + y * down;
      const aside = Math.abs(x * down) + Math.abs(y * across);
      const cost = ahead + 2 * aside;
      if (ahead > 0 && ahead >= aside && cost < least) [best, least] = [spot, cost];
    }
    return best;
  }

  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, point(event));
  }, { passive: false });

  let grip = null;
  map.addEventListener("pointerdown", (event) => {
    if (view.scale > 1 && event.button === 0) grip = { at: point(event), moved: false };
  });
  map.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const to = point(event);
    const [x, y] = [grip.at.x - to.x, grip.at.y - to.y];
    if (!grip.moved && Math.hypot(x, y) * view.scale < 5) return;
    if (!grip.moved) map.setPointerCapture(event.pointerId);
    grip.moved = true;
    map.classList.add("moved");
    show(view.x + x, view.y + y, view.scale);
  });
  for (const end of ["pointerup", "pointercancel"]) map.addEventListener(end, release);

  function release() {
    const moved = grip?.moved;
    grip = null;
    map.classList.remove("moved");
    // what was dragged is not also clicked
    if (moved) map.addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
  }
  map.addEventListener("dragstart", (event) => event.preventDefault());

  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => Number(button.dataset.zoom) ? zoom(Number(button.dataset.zoom)) : show(0, 0, 1));
  }
  for (const hidden of document.querySelectorAll(".zoom, .keys")) hidden.hidden = false;
  new ResizeObserver(name).observe(map);
}

// Below, above, right and left of a dot, with the room that a name takes there.
function placed({ x, y, r, letters }, size, gap) {
  const wide = letters * size;
  const far = r + gap;
  return [
    { x, y: y + far + 0.75 * size, anchor: "middle" },
    { x, y: y - far, anchor: "middle" },
    { x: x + far, y: y + 0.35 * size, anchor: "start" },
    { x: x - far, y: y + 0.35 * size, anchor: "end" },
  ].map((place) => {
    const left = place.x - { start: 0, middle: wide / 2, end: wide }[place.anchor];
    return { ...place, box: [left, place.y - 0.95 * size, left + wide, place.y + 0.25 * size] };
  });
}

function meet([left, top, right, foot], other) {
  return left < other[2] && other[0] < right && top < other[3] && other[1] < foot;
}

function clamp(value, most) {
  return Math.min(Math.max(value, 0), most);
}
