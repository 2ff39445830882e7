// Painting: the state as it stands becomes what is seen. Nothing here changes what was decided.

/** Paint the item on the screen and note when it became visible. */
function paintItem(state) {
  const item = shown(state);
  const { look, judge } = state.parts;
  state.paintedAt = null;
  look.replaceChildren(...(item ? [stage(state, item), rivalStrip(state, item)].filter(Boolean) : []));
  judge.replaceChildren(...(item ? judgeParts(state, item) : [emptyPanel(state)]));
  state.parts.root.classList.toggle("none", !item);
  paintPlaces(state);
  state.parts.spoken.textContent = item ? `Item: ${item.text}` : "";
  state.paintedId = item?.id ?? null;
  paintSide(state);
  notePaint(state);
  prefetch(state, upcoming(state));
  awaitOffers(state);
}

/** The moment of painting is taken in the frame's own task, after layout: presses before it, and 120 ms on, do not act. */
function notePaint(state) {
  const turn = (state.turn = (state.turn ?? 0) + 1);
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    if (turn === state.turn) state.paintedAt = performance.now();
  };
  window.requestAnimationFrame(() => channel.port2.postMessage(null));
}

/** Paint the judging side anew without a new item: a mode, a slot or an option has changed. */
function paintJudge(state) {
  const item = shown(state);
  if (!item) return;
  const focused = activeElement(state)?.dataset?.places;
  state.parts.judge.replaceChildren(...judgeParts(state, item));
  if (focused !== undefined) state.parts.judge.querySelector(`[data-places="${focused}"]`)?.focus({ preventScroll: true });
  paintPlaces(state);
}

/** Paint title, counts, pace and progress, where they have changed. */
function paintHead(state) {
  const { data, parts } = state;
  const shows = JSON.stringify([data.title, data.tabs, data.rate, data.person, data.todo, data.done]);
  if (parts.title.dataset.shows === shows) return;
  parts.title.dataset.shows = shows;
  parts.title.textContent = data.title;
  parts.tabs.replaceChildren(...data.tabs.map((tab, i) => el("li", {}, tabLabel(tab, i === 0))));
  parts.rate.textContent = data.rate;
  parts.me.textContent = data.person.split(/[\s._-]+/).map((word) => word.slice(0, 1)).join("").slice(0, 2).toUpperCase();
  parts.me.setAttribute("aria-label", `Working as ${data.person}`);
  parts.me.title = data.person;
  const all = data.todo + data.done;
  const share = all ? (100 * data.done) / all : 0;
  parts.progress.setAttribute("aria-valuenow", share.toFixed(0));
  parts.progress.firstElementChild.style.width = `${share}%`;
}

function tabLabel(tab, on) {
  const inside = [tab.label, " ", el("b", {}, tab.count.toLocaleString("en"))];
  const className = on ? "tab on" : "tab";
  return tab.href ? el("a", { class: className, href: tab.href, "aria-current": on && "page" }, inside) : el("span", { class: className }, inside);
}

function paintSaved(state) {
  const { saved } = state.parts;
  const now = saveState(state);
  const number = state.pending.length;
  const unkept = state.unkept ? " (and this browser keeps no copy)" : "";
  const shows = `${now} ${now === "unsaved" ? number : ""}${unkept}`;
  if (saved.dataset.shows === shows) return;
  saved.dataset.state = now;
  saved.dataset.shows = shows;
  if (now === "unsaved") {
    const retry = el("button", { type: "button", class: "retry", on: { click: pressed(() => send(state)) } }, `NOT saved – retry`);
    saved.replaceChildren(retry, ` ${number} waiting${unkept}`);
  } else {
    saved.replaceChildren(el("i", { "aria-hidden": "true" }), now === "saved" ? "Saved" : "Saving…");
  }
}

/** How many presses were ignored: said beside the saved state, and never guessed at. */
function paintIgnored(state) {
  const { early } = state.parts;
  early.textContent = state.ignoredTotal ? `${state.ignoredTotal.toLocaleString("en")} ignored` : "";
  early.title = ignoredWords(state);
}

function ignoredWords(state) {
  const n = state.ignoredTotal;
  return n ? `${n.toLocaleString("en")} ${n === 1 ? "press" : "presses"} came too early after a new item, or from a key held down: not taken as answers.` : "";
}

// ---- the looking side: image, candidate, rivals

function stage(state, item) {
  const compared = item.candidate ?? (state.compare === null ? null : item.rivals[state.compare]?.picture);
  const label = item.candidate ? "Candidate from the pool" : "Rival";
  if (!compared) {
    const { width, height } = item.image;
    const shape = width && height ? `--shape: ${width} / ${height}` : null;
    return el("div", { class: "stage", style: shape }, pictureElement(state, item.image, "picture"), placeLayer());
  }
  return el(
    "div",
    { class: `stage pair${item.candidate ? " versus" : ""}` },
    el("div", {}, pictureElement(state, item.image, "picture"), placeLayer(), el("em", {}, item.candidate ? "The caption's own image" : "Target")),
    el("div", {}, pictureElement(state, compared, "picture"), el("em", {}, label)),
  );
}

function rivalStrip(state, item) {
  if (!item.rivals.length) return null;
  const thumbs = item.rivals.map((rival, i) =>
    el(
      "button",
      {
        type: "button",
        class: `thumb${rival.own ? " own" : ""}`,
        "aria-pressed": rival.own ? null : String(state.compare === i),
        "aria-label": `${rival.own ? "The target" : "Rival, press to compare"}: ${rival.label}. ${rival.picture.alt}`,
        on: { click: pressed(() => compareRival(state, rival.own ? null : i)) },
      },
      pictureElement(state, { ...rival.picture, alt: "" }, "small"),
      el("small", {}, rival.own ? `target · ${rival.label}` : rival.label),
    ),
  );
  const head = el("h2", {}, el("span", {}, item.rivals_title || "Nearest rivals"), el("span", {}, item.rivals_note));
  return el("div", { class: "strip" }, head, el("div", { class: "thumbs" }, thumbs));
}

