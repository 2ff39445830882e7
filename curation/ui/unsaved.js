// Answers in this tab's outboxes that no server has acknowledged. Only the present person's are counted and named.

/** Return [{title, href, number}, ...] of the outboxes that hold open answers; `mine` names this person's by session. */
function openOutboxes(mine) {
  return Object.entries(mine)
    .map(([session, { title, href, stream, acked }]) => ({ title, href, number: openIn(session, stream, acked) }))
    .filter((outbox) => outbox.number > 0);
}

function openIn(session, stream, acked) {
  try {
    const kept = JSON.parse(window.sessionStorage.getItem(`regrain.outbox.${session}`) ?? "{}");
    const live = window.regrainReviewers?.get(session);
    const pending = live?.pending ?? kept.pending ?? [];
    const done = (live?.stream ?? kept.stream) === stream ? acked : 0;
    return pending.filter((decision) => decision.number > done).length;
  } catch {
    return 0; // storage is switched off: there is nothing to find
  }
}

function answers(number) {
  return number === 1 ? "1 answer" : `${number.toLocaleString("en")} answers`;
}

function make(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}
