"""The plain form: the same item with Streamlit's own widgets. It needs no script of ours and always works."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from curation.records import Decision, RegrainError
from curation.ui import cards
from curation.ui.reviewer import plain_views
from curation.ui.reviewer.compose import compose
from curation.ui.reviewer.items import Item, Offer
from curation.ui.reviewer.outbox import OnDecisions
from curation.ui.reviewer.screenful import Choice, Review

log = logging.getLogger(__name__)

CheckRank = Callable[[Item, str], str]
"""Says in words how a draft stands among the rivals of an item's caption."""


def plain(review: Review, *, key: str, on_decisions: OnDecisions, check_rank: CheckRank | None = None) -> None:
    """Show the first item of a review with buttons for every verdict, suggestion, edit and undo.

    Each press hands one decision to ``on_decisions``; an error is shown and the item stays. A refusal is shown too, and
    the review's first item comes: as it reads now, where it is the same one.
    """
    form = _Form(review, key, on_decisions, check_rank)
    form.messages()
    item = form.item()
    st.subheader(cards.escape_markdown(review.title))
    st.caption(" · ".join([*(f"{tab.label} {tab.count:,}" for tab in review.tabs), *filter(None, [review.rate])]))
    if item is None:
        cards.empty(review.empty.title, review.empty.text, review.empty.link_label, review.empty.link_href)
        form.undo_button()
        return
    look, judge = st.columns([5, 4], gap="medium")
    with look:
        plain_views.pictures(item)
        plain_views.guidelines(review.guidelines)
    with judge:
        cards.chips([(chip.text, chip.tone) for chip in item.chips])
        cards.text(item.text, size="caption")
        if item.note:
            cards.text(item.note, size="small")
        plain_views.answers(item)
        form.suggestions(item)
        form.slots(item)
        form.verdicts(item)
        form.editor(item)
        if item.others:
            cards.numbered("The other captions of this image", [(other.i + 1, other.text) for other in item.others])
        plain_views.history(item.history)


