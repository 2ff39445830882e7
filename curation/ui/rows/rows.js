// Several texts on one screen: one is in focus, keys judge it and go on to the next. Answers are kept until saved.

const OVERDUE_MS = 5000;
const DWELL_MS = 120;

export default function rows({ data, parentElement, setStateValue }) {
  const sessions = (window.regrainRows ??= new Map());
  if (!sessions.has(data.session)) sessions.set(data.session, fresh(data.session));
  const state = sessions.get(data.session);
  const root = parentElement.querySelector(".rw");
  state.parts = { root, groups: root.querySelector(".groups"), saved: root.querySelector(".saved"), hint: root.querySelector(".hint"), said: root.querySelector(".said") };
  state.port = setStateValue;
  take(state, data);
  paint(state);
  const listening = new AbortController();
  document.addEventListener("keydown", (event) => onKey(state, event), { signal: listening.signal });
  if (state.pending.length) send(state);
  return () => {
    listening.abort();
    window.clearTimeout(state.timer);
    state.port = null;
  };
}

function fresh(session) {
  let pending = [];
  try {
    pending = JSON.parse(window.sessionStorage.getItem(`regrain.rows.${session}`) ?? "[]");
  } catch {
    // storage is switched off or holds something else: nothing was kept
  }
  return { session, pending, view: null, focus: null, paintedAt: 0, late: false, wantsUndo: false };
}

function keep(state) {
  try {
    window.sessionStorage.setItem(`regrain.rows.${state.session}`, JSON.stringify(state.pending));
  } catch {
    // full or switched off: the verdicts are still sent
  }
}

/** Take in what the server says: answered acts are answered, and rows are as they stand now. */
function take(state, data) {
  const answered = new Set(data.done);
  const open = state.pending.filter((act) => !answered.has(act.id));
  if (open.length < state.pending.length) state.late = false;
  state.pending = open;
  state.data = data;
  keep(state);
  if (state.view !== data.view) {
    Object.assign(state, { view: data.view, focus: null, paintedAt: performance.now() });
  }
  if (data.error && open.length) state.late = true;
  const ids = everyRow(state).map((row) => row.id);
  if (!ids.includes(state.focus)) state.focus = nextOpen(state, null) ?? ids[0] ?? null;
  if (state.wantsUndo && !open.length) undo(state);
}

function everyRow(state) {
  return state.data.groups.flatMap((group) => group.rows);
}

function waiting(state, id) {
  return state.pending.findLast((act) => act.row === id);
}

/** The next row that nobody has judged, after the given one, else before it. */
function nextOpen(state, id) {
  const every = everyRow(state);
  const from = every.findIndex((row) => row.id === id) + 1;
  const ahead = [...every.slice(from), ...every.slice(0, from)];
  return ahead.find((row) => row.open && !row.state && !waiting(state, row.id))?.id ?? null;
}

// ---- painting

function paint(state) {
  const { data, parts } = state;
  const held = focused(state);
  parts.groups.replaceChildren(...data.groups.map((group) => groupBox(state, group)));
  parts.said.textContent = data.message;
  paintHead(state);
  if (held) rowBox(state, state.focus)?.focus({ preventScroll: true });
}

function paintHead(state) {
  const { data, parts } = state;
  const n = state.pending.length;
  const words = !n ? "" : state.late ? `NOT saved – trying again: ${n} waiting` : "Saving…";
  parts.saved.textContent = words || "Saved";
  parts.saved.dataset.state = !n ? "saved" : state.late ? "unsaved" : "saving";
  const undoButton = data.undo && el("button", { type: "button", class: "btn", disabled: n > 0, on: { click: pressed(() => undo(state)) } }, keyCap(data.undo_key), data.undo.label);
  const keys = data.choices.some((choice) => choice.key) && el("span", { class: "keys" }, "↑ ↓ go to a row, the keys on its buttons judge it");
  parts.hint.replaceChildren(...[undoButton, keys].filter(Boolean));
}

function groupBox(state, group) {
  const picture = group.picture && (group.picture.url ? el("img", { src: group.picture.url, alt: group.picture.alt, decoding: "async" }) : el("span", { class: "noimage" }, "no image is held"));
  const head = (group.title || group.note) && el("h2", { dir: "auto" }, group.title, " ", el("small", {}, group.note));
  return el("section", { class: `group${picture ? " pictured" : ""}${group.rows.length === 1 ? " brief" : ""}` }, picture && el("div", { class: "look" }, picture), el("div", {}, head, el("ul", {}, group.rows.map((row) => el("li", {}, rowOf(state, row))))));
}

