"""A review screen over a queue in memory: what the browser tests press. Run: streamlit run <this file>.

Query: ``queue`` (coarse, rewrites, attributes, noise, pool), ``plain=1``, ``fail=1`` (saving fails),
``refuse=1`` (the store refuses every text), ``n`` items, ``nokeys=1``, ``title``.
With ``seek=1`` the suggestions of an item come with the second run of the page.
``?state=1`` prints what was stored, as JSON; with ``settle=n`` Ben settles item n first.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from curation.records import Decision, Outcome
from curation.store.verdicts import REASONS, VERDICTS
from curation.text.worddiff import word_diff
from curation.ui import frame, unsaved
from curation.ui.reviewer import (
    Answer,
    Chip,
    Empty,
    Example,
    Guidelines,
    HistoryEntry,
    Item,
    Offer,
    OtherCaption,
    Picture,
    Place,
    Recent,
    Review,
    Rival,
    Settings,
    Slot,
    SlotOption,
    Tab,
    choices,
    reviewer,
    session_id,
)
from curation.ui.reviewer.plain import plain
from curation.ui.sign_out import sign_out

COLOURS = ["#557a4d", "#6a7f9a", "#8a6b4a", "#4d6f7a", "#6d7a4d", "#7a4d6f"]
HOSTILE = [
    '<img src=x onerror="window.hacked=1"> **bold** _it_ :red[x] $a$',
    "مرحبا \u202eright to left\u202c <script>window.hacked=1</script>",
    "👩‍🚀 [link](javascript:alert(1)) `code` # heading",
    "long " * 2000,
]


@dataclass
class Shelf:
    """The fake store: who sent what, and what was applied."""

    decisions: list[Decision] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    settings: Settings | None = None
    wanted: list[str] = field(default_factory=list)
    calls: int = 0
    runs: int = 0
    ignored: int = 0

    def undone(self) -> set[str | None]:
        return {decision.undoes for decision in self.decisions if decision.undoes}

    def settle(self, queue: str, n: int) -> None:
        """Let somebody else judge an item, once."""
        if f"ben{n}" not in self.ids:
            self.ids.add(f"ben{n}")
            self.decisions.append(Decision(f"ben{n}", "Ben", queue, f"img{n}#0", f"img{n}#0@0", "wrong"))  # type: ignore[arg-type]

    def take(self, queue: str, decision: Decision, *, refuse: bool) -> Outcome:
        """Apply one decision, or refuse it where the item rests on another one than it was shown with."""
        if decision.id in self.ids:
            return Outcome(decision.id, True)
        if refuse and decision.text:
            words = "the caption has changed since you saw it; it now reads: <b>x</b>"
            return Outcome(decision.id, False, words)
        rests = self.standing(queue).get(decision.caption_id, "")
        if decision.verdict != "undo" and decision.basis != rests:
            return Outcome(decision.id, False, "Ben has settled it meanwhile as “Wrong”")
        self.ids.add(decision.id)
        self.decisions.append(decision)
        self.wanted = [item for item in self.wanted if item != decision.caption_id]
        return Outcome(decision.id, True)

    def standing(self, queue: str) -> dict[str, str]:
        """Return the decision that each judged item rests on."""
        undone = self.undone()
        return {
            d.caption_id: d.id
            for d in self.decisions
            if d.queue == queue and d.verdict != "undo" and d.id not in undone
        }


@st.cache_resource
def shelves() -> dict[str, Shelf]:
    return {}


def drawing(n: int, width: int = 960, height: int = 640) -> str:
    """Return a small scene as inline SVG, one that differs with ``n``."""
    ground, top = COLOURS[n % len(COLOURS)], ["#17191c", "#a33", "#246", "#e8c84a"][n % 4]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 640" width="{width}" height="{height}">'
        f'<rect width="960" height="640" fill="{ground}"/><rect width="960" height="190" fill="#0003"/>'
        f'<g stroke="#e8efe6" stroke-width="5" fill="none"><path d="M0 300H960M140 640 330 300M820 640 640 300"/></g>'
        f'<g transform="translate({300 + 60 * (n % 5)} 190)"><circle cx="0" cy="25" r="26" fill="#c99070"/>'
        f'<path d="M-36 60q36-26 72 0l8 96h-88z" fill="{top}"/><path d="M-44 156h88l16 86h-120z" fill="#f6f6f2"/>'
        f'<path d="M-30 242v110M30 242v110" stroke="#c99070" stroke-width="22"/></g></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def wording(n: int) -> str:
    if st.query_params.get("hostile"):
        return HOSTILE[n % len(HOSTILE)]
    return ["a woman is holding a tennis racket on a court", "a man stands near a dog", "people on a street"][n % 3]


def make_item(queue: str, n: int) -> Item:
    """Return item ``n`` of a queue, with the parts that the queue's screen has."""
    text = wording(n)
    picture = Picture(drawing(n), text, 960, 640)
    rivals = [Rival(Picture(drawing(n + k), f"rival {k}", 960, 640), f"0.3{40 - 3 * k}") for k in range(1, 6)]
    offers: tuple[Offer, ...] = ()
    if queue == "rewrites":
        texts = [text.replace("woman", "woman in a black top and white skirt"), f"{text} by a green fence"]
        texts.append(text.replace("holding", "bending to hit a ball with"))
        texts = [offered for offered in texts if offered != text]
        source, evidence = "from captions 1 and 4", "rank 7 → 1 · margin +0.061 · fits 41 → 2"
        cautions = ("", "helps only the first encoder", "")
        offers = tuple(
            Offer(f"s{n}.{i}", offered, tuple(map(tuple, word_diff(text, offered))), source, evidence, seen, caution)  # type: ignore[misc]
            for i, (offered, seen, caution) in enumerate(zip(texts, places_of(n), cautions, strict=False))
        )
    return Item(
        id=f"img{n}#0|pool{n}" if queue == "pool" else f"img{n}#0",
        caption_id=f"img{n}#0",
        revision_id=f"img{n}#0@0",
        image=picture,
        text=text,
        image_id=f"pool{n}" if queue == "pool" else "",
        name=f"img{n} · #1",
        chips=(Chip("Coarse 0.91", "warn"), Chip("fits 41 images as well"), Chip("9 words"), Chip(f"item {n}")),
        suggestions=offers,
        others=tuple(OtherCaption(i, f"another caption {i} with a black top", ((25, 34),)) for i in range(1, 5)),
        rivals=() if queue == "pool" else (*rivals, Rival(picture, "7th, 0.309", own=True)),
        rivals_title="Nearest rivals: images this caption fits as well",
        rivals_note="target is 7th of 5,000",
        answers=answers_of(text) if st.query_params.get("answers") else (),
        slots=slots_of(text) if queue == "attributes" else (),
        candidate=Picture(drawing(n + 1), f"pool image {n}", 960, 640) if queue == "pool" else None,
        history=tuple(
            HistoryEntry("2026-11-23", who, what, f"2026-11-23T{10 + n:02}:02:00+00:00")
            for n, (who, what) in enumerate([("Ben", "chose “coarse”"), ("Ann", "Rewrites: Accept → a tall woman")])
        ),
    )


