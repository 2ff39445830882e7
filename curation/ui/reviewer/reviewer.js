// The component: called by Streamlit with each new `data`, on one lasting piece of the page.

export default function reviewer({ data, parentElement, setStateValue }) {
  const state = stateOf(data.session);
  for (const other of window.regrainReviewers.values()) if (other !== state) leavePage(other); // perhaps another person's
  const first = state.parts?.root !== parentElement.querySelector(".rg");
  state.data = { ...data, error: state.askedPage ? data.error : (state.data?.error ?? "") }; // the page knows of what it took
  state.port = setStateValue;
  if (first) mount(state, parentElement);
  acknowledge(state, data.acked, data.as_of, state.data.error);
  takeData(state, { first, rekeyed: takeSettings(state) });
  const forgotten = state.server !== undefined && state.server !== data.server; // it was started anew
  state.server = data.server;
  if ((first || forgotten) && state.pending.length) send(state);
  const { root } = state.parts;
  return () => unmount(state, root);
}

/** Paint what follows from the server's newest word. */
function takeData(state, { first = false, rekeyed = false } = {}) {
  settleDecided(state);
  takeRefusals(state);
  const changed = takeItems(state);
  paintHead(state);
  if (first || changed) show(state);
  else prefetch(state, upcoming(state));
  if (rekeyed && !changed && state.mode !== "edit") paintJudge(state);
  takeLooked(state);
  paintNotices(state);
  paintSide(state);
  paintSaved(state);
}

function mount(state, parent) {
  state.unmount?.();
  const find = (selector) => parent.querySelector(selector);
  state.parts = { root: find(".rg") };
  for (const name of ["title", "tabs", "rate", "early", "saved", "me", "progress", "notices", "look", "judge", "side", "spoken", "sheet"]) {
    state.parts[name] = find(`.${name}`);
  }
  const listening = new AbortController();
  const { signal } = listening;
  state.unmount = () => listening.abort();
  document.addEventListener("keydown", (event) => onKey(state, event), { signal });
  for (const type of ["pointerover", "pointerout", "focusin", "focusout"]) {
    state.parts.judge.addEventListener(type, () => paintPlaces(state), { signal });
  }
  window.addEventListener("online", () => send(state), { signal });
  window.addEventListener("beforeunload", (event) => state.overdue && state.pending.length && event.preventDefault(), { signal });
  window.addEventListener("offline", () => sayUnsaved(state), { signal });
}

/** Stop listening, unless the component was mounted anew in the meantime. */
function unmount(state, root) {
  if (state.parts.root === root) leavePage(state);
}

function leavePage(state) {
  state.unmount?.();
  silence(state);
  window.clearTimeout(state.restTimer);
  window.clearInterval(state.waitTimer);
  state.waitTimer = null;
  state.parts = { root: null };
}

/** Paint a new item; where a draft of it was left by a reload, open the editor on it. */
function show(state) {
  const resume = state.mode === "edit" && state.drafts.has(shown(state)?.id);
  state.openDrafts ??= new Set(state.drafts.keys()); // each once, also where its item is not the first to be shown
  turnTo(state);
  if (state.openDrafts.delete(shown(state)?.id) || resume) startEdit(state);
}
