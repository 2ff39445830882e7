"""From the store to the screen: one queue item with all that a person needs to judge it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from curation.records import Queue
from curation.store import Store, briefs, captions, dealing, decisions, jobs, settings
from curation.store.briefs import Brief
from curation.ui import wordings
from curation.ui.images import ImageServer
from curation.ui.live_route import LiveRank
from curation.ui.reviewer import (
    Chip,
    HistoryEntry,
    Item,
    Offer,
    Picture,
    Rival,
)
from curation.ui.thumbnails import Size
from curation.ui.wording import (
    history_line,
    ordinal,
    verdict_label,
    when,
)

RIVALS = 6
"""Pictures in the strip under the image, the target among them."""

HISTORY = 200
"""Lines of an item's history, newest first: more than any item has in practice."""

SUGGESTED: dict[Queue, Literal["rewrite", "attribute"]] = {"rewrites": "rewrite", "attributes": "attribute"}

Row = Mapping[str, Any]


class _Surroundings(NamedTuple):
    """Captions and rows of all images that a batch of items shows, by image id."""

    texts: dict[str, list[dict[str, Any]]]
    images: dict[str, dict[str, Any]]


class ItemBuilder:
    """Builds the items of one queue for one person; holds nothing but the way to store and pictures.

    Who ``settles`` disputes sees what the others answered; nobody else does.
    """

    def __init__(
        self,
        store: Store,
        images: ImageServer,
        queue: Queue,
        person: str,
        live: LiveRank | None = None,
        *,
        settles: bool = False,
        ordering: Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]] = list,
    ) -> None:
        self.store = store
        self.images = images
        self.queue = queue
        self.person = person
        self.live = live
        self.settles = settles
        self.ordering = ordering
        self._unaided = settings.get(store, "unaided_share")

    def items(self, rows: Sequence[Row]) -> tuple[Item, ...]:
        """Return the items of queue rows, in their order."""
        if not rows:
            return ()
        found = briefs.of(
            self.store,
            [row["caption_id"] for row in rows],
            score="noise" if self.queue == "noise" else "coarse",
            suggestions=SUGGESTED.get(self.queue),
            candidates=self.queue == "pool",
        )
        near = [image for brief in found.values() for image in _nearest(brief.rivals)]
        shown = sorted({*near, *(row["image_id"] for row in rows)})
        around = _Surroundings(captions.of_images(self.store, shown), captions.images(self.store, shown))
        differ = [row["id"] for row in rows if row["status"] == "disputed"]
        said = decisions.answers_to(self.store, self.queue, differ) if differ and self.settles else {}
        return tuple(self._item(row, found[row["caption_id"]], around, said.get(row["id"], [])) for row in rows)

    def _item(self, row: Row, brief: Brief, around: _Surroundings, said: Sequence[Row]) -> Item:
        texts = around.texts[row["image_id"]]
        plain = row.get("dealt", "work") == "blind" or not self._aided(row)
        offers = self.ordering(brief.suggestions) if self._aided(row) else []
        waits = self._waits(row) and not (offers or said)
        return Item(
            id=row["id"],
            caption_id=row["caption_id"],
            revision_id=row["revision_id"],
            basis=_basis(row),
            version=version_of(row),
            image_id=row["other_image_id"],
            name=f"{row['image_id']} · caption {row['i'] + 1} of {len(texts)}",
            image=self._picture(row["image_id"], _spoken(texts), 1280, held=row["file"] is not None),
            text=row["text"],
            chips=self._chips(row, brief, plain=plain),
            answers=wordings.answers(self.queue, row["text"], said),
            suggestions=self._suggestions(row, offers, said),
            slots=wordings.slots(row["text"], offers) if self.queue == "attributes" and not said else (),
            others=wordings.others(row, texts, offers),
            rivals=self._rivals(brief.rivals, around),
            rivals_title="Nearest rivals: images this caption fits as well" if brief.rivals else "",
            rivals_note="" if plain else _standing(brief.rivals),
            candidate=self._candidate(row),
            note=_note(self.queue, row, self.person) or ("" if offers or plain or said else self._words_for_none(row)),
            history=_history(brief, self.person, open_to_all=_open_to_all(row, self.person)),
            live="" if plain else self._live(row),
            waits=waits,
        )

    def _waits(self, row: Row) -> bool:
        """Say whether suggestions for an item are still to come."""
        return self.queue in SUGGESTED and not row.get("sought") and self._aided(row)

    def _words_for_none(self, row: Row) -> str:
        """Return what stands where a suggestion is due and there is none."""
        if self.queue not in SUGGESTED:
            return ""
        if self._waits(row):
            sought = [job for job in jobs.listed(self.store) if job.kind == "suggest"]
            if sought and sought[0].state in ("failed", "cancelled"):
                return f"Suggestions could not be sought: the job is {sought[0].state}. An owner finds it under Jobs."
            return "Suggestions for this caption are being sought: they appear here by themselves."
        return "No suggestion that passes every check was found: edit the caption, or say what is right about it."

    def _suggestions(self, row: Row, offers: Sequence[Row], said: Sequence[Row]) -> tuple[Offer, ...]:
        """Return what a digit takes: the wordings of answers that differ, else the suggestions."""
        if self.queue not in SUGGESTED:
            return ()
        if said:
            return wordings.said(row["text"], said)
        return wordings.offers(row["text"], offers) if self.queue == "rewrites" else ()

    def _aided(self, row: Row) -> bool:
        """Say whether scores and suggestions are shown: a share of the items is judged without them."""
        return dealing.is_aided(self._unaided, self.queue, row["id"])

    def _live(self, row: Row) -> str:
        if self.live is None or self.queue == "pool":  # a caption is not edited while pairs are judged
            return ""
        return self.live.address(self.person, row["caption_id"], row["revision_id"])

    def _picture(self, image_id: str, alt: str, size: Size, *, held: bool = True) -> Picture:
        return Picture(self.images.address(self.person, image_id, size) if held else None, alt)

    def _candidate(self, row: Row) -> Picture | None:
        other = row["other_image_id"]
        return self._picture(other, f"candidate from the pool: {other}", 1280) if other else None

    def _rivals(self, found: Row | None, around: _Surroundings) -> tuple[Rival, ...]:
        if not found:
            return ()
        target, own = _target(found), found["own_score"]
        near = dict(zip(found["image_ids"], found["scores"], strict=True))
        shown = [(image, near[image], f"{near[image]:.3f}", False) for image in _nearest(found)]
        shown.append((target, own, f"{ordinal(found['own_rank'])} {own:.3f}", True))
        shown.sort(key=lambda entry: (-entry[1], entry[3]))
        return tuple(Rival(self._rival_picture(image, around), label, is_own) for image, _, label, is_own in shown)

    def _rival_picture(self, image_id: str, around: _Surroundings) -> Picture:
        alt = _spoken(around.texts.get(image_id, [])) or image_id
        return self._picture(image_id, alt, 320, held=_held(around.images.get(image_id)))

    def _chips(self, row: Row, brief: Brief, *, plain: bool) -> tuple[Chip, ...]:
        if plain:
            chips = [Chip("judged without scores")]
        elif self.queue == "pool":
            chips = _candidate_chips(brief.candidates.get(row["other_image_id"]))
        else:
            chips = self._score_chips(brief.score)
        if row["generated"]:
            chips.append(Chip("written by a model"))
        return (*chips, Chip(f"split {row['split']}"))

    def _score_chips(self, found: Row | None) -> list[Chip]:
        if found is None:
            return [Chip("not scored yet")]
        noise = self.queue == "noise"
        chance = found["parts"].get("probability") if noise else found["value"]
        name = "Coarse" if not noise else "Suspicion" if chance is None else "Mismatch probability"
        value = found["value"] if chance is None else chance
        chips = [Chip(f"{name} {value:.2f}", "warn" if value >= 0.5 else "")]
        if found["stale"]:
            chips.append(Chip("of the earlier text: being computed anew", "warn"))
        return chips + [Chip(reason) for reason in _reasons(found["reasons"])]