def sought(item: Item, runs: int) -> Item:
    """Return an item as it stands before and after its suggestions are there."""
    if not st.query_params.get("seek") or runs > 1:
        return item
    return replace(item, suggestions=(), waits=True, version="before", note="Suggestions are being sought")


def places_of(n: int) -> list[tuple[Place, ...]]:
    """Return where each suggestion of item ``n`` is seen: two places, one, and none."""
    left = (300 + 60 * (n % 5) - 50) / 960
    top, skirt = (left, 0.375, left + 0.105, 0.56), (left - 0.01, 0.54, left + 0.12, 0.675)
    return [(Place("black top", top), Place("white skirt", skirt)), (Place("green fence", (0.6, 0.0, 1.0, 0.3)),), ()]


def recent_of(shelf: Shelf, queue: str) -> tuple[Recent, ...]:
    """Return the last decision that still stands, with what it rested on."""
    standing = set(shelf.standing(queue).values())
    last = next((d for d in reversed(shelf.decisions) if d.id in standing), None)
    if last is None:
        return ()
    return (Recent(last.id, last.verdict.capitalize(), make_item(queue, number(last.caption_id)), last.basis or ""),)


def number(caption_id: str) -> int:
    return int(caption_id.removeprefix("img").removesuffix("#0"))


def guidelines_of() -> Guidelines:
    examples = [
        Example(
            "a woman in a red coat walks a black dog", "Fine enough", "No rival shows both.", Picture(drawing(2), "x")
        ),
        Example("a man with a ball", "Coarse", "Every one of the rivals shows that.", Picture(drawing(3), "y"), "warn"),
        Example("people <b>outside</b>", "Coarse", "No picture is needed to see it."),
    ]
    return Guidelines("Coarse means that other images fit as well.\n1. Look at the rivals.", tuple(examples))


