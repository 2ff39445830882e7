// Notices: what was not saved or not applied, why, and what can be done about it.

function paintNotices(state) {
  const failed = state.data.error && state.pending.length ? state.data.error : "";
  const shows = JSON.stringify([failed, state.notices.map(({ id, asked, gone }) => [id, asked, gone])]);
  if (state.parts.notices.dataset.shows === shows) return;
  state.parts.notices.dataset.shows = shows;
  const notices = state.notices.map((notice) => noticeBox(state, notice));
  if (failed) {
    const words = `Your last answers are not saved yet: ${failed}. They are kept in this tab and sent again.`;
    notices.unshift(el("div", { class: "notice", role: "alert" }, el("p", { dir: "auto" }, words)));
  }
  state.parts.notices.replaceChildren(...notices);
}

function noticeBox(state, notice) {
  const button = (label, action) => el("button", { type: "button", class: "btn", disabled: Boolean(notice.asked), on: { click: pressed(action) } }, label);
  const open = notice.item && !notice.gone;
  return el(
    "div",
    { class: "notice", role: "alert" },
    el("p", { dir: "auto" }, el("strong", {}, `“${notice.label}” was not applied: `), `${notice.message.replace(/\.$/, "")}.`),
    notice.about && el("p", { class: "about", dir: "auto" }, "Caption: ", el("q", {}, shortened(notice.about))),
    notice.text && el("p", { class: "yours", dir: "auto" }, "Yours: ", el("q", {}, notice.text)),
    el("p", { class: "todo" }, todoWords(notice)),
    el(
      "div",
      { class: "row" },
      open && button(notice.asked ? "Fetching it…" : "Look at it now", () => lookAtRefused(state, notice, false)),
      open && notice.text && button("Edit mine", () => lookAtRefused(state, notice, true)),
      el("button", { type: "button", class: "btn", on: { click: pressed(() => dismissNotice(state, notice)) } }, "Dismiss"),
    ),
  );
}

function todoWords(notice) {
  if (notice.gone) return "It is not in this queue any more: there is nothing left for you to do.";
  if (!notice.item) return "What stands was left as it is.";
  return "What stands was left as it is. Look at it as it reads now and judge it again, or dismiss this and go on.";
}

function shortened(text) {
  const points = Array.from(text);
  return points.length > 120 ? `${points.slice(0, 119).join("")}…` : text;
}

/** Note refusals that this tab has not shown yet. A decision that was refused is not there to be undone. */
function takeRefusals(state) {
  for (const refusal of state.data.refused) {
    if (state.refusedSeen.has(refusal.decision_id)) continue;
    state.refusedSeen.add(refusal.decision_id);
    const undo = state.undos?.get(refusal.decision_id);
    const entry = state.journal.find((one) => one.decision.id === refusal.decision_id) ?? null;
    if (undo) {
      if (undo.entry) undo.entry.undone = false;
      state.rests.set(undo.item.id, undo.id);
    }
    if (entry) {
      entry.undone = true;
      if (basisOf(state, entry.item) === refusal.decision_id) state.rests.set(entry.item.id, entry.decision.basis);
    }
    state.notices.push({
      id: refusal.decision_id,
      label: undo ? `Undo ${undo.label}` : (entry?.label ?? "A decision"),
      message: refusal.message,
      about: (undo ?? entry)?.item.text,
      item: undo ? null : (entry?.item ?? null),
      text: entry?.decision.text ?? null,
    });
  }
  const open = new Set(state.pending.map((decision) => decision.id));
  for (const id of state.undos?.keys() ?? []) if (!open.has(id)) state.undos.delete(id); // nobody will refuse it any more
}

/** Show an item whose decision was refused as it stands now; with `edit`, one's own text in the editor. */
function lookAtRefused(state, notice, edit) {
  if (!state.data.can_look) return showRefused(state, notice, state.data.items.find((item) => item.id === notice.item.id) ?? notice.item, edit);
  notice.asked = newId();
  notice.edit = edit;
  state.port?.("look", { session: state.session, item_id: notice.item.id, asked: notice.asked });
  paintNotices(state);
}

/** The server has fetched what was asked for. */
function takeLooked(state) {
  const notice = state.notices.find((one) => one.asked && one.asked === state.data.looked);
  if (!notice) return;
  const fresh = state.data.items.find((item) => item.id === notice.item.id);
  notice.asked = null;
  notice.gone = !fresh;
  if (fresh) showRefused(state, notice, fresh, notice.edit);
}

function showRefused(state, notice, item, edit) {
  if (edit) state.drafts.set(item.id, { text: notice.text, suggestion_id: null, reason: "" });
  dismissNotice(state, notice);
  bringBack(state, item);
  turnTo(state);
  if (edit) startEdit(state);
}

function dismissNotice(state, notice) {
  state.notices = state.notices.filter((other) => other.id !== notice.id);
  paintNotices(state);
}
