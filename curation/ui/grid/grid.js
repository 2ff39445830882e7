// Many items at once: choose some, or all that the filter leaves, and give one verdict. Taken back as one.

const OVERDUE_MS = 5000;

export default function grid({ data, parentElement, setStateValue }) {
  const state = ((window.regrainGrids ??= new Map()).get(data.session) ?? fresh(data));
  window.regrainGrids.set(data.session, state);
  if (state.view !== data.view) Object.assign(state, { view: data.view, chosen: new Set(), all: false, last: null, pending: null });
  state.data = data;
  state.port = setStateValue;
  if (state.pending && data.done.includes(state.pending)) {
    state.pending = null;
    state.chosen.clear();
    state.all = false;
  }
  const root = parentElement.querySelector(".gr");
  state.parts = { root, bulk: root.querySelector(".bulk"), said: root.querySelector(".said"), cards: root.querySelector(".cards") };
  paint(state);
  const listening = new AbortController();
  root.addEventListener("keydown", (event) => onKey(state, event), { signal: listening.signal });
  document.addEventListener("keydown", (event) => onUndoKey(state, event), { signal: listening.signal });
  return () => listening.abort();
}

function fresh() {
  return { view: null, chosen: new Set(), all: false, last: null, pending: null, late: false };
}

function paint(state) {
  const { data, parts } = state;
  const focused = parts.root.getRootNode().activeElement?.dataset?.id;
  parts.cards.replaceChildren(...data.items.map((item, i) => card(state, item, i)));
  paintBulk(state);
  parts.said.textContent = data.message;
  if (focused) parts.cards.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function card(state, item, i) {
  const on = state.all || state.chosen.has(item.id);
  const picture = item.url ? el("img", { src: item.url, alt: item.alt, loading: "lazy", decoding: "async" }) : el("span", { class: "noimage" }, "no image is held");
  const box = el(
    "div",
    {
      class: "card",
      role: "checkbox",
      tabindex: "0",
      "aria-checked": String(on),
      "aria-label": item.text,
      "data-id": item.id,
      "data-at": String(i),
      on: { click: (event) => toggle(state, i, event.shiftKey) },
    },
    picture,
    el("span", { class: "tick", "aria-hidden": "true" }, on ? "✓" : ""),
    el("p", { dir: "auto" }, item.text),
    el("span", { class: "facts" }, item.facts),
  );
  return el("li", {}, box, el("a", { href: item.href, target: "_self" }, "Open"));
}

function paintBulk(state) {
  const { data, parts } = state;
  const focused = parts.root.getRootNode().activeElement?.dataset?.does;
  const n = state.all ? data.total : state.chosen.size;
  const all = el(
    "button",
    { type: "button", class: "btn", "data-does": "all", "aria-pressed": String(state.all), disabled: !data.total, on: { click: () => chooseAll(state) } },
    state.all ? "Choose none" : `Choose all ${data.total.toLocaleString("en")}`,
  );
  const verdicts = data.verdicts.map((verdict) =>
    el(
      "button",
      { type: "button", class: "btn", "data-does": verdict.name, disabled: !n || Boolean(state.pending), on: { click: () => judge(state, verdict) } },
      `${verdict.label} (${n.toLocaleString("en")})`,
    ),
  );
  const undo = data.undo && el("button", { type: "button", class: "btn", "data-does": "undo", disabled: Boolean(state.pending), on: { click: () => undoLast(state) } }, keyCap(data.undo_key), data.undo.label);
  const words = state.pending ? (state.late ? "NOT saved yet: trying again" : "Saving…") : n ? `${n.toLocaleString("en")} chosen` : "Choose items: click, Space, Shift for a range";
  parts.bulk.replaceChildren(...[all, ...verdicts, undo, el("span", { class: "hint" }, words)].filter(Boolean));
  if (focused) keepFocus(parts.bulk, focused);
}

/** The buttons are new ones: the focus stays with the one that had it, or with their row where that can do nothing now. */
function keepFocus(bulk, does) {
  const same = bulk.querySelector(`[data-does="${CSS.escape(does)}"]:not(:disabled)`);
  (same ?? bulk).focus({ preventScroll: true });
}

function toggle(state, i, range) {
  if (state.all) {
    state.all = false;
    state.chosen = new Set(state.data.items.map((item) => item.id));
  }
  const from = range && state.last !== null ? Math.min(state.last, state.data.items.length - 1) : i;
  const on = !state.chosen.has(state.data.items[i].id);
  for (let k = Math.min(from, i); k <= Math.max(from, i); k += 1) {
    const { id } = state.data.items[k];
    if (on) state.chosen.add(id);
    else state.chosen.delete(id);
  }
  state.last = i;
  paint(state);
}

function chooseAll(state) {
  state.all = !state.all;
  state.chosen.clear();
  paint(state);
}

/** Send one bulk verdict under an id of its own: sent twice, it is applied once. */
function judge(state, verdict) {
  state.pending = newId();
  state.late = false;
  send(state, { session: state.data.session, batch: state.pending, verdict: verdict.name, all: state.all, ids: [...state.chosen] });
}

/** Send until it is answered: a server that went down meanwhile knows nothing of it. Another view's is given up. */
function send(state, act) {
  if (state.pending !== act.batch) return;
  state.port("act", { ...act, sent_at: Date.now() });
  paintBulk(state);
  window.setTimeout(() => {
    state.late = true;
    send(state, act);
  }, OVERDUE_MS);
}

function undoLast(state) {
  const { undo } = state.data;
  if (undo && !state.pending) state.port("act", { session: state.data.session, batch: newId(), undo: undo.decision });
}

function onKey(state, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const at = Number(event.target.dataset?.at ?? NaN);
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow(state), ArrowUp: -perRow(state) }[event.key];
  if (Number.isNaN(at)) return;
  if (event.key === " ") toggle(state, at, event.shiftKey);
  else if (step) state.parts.cards.querySelector(`[data-at="${at + step}"]`)?.focus();
  else return;
  event.preventDefault();
}

/** Undo wherever the focus is, as in the reviewer, but not while something is typed. */
function onUndoKey(state, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.key.toLowerCase() !== state.data.undo_key) return;
  const writes = (node) => node instanceof Element && (node.matches("input, textarea, select, dialog, [role=dialog], [role=combobox]") || node.isContentEditable);
  if (!state.data.undo_key || event.defaultPrevented || event.composedPath().some(writes)) return;
  event.preventDefault();
  undoLast(state);
}

function perRow(state) {
  const cards = [...state.parts.cards.children];
  const first = cards[0]?.offsetTop;
  return Math.max(1, cards.filter((node) => node.offsetTop === first).length);
}

function newId() {
  if (window.crypto.randomUUID) return window.crypto.randomUUID();
  return Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