def settings_of(shelf: Shelf) -> Settings:
    query = st.query_params
    keys = dict(pair.split(":") for pair in query.get("keys", "").split(",") if pair)
    return shelf.settings or Settings(single_keys=not query.get("nokeys"), keys=keys)


def answers_of(text: str) -> tuple[Answer, ...]:
    finer = f"{text} by a green fence"
    diff: tuple[Any, ...] = tuple(map(tuple, word_diff(text, finer)))
    return (
        Answer("First answer", "Coarse", when="2 h ago"),
        Answer("Second answer", "Edit", "attribute", finer, diff, "1 h ago"),
        Answer("Third answer", "Wrong", "wrong image", when="5 min ago"),
    )


def slots_of(text: str) -> tuple[Slot, ...]:
    words = {"woman": ["tall", "young", "orange"], "racket": ["red", "old"], "court": ["green"], "dog": ["brown"]}
    seen = places_of(0)
    found = [(noun, text.index(noun)) for noun in words if noun in text]
    options = {
        noun: tuple(SlotOption(word, "0.82", places=seen[k % 3]) for k, word in enumerate(words[noun]))
        for noun, _ in found
    }
    return tuple(Slot(noun, at, at + len(noun), options[noun]) for noun, at in found)


def main() -> None:
    query = st.query_params
    queue, total = query.get("queue", "coarse"), int(query.get("n", "30"))
    person = frame.begin(
        "Reviewer",
        who=lambda: query.get("as") or st.session_state.get("person") or query.get("person", "Lea Wu"),
        review=not query.get("leave"),
        root=Path(__file__).parent,
    )
    shelf = shelves().setdefault(f"{query.get('name', '')}:{person}:{queue}", Shelf())
    if query.get("state"):
        if (settled := query.get("settle")) is not None:
            shelf.settle(queue, int(settled))
        st.text(json.dumps({"decisions": [asdict(d) for d in shelf.decisions], "ignored": shelf.ignored}))
        return

    if query.get("leave"):
        unsaved.notice(person, query.get("name", "memory"), known=shelf.ids.intersection)
        with st.sidebar:
            sign_out(person, query.get("name", "memory"), on_leave=lambda: st.text("signed out"))
        return

    def on_decisions(decisions: list[Decision], ignored: int) -> list[Outcome]:
        shelf.calls += 1
        if query.get("fail") == "1" and person != "Ben":
            raise OSError(28, "No space left on device")
        shelf.ignored += ignored
        return [shelf.take(queue, decision, refuse=bool(query.get("refuse"))) for decision in decisions]

    def on_settings(settings: Settings) -> None:
        shelf.settings = settings

    shelf.runs += 1
    judged = shelf.standing(queue)
    open_items = [n for n in range(total) if f"img{n}#0" not in judged]
    if query.get("gone"):
        shelf.wanted.clear()
    shown = [number(item) for item in shelf.wanted] + open_items
    review = Review(
        session=session_id(person, query.get("name", "memory"), queue),  # type: ignore[arg-type]
        person=person,
        queue=queue,  # type: ignore[arg-type]
        title=query.get("title", {"coarse": "Coarse captions", "pool": "Pool"}.get(queue, queue.capitalize())),
        items=tuple(
            sought(replace(make_item(queue, n), basis=judged.get(f"img{n}#0", "")), shelf.runs) for n in shown[:5]
        ),
        choices=choices(VERDICTS[queue]),  # type: ignore[index]
        tabs=(Tab("To do", len(open_items)), Tab("Mine", len(judged)), Tab("Done", len(judged))),
        todo=len(open_items),
        done=len(judged),
        rate="212 an hour · about 6 h left",
        reasons=REASONS,
        can_edit=queue != "pool",
        accept_label="Insert" if queue == "attributes" else "Accept",
        guidelines=guidelines_of(),
        recent=recent_of(shelf, queue),
        empty=Empty(link_label="Go to rewrites", link_href="/?queue=rewrites"),
        plain_href="/?plain=1",
        settings=settings_of(shelf),
    )
    if query.get("plain"):
        plain(review, key="review", on_decisions=on_decisions)
    else:
        reviewer(review, key="review", on_decisions=on_decisions, on_settings=on_settings, on_look=shelf.wanted.append)

    if query.get("switch"):
        st.button("Ben comes", on_click=st.session_state.__setitem__, args=("person", "Ben"))


main()