class _Form:
    """The widgets of one plain form and what their presses do."""

    def __init__(
        self, review: Review, key: str, on_decisions: OnDecisions, check_rank: CheckRank | None = None
    ) -> None:
        self.check_rank = check_rank
        self.review = review
        self.key = f"{key}:plain:{review.session}"
        self.on_decisions = on_decisions

    def item(self) -> Item | None:
        """Return the item to judge: one that was just taken back, else the first."""
        back: Item | None = st.session_state.get(f"{self.key}:back")
        if back is None:
            return self.review.items[0] if self.review.items else None
        fresh = [item for item in self.review.items if item.id == back.id]
        return fresh[0] if fresh else back

    def messages(self) -> None:
        """Show what the last press came to, where it was not simply saved."""
        message = st.session_state.pop(f"{self.key}:message", "")
        if message:
            cards.warning(message)

    def suggestions(self, item: Item) -> None:
        """One accept button for each suggestion, with its diff and evidence above it."""
        for n, offer in enumerate(item.suggestions, start=1):
            cards.diff(offer.diff, " · ".join(filter(None, (offer.caution, offer.source, offer.evidence))))
            decision = self._decision(item, "accept", text=offer.text, suggestion_id=offer.id)
            with st.container(horizontal=True):
                st.button(
                    f"{self.review.accept_label} {n}",
                    key=self._key(item, f"offer{n}"),
                    on_click=self._send,
                    args=(decision,),
                )
                if self.review.can_edit:
                    start = self._key(item, f"start{n}")
                    st.button(f"Edit {n}", key=start, type="tertiary", on_click=self._start, args=(item, offer))

    def slots(self, item: Item) -> None:
        """One multiple choice for each noun, and a button that puts the chosen words in."""
        if not item.slots:
            return
        chosen = []
        for n, slot in enumerate(item.slots):
            labels = [f"{option.word} {option.label}".strip() for option in slot.options]
            picked = st.multiselect(
                cards.escape_markdown(slot.noun),
                range(len(labels)),
                format_func=labels.__getitem__,
                key=self._key(item, f"slot{n}"),
            )
            chosen.append([slot.options[i] for i in sorted(picked)])
        text = compose(item.text, item.slots, chosen)
        if text != item.text:
            cards.text(text, size="caption")
        first = next((option.suggestion_id for options in chosen for option in options), None)
        ids = tuple(option.suggestion_id for options in chosen for option in options if option.suggestion_id)
        decision = replace(self._decision(item, "accept", text=text, suggestion_id=first), taken=ids)
        st.button(
            self.review.accept_label,
            key=self._key(item, "insert"),
            type="primary",
            disabled=text == item.text,
            on_click=self._send,
            args=(decision,),
        )

    def verdicts(self, item: Item) -> None:
        """One button for each verdict; a verdict that asks for a reason takes the one chosen beside it."""
        with st.container(horizontal=True):
            for choice in self.review.choices:
                st.button(
                    cards.escape_markdown(choice.label),
                    key=self._key(item, choice.verdict),
                    on_click=self._judge,
                    args=(item, choice),
                )
            self.undo_button()
        asks = [choice.label.lower() for choice in self.review.choices if choice.asks_reason]
        asks += ["edit"] if self.review.can_edit else []
        if asks and self.review.reasons:
            st.selectbox(
                "Reason",
                self.review.reasons,
                index=None,
                key=self._key(item, "reason"),
                placeholder=f"Why you {' or '.join(asks)}",
            )

    def editor(self, item: Item) -> None:
        """The caption in a text field, saved by its own button."""
        if not self.review.can_edit:
            return
        st.session_state.setdefault(self._key(item, "text"), item.text)
        text = st.text_area("Caption", key=self._key(item, "text"))
        with st.container(horizontal=True):
            st.button("Save the edited caption", key=self._key(item, "edit"), on_click=self._edit, args=(item,))
            if self.check_rank is not None and item.live:
                st.button("Check rank", key=self._key(item, "check"), on_click=self._check, args=(item,))
        checked, found = st.session_state.get(self._key(item, "rank"), ("", ""))
        if found and checked == text:
            cards.text(found, size="small")

    def undo_button(self) -> None:
        """Take back this tab's last decision, or one from before."""
        last = self._last()
        label = f"Undo “{last[1]}”" if last else "Undo"
        st.button(cards.escape_markdown(label), key=f"{self.key}:undo", disabled=last is None, on_click=self._undo)

    def _key(self, item: Item, name: str) -> str:
        return f"{self.key}:{item.id}:{item.revision_id}:{name}"

    def _decision(
        self, item: Item, verdict: str, *, text: str | None = None, suggestion_id: str | None = None
    ) -> Decision:
        review = self.review
        return Decision(
            uuid.uuid4().hex, review.person, review.queue, item.caption_id, item.revision_id, verdict,
            text=text, image_id=item.image_id, suggestion_id=suggestion_id, basis=item.basis,
            offered=item.offered if verdict != "undo" else (),
        )  # fmt: skip

    def _judge(self, item: Item, choice: Choice) -> None:
        reason = st.session_state.get(self._key(item, "reason")) if choice.asks_reason else None
        self._send(replace(self._decision(item, choice.verdict), reason=reason or ""), item, choice.label)

    def _edit(self, item: Item) -> None:
        text = str(st.session_state.get(self._key(item, "text"), ""))
        if text.strip() == item.text.strip():
            st.session_state[f"{self.key}:message"] = "The caption reads as before: change it, or choose a verdict."
            return
        reason = st.session_state.get(self._key(item, "reason")) or ""
        suggestion = st.session_state.get(self._key(item, "started"))
        made = self._decision(item, "edit", text=text, suggestion_id=suggestion)
        self._send(replace(made, reason=reason), item, "Edit")

    def _start(self, item: Item, offer: Offer) -> None:
        """Put a suggestion into the editor."""
        st.session_state[self._key(item, "text")] = offer.text
        st.session_state[self._key(item, "started")] = offer.id

    def _check(self, item: Item) -> None:
        if self.check_rank is not None:
            text = str(st.session_state.get(self._key(item, "text"), ""))
            st.session_state[self._key(item, "rank")] = text, self.check_rank(item, text)

    def _last(self) -> tuple[str, str, Item] | None:
        journal: list[tuple[str, str, Item]] = st.session_state.get(f"{self.key}:journal", [])
        if journal:
            return journal[-1]
        taken = st.session_state.get(f"{self.key}:taken", set())
        recent = [entry for entry in self.review.recent if entry.decision_id not in taken]
        if not recent:
            return None
        return recent[0].decision_id, recent[0].label, replace(recent[0].item, basis=recent[0].basis)

    def _undo(self) -> None:
        last = self._last()
        if last is None:
            return
        decision_id, _, item = last
        if self._apply(replace(self._decision(item, "undo"), undoes=decision_id, basis=None)):
            journal = st.session_state.get(f"{self.key}:journal", [])
            del journal[-1:]
            st.session_state.setdefault(f"{self.key}:taken", set()).add(decision_id)
            st.session_state[f"{self.key}:back"] = item

    def _send(self, decision: Decision, item: Item | None = None, label: str = "") -> None:
        judged = item or self.item()
        if judged is not None and self._apply(decision):
            st.session_state.pop(f"{self.key}:back", None)
            entry = (decision.id, label or self.review.accept_label, judged)
            st.session_state.setdefault(f"{self.key}:journal", []).append(entry)

    def _apply(self, decision: Decision) -> bool:
        """Hand one decision over; say whether it was applied, and keep the reason where it was not."""
        try:
            (outcome,) = self.on_decisions([decision], 0)
        except (RegrainError, OSError) as problem:
            log.warning("a decision was not saved: %s", problem)
            st.session_state[f"{self.key}:message"] = f"Not saved: {problem}"
            return False
        if not outcome.applied:
            st.session_state.pop(f"{self.key}:back", None)  # what was brought back is out of date: go on
            draft = f" Your wording was: {decision.text}" if decision.verdict == "edit" else ""
            st.session_state[f"{self.key}:message"] = f"Not applied: {outcome.message}{draft}"
        return outcome.applied
