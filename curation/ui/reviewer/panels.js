// Panels of the judging side that take part in a step: editor, reasons, attribute slots, and the sheet.

// ---- the editor, in place of the caption

function editorPanel(state, item) {
  const draft = state.drafts.get(item.id) ?? { text: item.text, suggestion_id: null, reason: "" };
  const preview = el("p", { class: "preview", dir: "auto", "aria-label": "What changes" });
  const save = el(
    "button",
    { type: "button", class: "btn primary", on: { click: pressed(() => saveEdit(state)) } },
    el("kbd", { class: "key", "aria-hidden": "true" }, "Ctrl ⏎"),
    "Save and next",
  );
  const field = el("textarea", { class: "editor", rows: "2", dir: "auto", "aria-label": "Caption", spellcheck: "true" });
  field.value = draft.text;
  const follow = () => {
    state.drafts.set(item.id, { ...(state.drafts.get(item.id) ?? draft), text: field.value });
    keep(state);
    const changed = tidy(field.value) !== tidy(item.text);
    preview.replaceChildren(...(changed ? wordDiff(item.text, field.value).map(diffRun).flat() : ["No change yet."]));
    save.disabled = !changed || !tidy(field.value);
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
    followLive(state, item, field.value);
  };
  field.addEventListener("input", follow);
  state.editor = { field, follow, item };
  const leave = el(
    "button",
    { type: "button", class: "btn", on: { click: () => leaveEditor(state) } },
    keyCap("escape"),
    "Leave, keep the draft",
  );
  const reset = el(
    "button",
    { type: "button", class: "btn quiet", on: { click: () => resetEditor(state) } },
    "Start again from the caption",
  );
  return el("div", { class: "edit" }, field, preview, liveLine(state, item), editReasons(state, item), el("div", { class: "row" }, save, leave, reset));
}

/** Why the text was changed: optional, one of the reasons. */
function editReasons(state, item) {
  if (!state.data.reasons.length) return null;
  const chosen = () => state.drafts.get(item.id)?.reason ?? "";
  const buttons = state.data.reasons.map((reason) =>
    el(
      "button",
      {
        type: "button",
        class: "chip choice",
        "aria-pressed": String(chosen() === reason),
        on: {
          click: (event) => {
            const draft = state.drafts.get(item.id) ?? { text: state.editor.field.value, suggestion_id: null };
            state.drafts.set(item.id, { ...draft, reason: chosen() === reason ? "" : reason });
            keep(state);
            for (const button of event.currentTarget.parentElement.querySelectorAll("button")) {
              button.setAttribute("aria-pressed", String(button.textContent === chosen()));
            }
          },
        },
      },
      reason,
    ),
  );
  return el("div", { class: "why", role: "group", "aria-label": "What was wrong (optional)" }, el("span", {}, "What was wrong?"), buttons);
}

function tidy(text) {
  return text.trim().replace(/\s+/g, " ");
}

// ---- reasons, in place of the buttons

function reasonPanel(state) {
  const buttons = state.data.reasons.map((reason, i) =>
    el(
      "button",
      { type: "button", class: "btn", on: { click: pressed(() => giveReason(state, i)) } },
      i < 9 && showsKeys(state) && keyCap(String(i + 1)),
      reason,
    ),
  );
  const cancel = el(
    "button",
    { type: "button", class: "btn quiet", on: { click: pressed(() => cancelReason(state)) } },
    keyCap("escape"),
    "Back",
  );
  const item = shown(state);
  const offered = item.suggestions.length || item.slots.length;
  const question = `${state.asking.label}${offered ? " these suggestions: what is wrong with them?" : ": why?"}`;
  return el("div", { class: "act reasons", role: "group", "aria-label": question }, el("strong", {}, question), buttons, cancel);
}

// ---- attribute slots

function slotPanel(state, item) {
  const rows = item.slots.map((slot, i) =>
    el(
      "div",
      { class: `slot${i === state.slot ? " active" : ""}`, role: "group", "aria-label": `Attributes of ${slot.noun}` },
      el("strong", { dir: "auto" }, slot.noun),
      el("div", { class: "options" }, slot.options.map((option, k) => slotOption(state, i, k, option))),
    ),
  );
  const any = state.chosen.some((set) => set.size);
  const save = el(
    "button",
    { type: "button", class: "btn primary", disabled: !any, on: { click: pressed(() => saveSlots(state)) } },
    el("kbd", { class: "key", "aria-hidden": "true" }, "Ctrl ⏎"),
    `${state.data.accept_label} and next`,
  );
  const hint = el("span", { class: "hint" }, showsKeys(state) ? "↑ ↓ noun · digits choose its words" : "Choose words for each noun");
  const live = any && liveLine(state, item);
  if (any) followLive(state, item, composeCaption(item.text, item.slots, state.chosen));
  return el("div", { class: "slots" }, rows, live, el("div", { class: "row" }, save, hint));
}

function slotOption(state, i, k, option) {
  const chosen = state.chosen[i].has(k);
  const digit = i === state.slot && k < 9 && showsKeys(state);
  return el(
    "button",
    {
      type: "button",
      class: "btn option",
      "data-places": `${i} ${k}`,
      "aria-pressed": String(chosen),
      on: { click: pressed(() => toggleOption(state, i, k)) },
    },
    digit && keyCap(String(k + 1)),
    chosen && el("span", { class: "tick", "aria-hidden": "true" }, "✓"),
    el("span", { dir: "auto" }, option.word),
    option.label && el("small", {}, option.label),
  );
}

/** The caption with its nouns marked, or as a diff once words were chosen. */
function slotCaption(state, item) {
  const text = composeCaption(item.text, item.slots, state.chosen);
  if (text !== item.text) return wordDiff(item.text, text).map(diffRun).flat();
  const slot = item.slots[state.slot];
  return markedText(item.text, slot ? [[slot.start, slot.end]] : []);
}
