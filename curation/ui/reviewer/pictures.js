// Pictures: fetched and decoded before their item is painted.

const PICTURES_KEPT = 80;

/** Return an image element for a picture, an already decoded one where it was prefetched. */
function pictureElement(state, picture, className) {
  if (!picture.url) return el("div", { class: `${className} missing` }, "No image is held here, only its name.");
  const image = state.pictures.get(picture.url) ?? loadedImage(picture);
  state.pictures.delete(picture.url); // an element stands in one place only: the next use makes its own
  image.className = className;
  image.alt = picture.alt;
  image.onerror = () => {
    image.replaceWith(
      el("div", { class: `${className} missing`, role: "img", "aria-label": picture.alt }, "This image cannot be shown."),
    );
  };
  return image;
}

function loadedImage(picture) {
  const image = new Image();
  image.decoding = "async";
  if (picture.width && picture.height) [image.width, image.height] = [picture.width, picture.height];
  image.draggable = false;
  image.src = picture.url;
  return image;
}

/** Fetch what the next items will show. */
function prefetch(state, items) {
  for (const item of items) {
    const pictures = [item.image, item.candidate, ...(item.rivals ?? []).map((rival) => rival.picture)];
    for (const picture of pictures) {
      if (!picture?.url || state.pictures.has(picture.url)) continue;
      const image = loadedImage(picture);
      image.decode().catch(() => state.pictures.delete(picture.url)); // said where it is painted
      state.pictures.set(picture.url, image);
    }
  }
  while (state.pictures.size > PICTURES_KEPT) state.pictures.delete(state.pictures.keys().next().value);
}
