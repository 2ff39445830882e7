// Posting: the outbox goes to the address for answers, which costs the server a small part of what a run of the page does.

const AGAIN_MS = 1500; // after a failure, until the outbox is sent once more
const REFRESH_MS = 20000; // of rest after answers, until the page is run once for what stands around the reviewer
const ENOUGH = 4; // items left to judge from which the next ones are asked for: at five presses a second, 0.8 s
const OFFERS_MS = 2000; // between two questions whether suggestions have come
const SOON_MS = 300; // until the first of them
const KEEPALIVE_BYTES = 50000; // a browser lets so much outlive the page, and refuses to send more

/** Send the outbox; one at a time, and what was judged meanwhile goes with the next. */
async function post(state) {
  if (state.posting) return;
  const call = (state.posting = new AbortController());
  const last = state.number;
  const { view } = state.data;
  const body = new TextEncoder().encode(
    JSON.stringify({ outbox: outboxOf(state), view, held: heldVersions(state), more: wantsMore(state) }),
  ); // bytes: a letter may be three of them
  let again = null;
  try {
    const answer = await fetch(state.data.answers, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
      signal: call.signal,
      keepalive: body.length < KEEPALIVE_BYTES,
    });
    if (answer.status === 200) {
      takeAnswer(state, await answer.json(), view);
      again = state.number > last ? 0 : null;
    } else if (answer.status >= 500) {
      state.data.error = (await answer.json().catch(() => ({}))).message || `the server answers ${answer.status}`;
      again = AGAIN_MS;
    } else {
      askPage(state); // it knows what is wrong, and gives a new address
    }
  } catch {
    again = AGAIN_MS;
  }
  if (state.posting !== call) return; // it was given up, and another one is on its way
  state.posting = null;
  if (again) sayUnsaved(state);
  if (again !== null && state.parts.root) {
    paintNotices(state);
    state.sendTimer = window.setTimeout(() => send(state), again);
  }
}

/** Send the outbox by running the page: the way where the address for answers takes nothing. */
function askPage(state) {
  if (!state.port) return;
  state.askedPage = true;
  state.port("outbox", outboxOf(state));
}

/** Give up what is on its way: it is sent anew, and the server knows decisions by their ids. */
function hangUp(state) {
  state.posting?.abort();
  state.posting = null;
}

/** The version of each item that need not come again, by id. */
function heldVersions(state) {
  return Object.fromEntries(knownItems(state).map((item) => [item.id, item.version]));
}

function knownItems(state) {
  return [...state.held, ...state.data.items, ...(state.current ? [state.current] : [])].filter((item) => !state.decided.has(item.id));
}

/** The next items are asked for while some are left (the server may be busy for half a second), and where an answer changes what comes or can be taken back. */
function wantsMore(state) {
  const left = upcoming(state).length + (state.current && !state.decided.has(state.current.id) ? 1 : 0);
  if (state.current?.waits || upcoming(state)[0]?.waits) return true;
  return left <= ENOUGH || state.data.each || state.pending.some((decision) => decision.verdict === "undo");
}

/** While suggestions for the item on the screen are being sought, ask for them, so that they come without a key. */
function awaitOffers(state) {
  const waits = Boolean(state.parts.root && shown(state)?.waits);
  if (waits === Boolean(state.waitTimer)) return;
  window.clearInterval(state.waitTimer);
  state.waitTimer = waits ? window.setInterval(() => askForOffers(state), OFFERS_MS) : null;
  if (waits) window.setTimeout(() => askForOffers(state), SOON_MS); // they may have come since the list was read
}

function askForOffers(state) {
  if (!state.port || !shown(state)?.waits || document.hidden || state.mode !== "view" || state.pending.length) return;
  if (state.data.answers) void post(state);
  else state.port("rested", Date.now());
}

/** Take in what the server answered: a part of `data`. A list for another view than the one on the screen is left. */
function takeAnswer(state, answer, view) {
  const { order, items, acked, position, ...rest } = answer;
  if (order && view === state.data.view) {
    const known = new Map([...knownItems(state), ...items].map((item) => [item.id, item]));
    rest.items = order.map((id) => known.get(id)).filter(Boolean);
  } else {
    delete rest.as_of; // the list stays as it was
  }
  const linked = state.data.linked && state.pending.some((decision) => decision.item_id === state.data.linked);
  state.askedPage = false;
  state.data = { ...state.data, ...rest };
  acknowledge(state, acked, position, "");
  if (!state.parts.root) return takeRefusals(state); // told when the reviewer is on the page again
  if (linked) leaveLinked(state);
  takeData(state);
  restLater(state);
}

/** The item of the address is judged: a reload goes on with the queue. */
function leaveLinked(state) {
  const address = new URL(window.location.href);
  address.searchParams.delete("item");
  window.history.replaceState(window.history.state, "", address);
  state.data.linked = "";
}

/** Counts beside the reviewer, as those of the menu, follow when nobody has judged for a while. */
function restLater(state) {
  window.clearTimeout(state.restTimer);
  state.restTimer = window.setTimeout(() => {
    if (state.mode === "edit" || state.pending.length) restLater(state);
    else state.port?.("rested", Date.now());
  }, REFRESH_MS);
}
