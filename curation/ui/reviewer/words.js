// Words: the diff of two captions, and attributes put before nouns with "a" and "an" kept right.

const PIECE = /\s*(?:[\p{L}\p{N}_]+(?:['’-][\p{L}\p{N}_]+)*|[^\p{L}\p{N}_\s])|\s+$/gu;
const MAX_DIFF_CELLS = 250_000;

/** Return [[op, text], ...] that turns `before` into `after`, word by word; texts carry their own blanks. */
function wordDiff(before, after) {
  const a = before.match(PIECE) ?? [];
  const b = after.match(PIECE) ?? [];
  const same = (i, j) => a[i].trim() === b[j].trim();
  let head = 0;
  while (head < a.length && head < b.length && same(head, head)) head += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && same(a.length - 1 - tail, b.length - 1 - tail)) tail += 1;
  const middle = diffMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return joinRuns([
    ...b.slice(0, head).map((piece) => ["equal", piece]),
    ...middle,
    ...b.slice(b.length - tail).map((piece) => ["equal", piece]),
  ]);
}

function diffMiddle(a, b) {
  if (a.length * b.length > MAX_DIFF_CELLS) {
    return [...a.map((piece) => ["delete", piece]), ...b.map((piece) => ["insert", piece])];
  }
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      length[i][j] =
        a[i].trim() === b[j].trim() ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const runs = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i].trim() === b[j].trim()) {
      runs.push(["equal", b[j]]);
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || length[i + 1][j] >= length[i][j + 1])) {
      runs.push(["delete", a[i]]);
      i += 1;
    } else {
      runs.push(["insert", b[j]]);
      j += 1;
    }
  }
  return runs;
}

function joinRuns(pieces) {
  const runs = [];
  for (const [op, text] of pieces) {
    const last = runs.at(-1);
    if (last && last[0] === op) last[1] += text;
    else runs.push([op, text]);
  }
  return runs;
}

// The same rules as curation/text/articles.py; a test compares the two.
const SILENT_H = ["hour", "honest", "honor", "honour", "heir", "hors"];
const SOUNDS_LIKE_YOU =
  /^(?:uni(?!n|m|d)|unidi|us[aeiu](?!bl)|usabl|ut[ei]|ubi|uk|ur[aeio]|uv|ufo|eu|ewe|on(?:e|ce)(?:\b|[- s])|u\b|uto|unanim)/;
const SPELLED_VOWEL = /^(?:[aefhilmnorsx]\b|[fhlmnrsx][bcdfghjklmnpqrstvwxz]+\b)/;
const VOWEL_ABBREVIATION = /^(?:x-?rays?|[fhlmnrsx]|mp3|suvs?|atms?|nfl|nba|mri)$/;

function articleFor(word) {
  const low = word.toLowerCase();
  if (/^\d/.test(low)) return /^(?:8\d*|1[18])(?!\d)/.test(low) ? "an" : "a";
  const capitals = word.length > 1 && word === word.toUpperCase() && word !== low;
  if (SILENT_H.some((start) => low.startsWith(start)) || (capitals && SPELLED_VOWEL.test(low))) return "an";
  if (SOUNDS_LIKE_YOU.test(low)) return "a";
  return /^[aeiou]/.test(low) || VOWEL_ABBREVIATION.test(low) ? "an" : "a";
}

/** Return the caption with the chosen options of each slot put before its noun. `chosen[i]` is a Set of indices. */
function composeCaption(text, slots, chosen) {
  const picked = slots.map((slot, i) => slot.options.filter((_, k) => chosen[i].has(k)));
  const all = picked.flat();
  if (all.length === 1 && all[0].text_after) return all[0].text_after;
  const points = Array.from(text); // offsets count characters, not UTF-16 units
  const order = slots.map((slot, i) => i).sort((x, y) => slots[y].start - slots[x].start);
  let tail = "";
  let end = points.length;
  for (const i of order) {
    if (!picked[i].length) continue;
    const words = inOrder(picked[i]);
    tail = `${words} ${points.slice(slots[i].start, end).join("")}${tail}`;
    const [start, article] = articleBefore(points, slots[i].start, words);
    if (article) tail = article + tail;
    end = start;
  }
  return points.slice(0, end).join("") + tail;
}

/** Return the words of one noun in the usual order of adjectives, those of one kind with "and" between them. */
function inOrder(options) {
  const sorted = [...options].sort((x, y) => x.order - y.order);
  const joined = (option, n) => n > 0 && option.order >= 0 && option.order === sorted[n - 1].order;
  return sorted.map((option, n) => (joined(option, n) ? `and ${option.word}` : option.word)).join(" ");
}

function articleBefore(points, start, words) {
  const match = /(^|[^\p{L}\p{N}_'’-])(an?)(\s+)$/iu.exec(points.slice(0, start).join(""));
  if (!match) return [start, ""];
  const [, , article, blanks] = match;
  let right = articleFor(words.split(" ")[0]);
  if (/^[A-Z]/.test(article)) right = right[0].toUpperCase() + right.slice(1);
  return [start - Array.from(article + blanks).length, right + blanks];
}
