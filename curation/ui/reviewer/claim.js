// One tab, one stream: a duplicated tab begins with a copy of sessionStorage, and so with another tab's open answers.

const CLAIM_MS = 1500; // a reload gives the stream back within some milliseconds

/** Hold a stream for as long as this page lives. Nothing is sent before that is settled; a copy gets its own stream. */
function claimStream(state, kept) {
  const copied = new Set(state.pending.map((decision) => decision.id));
  state.claimed = !kept; // one that was made here is nobody else's
  void held(`regrain.stream.${state.stream}`).then((ours) => {
    if (!ours) beginStream(state, copied);
    state.claimed = true;
    send(state);
  });
}

/** Go on under a stream of one's own; what was copied is the other tab's to send. */
function beginStream(state, copied) {
  state.stream = newId();
  state.pending = state.pending.filter((decision) => !copied.has(decision.id));
  keep(state);
  claimStream(state, false);
  if (state.parts?.root) paintSaved(state);
}

/** Return whether this page now holds a name that no two pages hold at once. */
function held(name) {
  if (navigator.locks) return heldByLock(name);
  return typeof BroadcastChannel === "function" ? heldByAsking(name) : Promise.resolve(true); // plain http has no locks
}

function heldByLock(name) {
  const giveUp = new AbortController();
  const timer = window.setTimeout(() => giveUp.abort(), CLAIM_MS);
  return new Promise((resolve) => {
    const forever = () => {
      window.clearTimeout(timer);
      resolve(true);
      return new Promise(() => {});
    };
    navigator.locks.request(name, { signal: giveUp.signal }, forever).catch(() => resolve(false));
  });
}

function heldByAsking(name) {
  const me = newId();
  const channel = new BroadcastChannel("regrain.streams");
  return new Promise((resolve) => {
    let ours = null;
    const settle = (answer) => {
      ours ??= answer;
      resolve(ours);
    };
    channel.onmessage = ({ data }) => {
      if (data.name !== name) return;
      if (data.to === me) settle(false);
      else if (data.ask && ours) channel.postMessage({ name, to: data.ask });
    };
    channel.postMessage({ name, ask: me });
    window.setTimeout(() => settle(true), CLAIM_MS / 3);
  });
}
