// The agenda: which item is on the screen, which one comes next, and what can be looked at or taken back.

const JOURNAL_LENGTH = 300;

/** The item on the screen: the one to judge, or an earlier one that is looked at again. */
function shown(state) {
  return state.lookBack === null ? state.current : state.journal[state.lookBack].item;
}

/** Items still to judge in order, without the current one. */
function upcoming(state) {
  const fresh = new Map(state.data.items.map((item) => [item.id, item]));
  const ids = new Set([...state.held.map((item) => item.id), ...fresh.keys()]);
  const held = new Map(state.held.map((item) => [item.id, item]));
  return [...ids]
    .filter((id) => !state.decided.has(id) && id !== state.current?.id)
    .map((id) => fresh.get(id) ?? held.get(id));
}

function advance(state) {
  state.current = null;
  state.current = upcoming(state)[0] ?? null;
  if (state.current) state.held = state.held.filter((item) => item.id !== state.current.id);
  state.lookBack = null;
}

/**
 * Take the server's items in. The item on the screen stays unless it was judged; where its content has changed
 * (a new revision, new suggestions) it is painted anew, but never under somebody's draft.
 * Returns whether what is on the screen has changed.
 */
function takeItems(state) {
  takeBases(state);
  state.held = state.held.filter((item) => !state.decided.has(item.id));
  if (takeView(state)) return true;
  if (!state.current || state.decided.has(state.current.id)) {
    if (state.lookBack !== null) return false;
    advance(state);
    return true;
  }
  const fresh = state.data.items.find((item) => item.id === state.current.id);
  if (!fresh || state.mode === "edit" || state.lookBack !== null) return false;
  const next = inShownOrder(fresh, state.current);
  const changed = contentOf(next) !== contentOf(state.current);
  state.current = next;
  return changed;
}

/** While an item stands as it was, its suggestions keep the places under which a hand may be on its way to a digit. */
function inShownOrder(fresh, current) {
  if (!fresh.version || fresh.version !== current.version) return fresh;
  return { ...fresh, suggestions: current.suggestions, slots: current.slots };
}

/** Another view (a search) begins with its own first item, but never under somebody's draft. */
function takeView(state) {
  const known = state.view;
  if (state.data.view === known || state.mode === "edit") return false;
  state.view = state.data.view;
  if (known === undefined) return false;
  state.held = [];
  advance(state);
  return true;
}

/** What would look different: addresses are made anew every half day without the picture changing. */
function contentOf(item) {
  return JSON.stringify({ ...item, basis: null, history: null, live: null }, (name, value) => (name === "url" ? pictureOf(String(value)) : value));
}

/** What an image address stands for: its token's person, image and size without the end; other addresses themselves. */
function pictureOf(url) {
  const body = /\/image\/([\w-]+)\.[\w-]+$/.exec(url)?.[1];
  if (!body) return url;
  try {
    return JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/"))).slice(0, -1);
  } catch {
    return url;
  }
}

function remember(state, decision, item, label) {
  state.journal.push({ decision, item, label, undone: false });
  if (state.journal.length > JOURNAL_LENGTH) state.journal.shift();
}

/** The decision that Z takes back: the one looked at, else this tab's last, else one from before the reload. */
function undoable(state) {
  if (state.lookBack !== null) {
    const entry = state.journal[state.lookBack];
    return entry.undone ? null : entryToUndo(entry);
  }
  const last = state.journal.findLast((entry) => !entry.undone);
  if (last) return entryToUndo(last);
  const known = new Set(state.journal.map((entry) => entry.decision.id));
  const undone = new Set(state.pending.map((decision) => decision.undoes));
  const recent = state.data.recent.find(
    (entry) => !known.has(entry.decision_id) && !undone.has(entry.decision_id),
  );
  return recent ? { id: recent.decision_id, item: recent.item, label: recent.label, basis: recent.basis, entry: null } : null;
}

function entryToUndo(entry) {
  return { id: entry.decision.id, item: entry.item, label: entry.label, basis: entry.decision.basis, entry };
}

/** The decision that an item rests on as far as this tab knows: its own latest one, else what the server told. */
function basisOf(state, item) {
  return state.rests.get(item.id) ?? item.basis;
}

/** The server's word on an item stands again once none of this tab's decisions on it is on its way. */
function takeBases(state) {
  const underWay = new Set(state.pending.map((decision) => decision.item_id));
  for (const { id } of state.data.items) if (!underWay.has(id)) state.rests.delete(id);
}

/** Put an item on the screen to judge now; the one that was there comes right after it. */
function bringBack(state, item) {
  const waiting = state.current && state.current.id !== item.id ? [state.current] : [];
  state.held = [...waiting, ...state.held.filter((other) => other.id !== item.id)];
  state.current = item;
  state.lookBack = null;
}