def version_of(row: Row) -> str:
    """Return a name for an item as it stands: another text, another decision on it, or suggestions
    sought anew make another name.
    """
    return "\n".join((row["revision_id"], _basis(row), row.get("dealt", "work"), row.get("sought", "")))


def _basis(row: Row) -> str:
    """Return the decision that an item rests on; an answer to be given blind rests on none."""
    return "" if row["status"] == "todo" else row["decision_id"] or ""


def _open_to_all(row: Row, person: str) -> bool:
    """Say whether a person may see what others answered: not while several are asked and they have not answered."""
    if row.get("dealt") == "gold":
        return False
    return row["needed"] == 1 or person in row["answered_by"] or row["status"] == "done"


def _history(brief: Brief, person: str, *, open_to_all: bool) -> tuple[HistoryEntry, ...]:
    shown = [entry for entry in brief.history if open_to_all or entry["person"] == person]
    return tuple(
        HistoryEntry(when(e["made_at"]), e["person"], history_line(e), f"{e['made_at'].isoformat()}Z")
        for e in shown[:HISTORY]
    )


def _candidate_chips(found: Row | None) -> list[Chip]:
    if found is None:
        return []
    margin = found["risk"]
    above = f"fits the caption {abs(margin):.3f} {'better' if margin > 0 else 'less'} than its own image"
    return [
        Chip(above, "warn" if margin > 0 else ""),
        Chip(f"found by {found['via']}, cosine {found['score']:.3f}"),
    ]


def _target(rivals: Row) -> str:
    return str(rivals["caption_id"]).rpartition("#")[0]


def _nearest(rivals: Row | None) -> list[str]:
    """Return the images of the strip, the target left out."""
    if rivals is None:
        return []
    return [image for image in rivals["image_ids"] if image != _target(rivals)][: RIVALS - 1]


def _reasons(reasons: Iterable[Any]) -> list[str]:
    """Return the reasons of a score in words; each is a text or a signal that carries one."""
    texts = [one.get("reason", "") if isinstance(one, Mapping) else str(one) for one in reasons]
    return [text for text in texts if text]


def _standing(found: Row | None) -> str:
    if not found:
        return ""
    note = f"target is {ordinal(found['own_rank'])} of {found['gallery']:,}"
    return f"{note} (earlier text)" if found["stale"] else note


def _note(queue: Queue, row: Row, person: str) -> str:
    if row["status"] == "disputed" and person in row["answered_by"]:
        return "You are one of those who answered: somebody else decides. A new verdict changes your own answer."
    if held := row.get("held_by"):
        return f"{held} has this caption on the screen just now."
    if row["verdict"] is None:
        return ""
    label = verdict_label(queue, row["verdict"])
    return f"{label}, by {row['person']}, {when(row['decided_at'])}. A new verdict replaces it."


def _spoken(texts: Iterable[Row]) -> str:
    return "; ".join(one["text"] for one in texts)


def _held(image: Row | None) -> bool:
    return image is not None and image["file"] is not None
