// The outbox: numbered decisions, kept in sessionStorage until the server has acknowledged them.

const OVERDUE_MS = 5000;

/** Return this session's state. It lives on `window`, so that it outlasts the element and a reload of the script. */
function stateOf(session) {
  const sessions = (window.regrainReviewers ??= new Map());
  if (!sessions.has(session)) sessions.set(session, freshState(session));
  return sessions.get(session);
}

function freshState(session) {
  const kept = readKept(session);
  const state = {
    session,
    stream: kept.stream ?? newId(),
    number: kept.number ?? 0, // of the last decision
    pending: kept.pending ?? [], // decisions not acknowledged yet, oldest first
    ignored: kept.ignored ?? 0, // presses ignored since the last decision
    ignoredTotal: 0,
    drafts: new Map(kept.drafts ?? []), // item id -> text being written
    rests: new Map(), // item id -> the decision it rests on, where that is one of this tab's
    decided: new Map(), // item id -> number of its latest decision and where the store stood after it, until the list follows
    journal: [], // {decision, item, label, undone}
    held: [], // items that come before the server's next ones
    current: null, // the item to judge
    lookBack: null, // index into the journal while an earlier item is shown
    mode: "view", // view, reason, edit
    side: keptSide(), // what stands beside the item: guidelines, history
    overdue: false,
    refusedSeen: new Set(),
    notices: [],
    pictures: new Map(),
    paintedAt: null,
  };
  for (const decision of state.pending) noteDecided(state, decision);
  claimStream(state, kept.stream !== undefined);
  return state;
}

function noteDecided(state, decision) {
  if (decision.verdict === "undo") state.decided.delete(decision.item_id);
  else state.decided.set(decision.item_id, { number: decision.number, position: null });
}

function storageKey(session) {
  return `regrain.outbox.${session}`;
}

function readKept(session) {
  try {
    return JSON.parse(window.sessionStorage.getItem(storageKey(session)) ?? "{}");
  } catch {
    return {}; // storage is switched off or holds something else: begin anew
  }
}

function keep(state) {
  const { stream, number, pending, ignored, drafts } = state;
  try {
    const kept = JSON.stringify({ stream, number, pending, ignored, drafts: [...drafts] });
    window.sessionStorage.setItem(storageKey(state.session), kept);
  } catch {
    state.unkept = true; // full or switched off: the state line says so while answers are open
  }
}

function newId() {
  if (window.crypto.randomUUID) return window.crypto.randomUUID();
  const bytes = window.crypto.getRandomValues(new Uint8Array(16)); // plain http has no randomUUID
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Number a decision, keep it, and send it once the next item is painted. */
function enqueue(state, decision) {
  state.number += 1;
  const entry = { id: newId(), number: state.number, ignored: state.ignored, ...decision };
  state.ignored = 0;
  state.pending.push(entry);
  noteDecided(state, entry);
  keep(state);
  sendSoon(state);
  return entry;
}

function sendSoon(state) {
  window.clearTimeout(state.sendTimer);
  state.sendTimer = window.setTimeout(() => send(state), 50); // a hidden tab paints no frames
  window.requestAnimationFrame(() => {
    window.clearTimeout(state.sendTimer);
    state.sendTimer = window.setTimeout(() => send(state), 0);
  });
}

/** Send the whole unacknowledged list: to the address for answers, or where the page has none by running the page. */
function send(state) {
  if (!state.pending.length || !state.port || !state.claimed) return;
  state.sendingSince ??= performance.now();
  watch(state);
  if (state.data.answers) void post(state);
  else askPage(state);
}

function outboxOf(state) {
  return {
    session: state.session,
    stream: state.stream,
    sent_at: Date.now(),
    ignored: state.ignoredTotal,
    decisions: state.pending,
  };
}

/** Send nothing more until the reviewer of this session is on the page again: what is open stays kept. */
function silence(state) {
  state.port = null;
  state.sendingSince = null;
  window.clearTimeout(state.sendTimer);
  window.clearInterval(state.watchTimer);
  state.watchTimer = null;
}

/** Look once a second whether an answer is overdue; if so say it and send again, also by the page: one of the two may be cut. */
function watch(state) {
  if (state.watchTimer) return;
  state.watchTimer = window.setInterval(() => {
    if (!state.pending.length) {
      window.clearInterval(state.watchTimer);
      state.watchTimer = null;
    } else if (performance.now() - (state.sendingSince ?? 0) >= OVERDUE_MS) {
      state.sendingSince = null;
      sayUnsaved(state);
      hangUp(state);
      send(state);
      if (state.data.answers) askPage(state);
    }
  }, 1000);
}

function sayUnsaved(state) {
  if (!state.pending.length) return;
  state.overdue = true;
  if (state.parts.root) paintSaved(state);
}

/** Take the server's acknowledgement in: up to which number, and the store's position by then. */
function acknowledge(state, acked, position, error) {
  const number = acked.stream === state.stream ? acked.number : 0;
  const open = state.pending.filter((decision) => decision.number > number);
  if (open.length < state.pending.length) {
    state.pending = open;
    state.overdue = false;
    state.sendingSince = open.length ? performance.now() : null;
    keep(state);
  }
  for (const mark of state.decided.values()) if (mark.number <= number) mark.position ??= position;
  if (error && state.pending.length) state.overdue = true;
}

/** Forget what was decided before the server's list was read: the list follows from it. */
function settleDecided(state) {
  const [store, reached] = state.data.as_of;
  for (const [id, { position }] of state.decided) {
    if (position && (position[0] !== store || position[1] <= reached)) state.decided.delete(id);
  }
}

function saveState(state) {
  if (!state.pending.length) return "saved";
  return state.overdue ? "unsaved" : "saving";
}
