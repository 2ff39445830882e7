// The key sheet: what each key does, and how the person wants it.

const STREAMLITS = { c: "it clears its cache", r: "it runs the page again" };
const NAMED_KEYS = new Set([" ", "arrowleft", "arrowright", "arrowup", "arrowdown", "home", "end", "pageup", "pagedown", "insert", "delete"]);

/** Take the server's word on the keys, unless it only repeats what is known. Returns whether they have changed. */
function takeSettings(state) {
  const told = JSON.stringify(state.data.settings);
  const underWay = state.keyChange && state.keyChange !== state.data.settled && state.server === state.data.server;
  if (state.settingsTold === told || underWay) return false;
  const before = JSON.stringify(state.settings);
  state.settingsTold = told;
  state.settings = state.data.settings;
  return before !== undefined && before !== told;
}

function changeSettings(state, change) {
  state.settings = { ...state.settings, ...change };
  state.keyChange = newId();
  state.port?.("settings", { session: state.session, change: state.keyChange, ...state.settings });
  if (state.mode !== "edit") paintJudge(state);
  openKeys(state);
}

function switchKeys(state, on) {
  changeSettings(state, { single_keys: on });
  state.parts.sheet.querySelector("#rg-single").focus();
}

function openKeys(state) {
  state.binding = null;
  openSheet(state, "Keys", keySheet(state));
  state.parts.sheet.onkeydown = (event) => bindKey(state, event);
  paintBinding(state, "");
}

function keySheet(state) {
  const on = showsKeys(state);
  const rows = bindings(state).filter((binding) => binding.help);
  const usual = rows.every((binding) => binding.usual === (binding.lost?.key ?? binding.key));
  const onOff = el("input", { type: "checkbox", role: "switch", id: "rg-single", checked: on, on: { change: (event) => switchKeys(state, event.target.checked) } });
  const back = el("button", { type: "button", class: "btn", disabled: usual, on: { click: () => changeSettings(state, { keys: {} }) } }, "Back to the usual keys");
  const fixed = [
    ["Ctrl ⏎", "save and next, in the editor and in attributes"],
    ["Esc", "leave the editor, the reasons or this sheet"],
    ["1 – 9", "suggestions, attributes and reasons, in the order shown; with Shift: edit that suggestion"],
  ];
  return el(
    "div",
    { class: "key-sheet" },
    el("h3", {}, "Your keys"),
    el("label", { class: "switch", for: "rg-single" }, onOff, "Single keys act", el("span", { class: "hint" }, on ? "" : "Off: use the buttons. Ctrl ⏎ and Esc still act.")),
    el("ul", { class: "binds" }, rows.map((binding) => bindRow(state, binding, on))),
    el("p", { class: "binding", role: "alert" }),
    el("div", { class: "row" }, back, el("span", { class: "hint" }, "Press a key cap, then the key you want. They go with you to every queue.")),
    el("h3", {}, "Always so"),
    el("dl", { class: "keys" }, fixed.map(([key, help]) => el("div", {}, el("dt", {}, el("kbd", { class: "key" }, key)), el("dd", {}, help)))),
    el("p", { class: "hint" }, ["No key acts while you type, while it is held down, or in the first 120 ms after a new item is shown.", ignoredWords(state)].join(" ")),
  );
}

function bindRow(state, binding, on) {
  const name = binding.key ? keyLabel(binding.key) : "none";
  const cap = el(
    "button",
    { type: "button", class: "bind", disabled: !on, "data-bind": binding.action, "aria-label": `${binding.help}: ${name === "␣" ? "space bar" : name}. Change the key`, on: { click: () => startBinding(state, binding) } },
    keyCap(binding.key) ?? el("kbd", { class: "key none" }, "none"),
  );
  const lost = binding.lost && el("span", { class: "lost" }, `${keyLabel(binding.lost.key)} does “${wordsOf(binding.lost.to)}”`);
  const own = binding.key && binding.key !== binding.usual && el("span", { class: "hint" }, `usually ${binding.usual ? keyLabel(binding.usual) : "none"}`);
  return el("li", {}, cap, el("span", {}, binding.help, " ", lost || own));
}

function wordsOf(binding) {
  return binding.label ?? binding.help;
}

function startBinding(state, binding) {
  state.binding = binding;
  paintBinding(state, `Press the new key for “${wordsOf(binding)}”. Esc: leave it as it is. Backspace: no key.`);
}

/** Say what is asked or wrong, with buttons for what can be done about it. */
function paintBinding(state, words, ...buttons) {
  const line = state.parts.sheet.querySelector(".binding");
  const error = state.data.settings_error && !words ? `Not kept: ${state.data.settings_error}` : words;
  line?.replaceChildren(...[error, ...buttons].filter(Boolean));
  for (const cap of state.parts.sheet.querySelectorAll(".bind")) cap.classList.toggle("asks", cap.dataset.bind === state.binding?.action);
}

/** A press while the sheet asks for a key. */
function bindKey(state, event) {
  const { binding } = state;
  if (!binding || event.isComposing || event.repeat || ["Shift", "Control", "Alt", "Meta", "AltGraph"].includes(event.key)) return;
  if (event.key === "Tab") return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === "Escape") return openKeys(state);
  if (event.key === "Backspace") return giveKey(state, { [binding.action]: "" });
  const key = event.ctrlKey || event.altKey || event.metaKey ? "" : keyOf(event);
  const why = problemOf(key, binding);
  if (why) return paintBinding(state, `${why} Press another key for “${wordsOf(binding)}”, or Esc.`);
  const holder = bindings(state).find((other) => other.action !== binding.action && other.key === key);
  if (!holder) return giveKey(state, { [binding.action]: key });
  state.binding = null;
  const swapable = !problemOf(binding.key, holder);
  const swap = swapable && el("button", { type: "button", class: "btn", on: { click: () => giveKey(state, { [binding.action]: key, [holder.action]: binding.key }) } }, "Swap the two");
  const leave = el("button", { type: "button", class: "btn", on: { click: () => openKeys(state) } }, "Leave it");
  paintBinding(state, `${keyLabel(key)} already does “${wordsOf(holder)}”.`, swap || " Give that another key first.", leave);
  (swap || leave).focus();
}

/** Why a key cannot be an action's, in words, or "". */
function problemOf(key, binding) {
  if (!key) return "";
  if (STREAMLITS[key]) return `${keyLabel(key)} belongs to Streamlit: ${STREAMLITS[key]}.`;
  if (/^[0-9]$/.test(key) && !/^[0-9]$/.test(binding.usual)) return "Digits choose verdicts and suggestions.";
  if (NAMED_KEYS.has(key) || /^[^\s\p{C}]$/u.test(key)) return "";
  return "That key cannot be used: take a letter, a sign or an arrow.";
}

function giveKey(state, keys) {
  const all = { ...state.settings.keys, ...keys };
  for (const { action, usual } of bindings(state)) if (all[action] === usual) delete all[action];
  changeSettings(state, { keys: all });
  state.parts.sheet.querySelector(`[data-bind="${Object.keys(keys)[0]}"]`)?.focus();
}
