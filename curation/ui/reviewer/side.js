// The side: guidelines or history, beside the item on a wide screen, in a sheet over it on a narrow one.

const SIDE_KEY = "regrain.side"; // sessionStorage: what stands there, through reloads and queues
const WIDE_PX = 900;

function hasGuidelines(state) {
  const { text, examples } = state.data.guidelines;
  return Boolean(text || examples.length);
}

/** Put guidelines or history beside the item, or take them away; where there is no room, over it. */
function toggleSide(state, kind) {
  if (state.parts.root.clientWidth < WIDE_PX) return openSheet(state, SIDES[kind].title, SIDES[kind].body(state));
  state.side = state.side === kind ? null : kind;
  keepSide(state.side);
  paintSide(state);
  state.parts.spoken.textContent = state.side ? `${SIDES[kind].title}: beside the item` : `${SIDES[kind].title}: closed`;
}

const SIDES = {
  guidelines: { title: "Guidelines", body: guidelinesBody },
  history: { title: "History of this item", body: historyBody },
};

/** Paint what stands beside the item, where it has changed. */
function paintSide(state) {
  const { side, root } = state.parts;
  const kind = state.side === "guidelines" && !hasGuidelines(state) ? null : state.side;
  const shows = JSON.stringify([kind, kind === "history" ? shown(state)?.history : kind && state.data.guidelines]);
  if (side.dataset.shows === shows) return;
  side.dataset.shows = shows;
  root.classList.toggle("sided", Boolean(kind));
  side.hidden = !kind;
  if (!kind) return side.replaceChildren();
  const close = el("button", { type: "button", class: "btn", on: { click: pressed(() => toggleSide(state, kind)) } }, "Close");
  side.setAttribute("aria-label", SIDES[kind].title);
  side.replaceChildren(el("div", { class: "sheet-head" }, el("h2", {}, SIDES[kind].title), close), SIDES[kind].body(state));
}

function keepSide(side) {
  try {
    window.sessionStorage.setItem(SIDE_KEY, side ?? "");
  } catch {
    // switched off: it is open until the reload
  }
}

function keptSide() {
  try {
    const kept = window.sessionStorage.getItem(SIDE_KEY);
    return kept in SIDES ? kept : null;
  } catch {
    return null;
  }
}

function guidelinesBody(state) {
  const { text, examples } = state.data.guidelines;
  const rows = examples.map((example) =>
    el(
      "li",
      { class: "example" },
      example.picture && pictureElement(state, example.picture, "small"),
      el(
        "div",
        {},
        el("p", { dir: "auto" }, example.text),
        el("p", {}, el("span", { class: `chip ${example.tone}` }, example.verdict), " ", el("span", { class: "hint", dir: "auto" }, example.why)),
      ),
    ),
  );
  return el(
    "div",
    {},
    text && el("p", { class: "guide", dir: "auto" }, text),
    rows.length > 0 && [el("h3", {}, "Examples"), el("ul", { class: "examples" }, rows)],
  );
}

function historyBody(state) {
  const rows = (shown(state)?.history ?? []).map((entry) =>
    el(
      "li",
      {},
      el("p", {}, el("strong", { dir: "auto" }, entry.who), " ", momentOf(entry)),
      el("p", { dir: "auto" }, entry.what),
    ),
  );
  return rows.length ? el("ol", { class: "history" }, rows) : el("p", { class: "hint" }, "Nobody has judged or changed this item yet.");
}

/** A moment in the person's own time, with the server's words for it where there is no more. */
function momentOf(entry) {
  const at = entry.at ? new Date(entry.at) : null;
  if (!at || Number.isNaN(at.getTime())) return el("time", {}, entry.when);
  const full = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  const recent = / ago$|^just now$/.test(entry.when);
  return el("time", { datetime: entry.at, title: at.toLocaleString() }, recent ? `${full} (${entry.when})` : full);
}

// ---- the sheet, over the item

function openSheet(state, title, body) {
  const sheet = state.parts.sheet;
  const close = el("button", { type: "button", class: "btn", on: { click: () => sheet.close() } }, keyCap("escape"), "Close");
  sheet.setAttribute("aria-label", title);
  sheet.replaceChildren(el("div", { class: "sheet-head" }, el("h2", {}, title), close), body);
  if (!sheet.open) sheet.showModal();
}
