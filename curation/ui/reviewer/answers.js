// Answers that differ, side by side, for the person who settles the item.

/** What each of several people said, without their names; texts as a diff against the caption. */
function answersPanel(item) {
  if (!item.answers?.length) return null;
  const cards = item.answers.map((answer) =>
    el(
      "li",
      { class: "answer" },
      el("span", { class: "answer-head" }, el("strong", {}, answer.label), answer.when && el("span", { class: "hint" }, answer.when)),
      el("b", {}, answer.verdict),
      answer.reason && el("span", { class: "hint" }, `because of: ${answer.reason}`),
      answer.text && el("p", { class: "wording", dir: "auto" }, answer.diff.map(diffRun)),
    ),
  );
  return el(
    "section",
    { class: "answers", "aria-label": "What others answered" },
    el("h2", {}, "The answers differ: which one holds?"),
    el("ul", {}, cards),
  );
}
