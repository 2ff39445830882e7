// Answers in this tab's outboxes that no server has acknowledged. Only the present person's are counted and named.

/** Return [{title, href, number}, ...] of the outboxes that hold open answers; `mine` names this person's by session. */
function openOutboxes(mine) {
  return Object.entries(mine)
    .map(([session, { title, href, stream, acked }]) => ({ title, href, number: openIn(session, stream, acked).length }))
    .filter((outbox) => outbox.number > 0);
}

function openIds(mine) {
  return Object.entries(mine).flatMap(([session, { stream, acked }]) => openIn(session, stream, acked).map((decision) => decision.id));
}

function openIn(session, stream, acked) {
  const kept = keptOutbox(session);
  const done = kept.stream === stream ? acked : 0;
  return (kept.pending ?? []).filter((decision) => decision.number > done);
}

/** Take answers off that a server has said are saved. */
function takeOff(mine, saved) {
  if (!saved.size) return;
  for (const session of Object.keys(mine)) {
    const kept = keptOutbox(session);
    const pending = (kept.pending ?? []).filter((decision) => !saved.has(decision.id));
    if (pending.length === (kept.pending ?? []).length) continue;
    const live = window.regrainReviewers?.get(session); // a reviewer of this tab that is not on the page
    if (live) live.pending = pending;
    window.sessionStorage.setItem(`regrain.outbox.${session}`, JSON.stringify({ ...kept, pending }));
  }
}

/** What a reviewer has kept: `outbox.js` writes it with every decision and every acknowledgement. */
function keptOutbox(session) {
  try {
    return JSON.parse(window.sessionStorage.getItem(`regrain.outbox.${session}`) ?? "{}");
  } catch {
    return {}; // storage is switched off: there is nothing to find
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