// ---- the judging side

function judgeParts(state, item) {
  const parts = [chipRow(state, item)];
  if (state.mode === "edit") parts.push(editorPanel(state, item));
  else parts.push(el("p", { class: "cap", dir: "auto", tabindex: "-1" }, item.slots.length ? slotCaption(state, item) : item.text));
  if (item.answers?.length) parts.push(answersPanel(item));
  if (item.note) parts.push(el("p", { class: "note", dir: "auto" }, item.note));
  if (state.mode === "reason") parts.push(reasonPanel(state)); // alone: digits now mean reasons, not suggestions
  else parts.push(...choiceParts(state, item));
  if (item.others.length) parts.push(otherCaptions(item));
  parts.push(foot(state, item));
  return parts;
}

function choiceParts(state, item) {
  const parts = [];
  if (item.slots.length && state.mode !== "edit") parts.push(slotPanel(state, item));
  if (item.suggestions.length) parts.push(el("div", { class: "offers" }, item.suggestions.map((offer, i) => offerCard(state, offer, i))));
  if (state.mode !== "edit") parts.push(actionBar(state));
  return parts;
}

function chipRow(state, item) {
  const chips = item.chips.map((chip) => el("li", { class: `chip ${chip.tone}` }, chip.text));
  if (state.lookBack !== null) {
    const entry = state.journal[state.lookBack];
    chips.unshift(el("li", { class: "chip past" }, entry.undone ? `Earlier: “${entry.label}”, taken back` : `Earlier: you chose “${entry.label}”`));
  }
  return el("ul", { class: "chips", "aria-label": "About this item" }, chips);
}

function offerCard(state, offer, i) {
  const accept = el(
    "button",
    { type: "button", class: `offer${i === 0 ? " best" : ""}`, "data-places": i, on: { click: pressed(() => acceptOffer(state, i)) } },
    showsKeys(state) && i < 9 ? keyCap(String(i + 1)) : el("span", {}),
    el(
      "span",
      { class: "offer-body" },
      el("span", { class: "wording", dir: "auto" }, offer.diff.map(diffRun)),
      el(
        "span",
        { class: "evidence" },
        offer.caution && el("span", { class: "chip warn" }, "⚠ ", offer.caution),
        el("span", {}, offer.source),
        offer.evidence && evidenceLine(offer.evidence),
      ),
    ),
  );
  const edit = el(
    "button",
    { type: "button", class: "offer-edit", "aria-label": `Edit suggestion ${i + 1}`, title: `Edit this one (Shift+${i + 1})`, on: { click: pressed(() => startEdit(state, offer)) } },
    "Edit",
  );
  return el("div", { class: "offer-row" }, accept, state.data.can_edit && edit);
}

/** The verdicts proper stand large where they are the answer; the rest stands under them in one row. */
function actionBar(state) {
  const buttons = bindings(state).filter((binding) => binding.button);
  const digits = buttons.filter((binding) => /^[0-9]$/.test(binding.key));
  const large = digits.length ? [...digits, ...buttons.filter((binding) => binding.action === "fine")] : [];
  const small = buttons.filter((binding) => !large.includes(binding));
  return el(
    "div",
    { class: "decide", role: "group", "aria-label": "Verdicts" },
    large.length > 0 && el("div", { class: "verdicts" }, large.map((binding) => actionButton(state, binding))),
    el("div", { class: "act" }, small.map((binding) => actionButton(state, binding))),
  );
}

function actionButton(state, binding) {
  const undo = binding.action === "undo" ? undoable(state) : null;
  return el(
    "button",
    {
      type: "button",
      class: `btn ${binding.tone ?? ""}${binding.action === "undo" ? " last" : ""}`,
      "data-action": binding.action,
      disabled: binding.action === "undo" && !undo,
      title: undo && `Take back “${undo.label}”`,
      on: { click: pressed((event) => press(state, event, binding.run)) },
    },
    showsKeys(state) && keyCap(binding.key),
    binding.label,
  );
}

function otherCaptions(item) {
  const rows = item.others.map((other) => el("li", { value: other.i + 1, dir: "auto" }, markedText(other.text, other.marks)));
  return el("div", { class: "others" }, el("h2", {}, "The other captions of this image"), el("ol", {}, rows));
}

function foot(state, item) {
  const link = (binding) =>
    el("button", { type: "button", class: "link", on: { click: pressed(binding.run) } }, binding.label, " ", showsKeys(state) && keyCap(binding.key));
  const links = bindings(state).filter((binding) => binding.foot).map(link);
  const plain = state.data.plain_href && el("a", { href: state.data.plain_href }, "plain form");
  return el("div", { class: "foot" }, el("span", {}, item.name || item.caption_id), el("span", {}, links, plain));
}

function emptyPanel(state) {
  const { empty, todo } = state.data;
  if (state.pending.length || (todo > 0 && state.data.items.length)) return el("p", { class: "cap wait" }, "Fetching the next items…");
  const undo = undoable(state);
  return el(
    "div",
    { class: "empty" },
    el("h2", {}, empty.title),
    el("p", { dir: "auto" }, empty.text),
    el(
      "div",
      { class: "row" },
      empty.link_href && el("a", { class: "btn primary", href: empty.link_href }, empty.link_label || "Go on"),
      undo && el("button", { type: "button", class: "btn", on: { click: pressed(() => undoLast(state)) } }, keyCap("z"), `Undo “${undo.label}”`),
    ),
  );
}
