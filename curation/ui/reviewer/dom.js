// Building blocks: every text becomes a text node, so nothing a caption holds is ever read as markup.

/** Make an element. `on` holds listeners; true, false and null attributes are set bare or left out. */
function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const KEY_NAMES = { " ": "␣", arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", escape: "Esc", pageup: "PgUp", pagedown: "PgDn", delete: "Del", insert: "Ins", home: "Home", end: "End" };

function keyLabel(key) {
  return KEY_NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

function keyCap(key) {
  return !key ? null : el("kbd", { class: "key", "aria-hidden": "true" }, keyLabel(key));
}

/** One run of a diff: blanks stay outside the coloured words. */
function diffRun([op, text]) {
  if (op === "equal") return text;
  const [, before, words, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
  return [before, el(op === "insert" ? "ins" : "del", {}, words), after];
}

/** Evidence is one line parted by "·"; its figures stand out. */
function evidenceLine(evidence) {
  return evidence.split(" · ").map((part) => {
    const match = /^(\S* ?)([-+−]?\d[\d.,]*(?: → [\d.,]+)?(?: %)?)$/.exec(part);
    return el("span", {}, match ? [match[1], el("b", {}, match[2])] : part);
  });
}

/** Text with character ranges marked. */
function markedText(text, ranges) {
  const points = Array.from(text);
  const parts = [];
  let at = 0;
  for (const [start, end] of [...ranges].sort((x, y) => x[0] - y[0])) {
    if (start < at) continue;
    parts.push(points.slice(at, start).join(""), el("mark", {}, points.slice(start, end).join("")));
    at = end;
  }
  return [...parts, points.slice(at).join("")];
}

/** A press of the mouse does not keep the focus, so that the space bar still skips; one of the keyboard does. */
function pressed(action) {
  return (event) => {
    if (event.detail > 0) event.currentTarget.blur();
    action(event);
  };
}
