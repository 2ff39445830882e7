// Actions: what a key or a button does. Each ends in a decision, a mode, or another item on the screen.

/** Judge the item on the screen and paint the next one. */
function decide(state, verdict, label, more = {}) {
  const item = shown(state);
  if (!item) return;
  const shownMs = state.paintedAt === null ? null : Math.round(performance.now() - state.paintedAt);
  const earlier = state.journal.findLast((entry) => entry.item.id === item.id && !entry.undone);
  if (earlier && earlier.decision.text !== null && earlier.decision.revision_id === item.revision_id) {
    sendUndo(state, entryToUndo(earlier)); // the item is shown as it read before that text
  }
  const decision = enqueue(state, {
    item_id: item.id,
    queue: state.data.queue,
    caption_id: item.caption_id,
    image_id: item.image_id,
    revision_id: item.revision_id,
    suggestion_id: null,
    verdict,
    reason: "",
    text: null,
    undoes: null,
    basis: basisOf(state, item),
    shown_ms: shownMs,
    offered: offeredWith(item),
    taken: [],
    ...more,
  });
  state.rests.set(item.id, decision.id);
  remember(state, decision, item, label);
  state.drafts.delete(item.id);
  keep(state);
  state.lookBack = null;
  if (!state.current || state.decided.has(state.current.id)) advance(state);
  turnTo(state);
}

/** Show the item that is due, in its plain mode, or in the editor where a draft of it was left open. */
function turnTo(state) {
  state.mode = "view";
  state.compare = null;
  state.slot = 0;
  state.slotMoved = false;
  const focused = state.parts.judge.contains(activeElement(state)) || state.parts.look.contains(activeElement(state));
  const item = shown(state);
  state.chosen = (item?.slots ?? []).map(() => new Set());
  paintItem(state);
  paintSaved(state);
  if (focused) state.parts.judge.querySelector(".cap")?.focus({ preventScroll: true });
}

/** The ids of the suggestions on the screen, in their order: what was not taken counts too. */
function offeredWith(item) {
  const single = item.slots.flatMap((slot) => slot.options.map((option) => option.suggestion_id));
  return [...item.suggestions.map((offer) => offer.id), ...single].filter(Boolean);
}

function activeElement(state) {
  return state.parts.root.getRootNode().activeElement;
}

function choose(state, choice) {
  if (!choice.asks_reason || !state.data.reasons.length) return decide(state, choice.verdict, choice.label);
  state.asking = choice;
  state.mode = "reason";
  paintJudge(state);
  state.parts.spoken.textContent = `${choice.label}: choose a reason. ${state.data.reasons.map((reason, i) => `${i + 1} ${reason}`).join(", ")}`;
}

function giveReason(state, i) {
  const reason = state.data.reasons[i];
  if (reason !== undefined) decide(state, state.asking.verdict, `${state.asking.label}: ${reason}`, { reason });
}

function cancelReason(state) {
  state.mode = "view";
  paintJudge(state);
}

function acceptOffer(state, i) {
  const offer = shown(state)?.suggestions[i];
  if (offer) decide(state, "accept", state.data.accept_label, { text: offer.text, suggestion_id: offer.id, taken: [offer.id] });
}

// ---- editing

/** Open the editor: on a suggestion's text, on the draft left here before, or on the caption. */
function startEdit(state, offer = null) {
  const item = shown(state);
  if (!item || !state.data.can_edit) return;
  if (offer) state.drafts.set(item.id, { text: offer.text, suggestion_id: offer.id, reason: "" });
  state.mode = "edit";
  paintJudge(state);
  state.editor.follow();
  state.editor.field.focus();
  state.editor.field.setSelectionRange(state.editor.field.value.length, state.editor.field.value.length);
}

function saveEdit(state) {
  const item = shown(state);
  const text = tidy(state.editor.field.value);
  if (!text || text === tidy(item.text)) return;
  const { suggestion_id: suggestion, reason } = state.drafts.get(item.id);
  decide(state, "edit", "Edit", { text, suggestion_id: suggestion ?? null, taken: suggestion ? [suggestion] : [], reason: reason ?? "" });
}

function leaveEditor(state) {
  const { item, field } = state.editor;
  if (tidy(field.value) === tidy(item.text)) state.drafts.delete(item.id);
  keep(state);
  state.mode = "view";
  paintJudge(state);
}

function resetEditor(state) {
  state.drafts.delete(state.editor.item.id);
  startEdit(state);
}

// ---- attributes

function moveSlot(state, step) {
  const count = shown(state)?.slots.length ?? 0;
  if (!count) return;
  state.slot = (state.slot + step + count) % count;
  state.slotMoved = true;
  paintJudge(state);
}

function toggleOption(state, i, k) {
  if (!shown(state)?.slots[i]?.options[k]) return;
  state.slot = i;
  if (!state.chosen[i].delete(k)) state.chosen[i].add(k);
  paintJudge(state);
}

function saveSlots(state) {
  const item = shown(state);
  if (!item?.slots.length || !state.chosen.some((set) => set.size)) return;
  const text = composeCaption(item.text, item.slots, state.chosen);
  const chosen = item.slots.flatMap((slot, i) => slot.options.filter((_, k) => state.chosen[i].has(k)));
  const taken = chosen.map((option) => option.suggestion_id).filter(Boolean);
  decide(state, "accept", state.data.accept_label, { text, suggestion_id: taken[0] ?? null, taken });
}

// ---- looking back, undo, refusals

function lookBack(state) {
  const at = state.lookBack === null ? state.journal.length - 1 : state.lookBack - 1;
  if (at < 0) return;
  state.lookBack = at;
  turnTo(state);
}

function lookForward(state) {
  if (state.lookBack === null) return;
  state.lookBack = state.lookBack + 1 < state.journal.length ? state.lookBack + 1 : null;
  if (state.lookBack === null && (!state.current || state.decided.has(state.current.id))) advance(state);
  turnTo(state);
}

function undoLast(state) {
  const last = undoable(state);
  if (!last) return;
  sendUndo(state, last);
  bringBack(state, last.item);
  turnTo(state);
  state.parts.spoken.textContent = `Taken back: ${last.label}. Item: ${last.item.text}`;
}

function sendUndo(state, { id, item, label, basis, entry }) {
  if (entry) entry.undone = true;
  state.rests.set(item.id, basis);
  const undo = enqueue(state, {
    item_id: item.id,
    queue: state.data.queue,
    caption_id: item.caption_id,
    image_id: item.image_id,
    revision_id: item.revision_id,
    suggestion_id: null,
    verdict: "undo",
    reason: "",
    text: null,
    undoes: id,
    basis: null,
    shown_ms: null,
  });
  state.undos = (state.undos ?? new Map()).set(undo.id, { id, item, label, entry });
}

function compareRival(state, i) {
  const item = shown(state);
  state.compare = state.compare === i ? null : i;
  const at = [...state.parts.look.querySelectorAll(".thumb")].indexOf(activeElement(state));
  state.parts.look.replaceChildren(stage(state, item), rivalStrip(state, item));
  paintPlaces(state);
  if (at >= 0) state.parts.look.querySelectorAll(".thumb")[at]?.focus();
}
