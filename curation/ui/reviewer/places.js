// Places: where in the target image the details of a suggestion are seen, drawn as named boxes.

/** The layer over the target image; the boxes are shares of the picture as it is shown, whatever its size. */
function placeLayer() {
  return el("div", { class: "places", "aria-hidden": "true" }, el("div", {}));
}

/** Draw the boxes of what has the pointer, else of what has the focus, else of the noun that the
 * arrow keys chose: where its chosen word is seen, before one is chosen where its first is. */
function paintPlaces(state) {
  const { look, judge, root } = state.parts;
  const layer = look?.querySelector(".places > div");
  if (!root || !layer) return;
  const over = judge.querySelector("[data-places]:hover") ?? activeElement(state)?.closest?.("[data-places]");
  const places = over ? placesOf(state, over.dataset.places) : slotPlaces(state);
  const shows = JSON.stringify(places);
  if (layer.dataset.shows === shows) return;
  layer.dataset.shows = shows;
  layer.replaceChildren(...places.map(placeBox));
  fitPlaces(layer);
}

/** Return the places that a suggestion ("2") or an attribute of a noun ("1 0") has. */
function placesOf(state, at) {
  const [i, k] = at.split(" ").map(Number);
  const item = shown(state);
  return (k === undefined ? item?.suggestions[i] : item?.slots[i]?.options[k])?.places ?? [];
}

function slotPlaces(state) {
  if (!state.slotMoved) return [];
  const options = shown(state)?.slots[state.slot]?.options ?? [];
  const last = [...(state.chosen[state.slot] ?? [])].at(-1); // of several words that were chosen the last one
  return (last === undefined ? options.find((option) => option.places.length) : options[last])?.places ?? [];
}

function placeBox({ name, box: [left, top, right, bottom] }) {
  const share = (value) => `${(100 * value).toFixed(2)}%`;
  const style = `left: ${share(left)}; top: ${share(top)}; width: ${share(right - left)}; height: ${share(bottom - top)}`;
  const at = `${left + right > 1 ? "end" : "start"}${top < 0.15 ? " inside" : ""}`; // the name stands over its box where there is room
  return el("div", { class: "place", style }, el("b", { class: at, dir: "auto" }, name));
}

/** Give the layer the shape of the picture, once that is known. */
function fitPlaces(layer) {
  const image = layer.parentElement.parentElement.querySelector("img.picture");
  if (!image) return layer.replaceChildren(); // it cannot be shown
  const fit = () => layer.style.setProperty("--ratio", String(image.naturalWidth / image.naturalHeight));
  if (image.naturalWidth) fit();
  else image.addEventListener("load", fit, { once: true });
}

function goesThroughOffers(state) {
  const item = shown(state);
  return Boolean(item?.suggestions.length && !item.slots.length && state.mode === "view");
}

/**
 * The arrow keys go through the suggestions: the focus shows the boxes of each, Enter accepts it. The space bar goes on
 * skipping, as its button says; only who comes by Tab presses a suggestion with it, as any button.
 */
function moveOffer(state, step) {
  const offers = [...state.parts.judge.querySelectorAll(".offer")];
  if (!offers.length) return;
  const at = offers.indexOf(activeElement(state));
  const next = at < 0 ? (step > 0 ? 0 : offers.length - 1) : (at + step + offers.length) % offers.length;
  state.walked = true;
  offers[next].focus();
}