function rowOf(state, row) {
  const on = row.id === state.focus;
  const sent = waiting(state, row.id);
  const label = sent && (sent.verdict === "edit" ? "Repaired" : state.data.choices.find((choice) => choice.verdict === sent.verdict)?.label ?? "");
  const said = sent ? el("span", { class: "state saving" }, `${label}: saving…`) : row.state && el("span", { class: "state" }, `✓ ${row.state}`);
  return el(
    "div",
    {
      class: `row${on ? " on" : ""}${row.state || sent ? " judged" : ""}`,
      "data-row": row.id,
      tabindex: on ? "0" : "-1",
      role: "group",
      "aria-label": row.text,
      on: { focus: () => turnTo(state, row.id), click: (event) => event.target.closest("button, a") || rowBox(state, row.id).focus() },
    },
    el("p", { class: "text", dir: "auto" }, markedText(row.text, row.marks)),
    row.pictures.length > 0 && el("div", { class: "strip" }, row.pictures.map((one) => (one.url ? el("img", { src: one.url, alt: one.alt, loading: "lazy", decoding: "async" }) : el("span", { class: "noimage" }, "no image")))),
    row.chips.length > 0 && el("ul", { class: "chips" }, row.chips.map((chip) => el("li", { class: `chip ${chip.tone}` }, chip.text))),
    row.note && el("p", { class: "note", dir: "auto" }, row.note),
    row.repair && !sent && el("button", { type: "button", class: "repair", tabindex: on ? "0" : "-1", on: { click: pressed(() => repair(state, row)) } }, on && keyCap(state.data.repair_key), el("span", {}, "Repair"), el("span", { class: "wording", dir: "auto" }, row.repair.diff.map(diffRun))),
    el(
      "div",
      { class: "act" },
      row.open && state.data.choices.map((choice) => el("button", { type: "button", class: "btn", "data-verdict": choice.verdict, tabindex: on ? "0" : "-1", on: { click: pressed(() => judge(state, row, choice)) } }, on && keyCap(choice.key), choice.label)),
      said,
      row.href && el("a", { href: row.href, target: "_self", tabindex: on ? "0" : "-1" }, state.data.link_label),
    ),
  );
}

function rowBox(state, id) {
  return state.parts.groups.querySelector(`[data-row="${CSS.escape(id ?? "")}"]`);
}

function focused(state) {
  return state.parts.groups.contains(state.parts.root.getRootNode().activeElement);
}

/** Put another row into focus. Its buttons get the keys, those of the row before lose them. */
function turnTo(state, id) {
  if (id === null || id === state.focus) return;
  const before = state.focus;
  state.focus = id;
  repaint(state, before);
  repaint(state, id);
}

function repaint(state, id) {
  const box = rowBox(state, id);
  const row = everyRow(state).find((one) => one.id === id);
  if (!box || !row) return;
  const held = box.contains(state.parts.root.getRootNode().activeElement);
  const again = rowOf(state, row);
  box.replaceWith(again);
  if (held) again.focus({ preventScroll: true });
}

// ---- acting

function judge(state, row, choice) {
  answer(state, row, { verdict: choice.verdict });
}

function repair(state, row) {
  if (row.repair) answer(state, row, { verdict: "edit", text: row.repair.text });
}

function answer(state, row, said) {
  if (!row.open || waiting(state, row.id)) return;
  state.pending.push({ id: newId(), row: row.id, revision_id: row.revision_id, basis: row.basis, ...said });
  const next = nextOpen(state, row.id);
  repaint(state, row.id);
  if (next !== null) goTo(state, next);
  send(state);
}

function goTo(state, id) {
  turnTo(state, id);
  const box = rowBox(state, id);
  box?.focus({ preventScroll: true });
  box?.scrollIntoView({ block: "nearest" });
}

/** Undo waits for what is being saved: what comes back is the last verdict of all. */
function undo(state) {
  state.wantsUndo = state.pending.length > 0;
  if (state.wantsUndo || !state.data.undo) return;
  state.pending.push({ id: newId(), undo: state.data.undo.decision });
  send(state);
}

/** Send all that is not answered, until it is: a server that went down meanwhile knows nothing of it. */
function send(state) {
  keep(state);
  paintHead(state);
  window.clearTimeout(state.timer);
  if (!state.port || !state.pending.length) return;
  state.port("acts", { session: state.session, sent_at: Date.now(), acts: state.pending });
  state.timer = window.setTimeout(() => {
    state.late = true;
    send(state);
  }, OVERDUE_MS);
}

function onKey(state, event) {
  const writes = (node) => node instanceof Element && (node.matches("input, textarea, select, dialog, [role=dialog], [role=combobox], [role=slider]") || node.isContentEditable);
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.composedPath().some(writes)) return;
  const key = event.key.toLowerCase();
  const row = everyRow(state).find((one) => one.id === state.focus);
  const choice = state.data.choices.find((one) => one.key && one.key === key);
  const step = { arrowdown: 1, arrowup: -1 }[key];
  if (step) move(state, step);
  else if (state.data.undo_key && key === state.data.undo_key) {
    if (!event.repeat) undo(state);
  } else if (row && (choice || (row.repair && key === state.data.repair_key))) {
    const seen = !event.repeat && event.timeStamp - state.paintedAt >= DWELL_MS;
    if (seen) choice ? judge(state, row, choice) : repair(state, row);
  } else return;
  event.preventDefault();
}

function move(state, step) {
  const ids = everyRow(state).map((row) => row.id);
  const to = ids[ids.indexOf(state.focus) + step];
  if (to !== undefined) goTo(state, to);
}

function newId() {
  if (window.crypto.randomUUID) return window.crypto.randomUUID();
  return Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
