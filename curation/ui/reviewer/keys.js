// Keys: which press does what, and which presses do nothing.

const DWELL_MS = 120;

/** Everything a single key can do here, with its key, its label, and where it is printed. */
function bindings(state) {
  const { data } = state;
  const item = shown(state);
  const verdicts = data.choices.map((choice) => ({
    action: choice.verdict,
    key: choice.key,
    label: choice.label,
    tone: choice.tone,
    help: choice.asks_reason ? `${choice.label}, then a digit for the reason` : choice.label,
    button: true,
    run: () => choose(state, choice),
  }));
  const edit = { action: "edit", key: "e", label: "Edit", help: "edit the caption", button: true, run: () => startEdit(state) };
  const undo = { action: "undo", key: "z", label: "Undo", help: "undo, as often as you like", button: true, run: () => undoLast(state) };
  const rest = [
    { action: "previous", key: "arrowleft", label: "previous", help: "look at the item before", foot: state.journal.length > 0, run: () => lookBack(state) },
    { action: "next", key: "arrowright", label: "next", help: "back towards the item to judge", foot: state.lookBack !== null, run: () => lookForward(state) },
    { action: "history", key: "h", label: "history", help: "history of this item, or away again", foot: true, run: () => toggleSide(state, "history") },
    hasGuidelines(state) && { action: "guidelines", key: "g", label: "guidelines", help: "guidelines beside the item, or away again", foot: true, run: () => toggleSide(state, "guidelines") },
    searchField() && { action: "search", key: "/", help: "search; Enter or Esc comes back", run: focusSearch },
    { action: "keys", key: "?", label: "keys", help: "this sheet", foot: true, run: () => openKeys(state) },
    item?.slots.length && { action: "up", key: "arrowup", help: "the noun before", run: () => moveSlot(state, -1) },
    item?.slots.length && { action: "down", key: "arrowdown", help: "the next noun", run: () => moveSlot(state, 1) },
    goesThroughOffers(state) && { action: "up", key: "arrowup", help: "the suggestion before, and where it is seen", run: () => moveOffer(state, -1) },
    goesThroughOffers(state) && { action: "down", key: "arrowdown", help: "the next suggestion, and where it is seen", run: () => moveOffer(state, 1) },
  ];
  const at = verdicts.findIndex((binding) => ["unsure", "skip"].includes(binding.action));
  const middle = data.can_edit ? [edit] : [];
  const ordered = [...verdicts.slice(0, at < 0 ? undefined : at), ...middle, ...(at < 0 ? [] : verdicts.slice(at)), undo, ...rest];
  return withOwnKeys(ordered.filter(Boolean), state.settings.keys);
}

/** Put the person's own keys in. Of two actions with one key the one that was given it keeps it, and the other has none. */
function withOwnKeys(usual, keys) {
  const bound = usual.map((binding) => ({ ...binding, usual: binding.key, key: keys[binding.action] ?? binding.key }));
  const given = (binding) => keys[binding.action] !== undefined;
  for (const binding of bound) {
    const twin = binding.key && bound.find((other) => other !== binding && other.key === binding.key);
    if (!twin) continue;
    const [winner, loser] = given(twin) && !given(binding) ? [twin, binding] : [binding, twin];
    loser.lost = { key: loser.key, to: winner };
    loser.key = "";
  }
  return bound;
}

/** The page's own search field above the reviewer, where it has one. */
function searchField() {
  return document.querySelector(".st-key-review-search input");
}

function focusSearch() {
  const field = searchField();
  field.focus();
  field.select();
  field.onkeydown = (event) => {
    if (event.key === "Enter" || event.key === "Escape") setTimeout(() => field.blur());
  };
}

function showsKeys(state) {
  return state.settings.single_keys;
}

/** The key of a press: digits and letters by place where the layout gives none of its own. */
function keyOf(event) {
  const key = event.key.toLowerCase();
  if (/^[0-9a-z]$/.test(key)) return key;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  if (digit) return event.shiftKey ? `shift+${digit}` : digit;
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  return letter && key.length === 1 && !/[\x20-\x7e]/.test(key) ? letter.toLowerCase() : key;
}

/** Return what a press does on the item as it stands, or null. */
function actionOf(state, key) {
  if (key === "escape") return escapeOf(state);
  if (!showsKeys(state)) return null;
  const digit = /^[0-9]$/.test(key) ? Number(key) : null;
  if (state.mode === "reason") return digit && digit <= state.data.reasons.length ? () => giveReason(state, digit - 1) : null;
  const bound = bindings(state).find((binding) => binding.key && binding.key === key);
  const item = shown(state);
  if (!item) return actionOnNothing(state, bound, digit);
  if (bound) return bound.run;
  if (digit && item.slots.length) return item.slots[state.slot]?.options[digit - 1] ? () => toggleOption(state, state.slot, digit - 1) : null;
  if (digit && item.suggestions[digit - 1]) return () => acceptOffer(state, digit - 1);
  const edited = item.suggestions[Number(/^shift\+([1-9])$/.exec(key)?.[1]) - 1];
  return edited ? () => startEdit(state, edited) : null;
}

/** While no item is there, as when the next ones are fetched, a press on a verdict's key judges nothing and is counted. */
function actionOnNothing(state, bound, digit) {
  if (bound && ["undo", "previous", "keys", "search", "guidelines"].includes(bound.action)) return bound.run;
  return bound?.button || digit !== null ? () => ignore(state) : null;
}

function escapeOf(state) {
  if (state.mode === "reason") return () => cancelReason(state);
  if (state.compare !== null) return () => compareRival(state, state.compare);
  if (state.lookBack !== null) return () => toPresent(state);
  return state.side ? () => toggleSide(state, state.side) : null;
}

function toPresent(state) {
  state.lookBack = state.journal.length - 1;
  lookForward(state);
}

function onKey(state, event) {
  const path = event.composedPath();
  if (event.isComposing || event.defaultPrevented || state.parts.sheet.open || inForeignDialog(state, path)) return;
  if (isField(path[0])) {
    if (path[0] === state.editor?.field) onEditorKey(state, event);
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (state.mode === "edit") saveEdit(state);
    else press(state, event, () => saveSlots(state));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || state.mode === "edit") return;
  const key = keyOf(event);
  if (key === "tab") state.walked = false;
  if (key === " " && onControl(path) && !(state.walked && path[0].matches(".offer"))) return;
  const action = actionOf(state, key);
  if (!action) return;
  event.preventDefault();
  if (action === focusSearch) action(); // judges nothing; ignored, the word typed next would be read as verdicts
  else press(state, event, action);
}

function onEditorKey(state, event) {
  if (event.key === "Escape") leaveEditor(state);
  else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) saveEdit(state);
  else return;
  event.preventDefault();
}

/** Act, unless the key repeats by itself or nobody can have seen the item yet: such presses are counted. */
function press(state, event, action) {
  const seen = state.paintedAt !== null && event.timeStamp - state.paintedAt >= DWELL_MS;
  if (event.repeat || !seen) ignore(state);
  else action();
}

function ignore(state) {
  state.ignored += 1;
  state.ignoredTotal += 1;
  paintIgnored(state);
}

function isField(node) {
  return node instanceof Element && (node.matches("input, textarea, select, [role=textbox], [role=combobox]") || node.isContentEditable);
}

function onControl(path) {
  return path.some((node) => node instanceof Element && node.matches("button, a[href], summary, [role=button], [role=tab], [role=option]"));
}

function inForeignDialog(state, path) {
  return path.some((node) => node instanceof Element && node.matches("[role=dialog], dialog") && node !== state.parts.sheet);
}
