"""The home page: what is left in each queue, what is running, and the versions."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from curation.records import QUEUES, Queue
from curation.store import datasets, decisions, queues, settings, versions
from curation.store.verdicts import EXCLUDED
from curation.ui import cards, job_list
from curation.ui.markup import Markup, tag
from curation.ui.screen import Screen, begin, panel
from curation.ui.wording import QUEUE_TITLES, counted, percent, when

VERSIONS_SHOWN = 4

_NOTHING: dict[Queue, str] = {
    "coarse": "No captions of the splits in review.",
    "rewrites": "Captions come here once they are judged coarse.",
    "attributes": "Captions come here once they are judged coarse.",
    "noise": "Pairs come here once they are encoded and scored.",
    "pool": "Candidates come here once a pool is imported and searched.",
}


def home() -> None:
    """Draw the home page."""
    screen = begin("Home")
    totals = datasets.totals(screen.store)
    st.title(cards.escape_markdown(settings.get(screen.store, "name")), anchor=False)
    cards.lead(_facts(screen, totals))
    if not totals["images"]:
        cards.empty(
            "Nothing imported yet",
            "Begin with a captioned image set: COCO, Karpathy, Flickr30K, the FG layout, ALBEF, or your own table."
            if screen.may("import")
            else "An owner of the workspace imports captioned images; then they come into the queues here.",
            *(("Import a dataset", "datasets") if screen.may("import") else ()),
        )
        return
    _queue_cards(screen)
    left, right = st.columns([1.2, 1], gap="medium")
    with left, panel("work", "Work", height="stretch"):
        job_list.running(screen)
    with right, panel("versions", "Versions", height="stretch"):
        _versions(screen)


def _facts(screen: Screen, totals: dict[str, object]) -> str:
    splits = totals["splits"]
    assert isinstance(splits, dict)
    pool = splits.get("pool", {}).get("images", 0)
    facts = [
        counted(sum(split["images"] for name, split in splits.items() if name != "pool"), "image"),
        f"{totals['captions']:,} captions",
        f"pool of {pool:,}" if pool else "no pool yet",
        f"encoder {settings.get(screen.store, 'encoder')}",
        f"saved in {_short(screen.workspace.folder)}",
    ]
    return " · ".join(facts)


def _short(folder: Path) -> str:
    """Return a folder as a person would type it from where the app was started."""
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)


def _queue_cards(screen: Screen) -> None:
    counts = queues.counts(screen.store, screen.person)
    judged = decisions.counts(screen.store)
    for column, queue in zip(st.columns(len(QUEUES)), QUEUES, strict=True):
        todo, done = counts[queue]["todo"], counts[queue]["done"]
        with column:
            cards.queue_card(
                QUEUE_TITLES[queue],
                todo,
                _meaning(queue, todo, judged.get(queue, {})),
                share=done / (todo + done) if todo + done else 0.0,
                page=f"pages/{queue}.py",
                link="Continue" if done else "Begin",
                differ=counts[queue]["disputed"] if screen.may("adjudicate") else 0,
            )


def _meaning(queue: Queue, todo: int, judged: dict[str, int]) -> str:
    """Return what a queue's number means, with what was found so far, each with its denominator."""
    done = sum(number for verdict, number in judged.items() if verdict not in ("skip", "unsure"))
    texts: dict[Queue, tuple[str, str]] = {
        "coarse": ("captions to judge, the coarsest first.", _found(judged, done, ("coarse",), "were coarse")),
        "rewrites": (
            "coarse captions that wait for a finer text.",
            _found(judged, done, ("accept", "edit"), "got one"),
        ),
        "attributes": (
            "captions whose nouns may take a colour, size or pattern.",
            _found(judged, done, ("accept", "edit"), "got one"),
        ),
        "noise": (
            "pairs that may not belong together, the most suspicious first.",
            _found(judged, done, ("detail", *EXCLUDED), "did not"),
        ),
        "pool": (
            "pool images that may also match a caption: judge them before they count as distractors.",
            _found(judged, done, ("yes", "same"), "matched"),
        ),
    }
    what, so_far = texts[queue]
    return f"{what} {so_far}".strip() if todo or done else _NOTHING[queue]


def _found(judged: dict[str, int], done: int, verdicts: tuple[str, ...], words: str) -> str:
    if not done:
        return ""
    found = sum(judged.get(verdict, 0) for verdict in verdicts)
    return f"{found:,} of {done:,} judged {words} ({percent(found / done)})."


def _versions(screen: Screen) -> None:
    pending = versions.pending(screen.store)
    draft = (
        f"{counted(pending['captions_changed'], 'caption')} changed · {counted(pending['pairs_excluded'], 'pair')} "
        f"left out · {counted(pending['positives_added'], 'match', 'matches')} added"
    )
    rows = [_version("Draft", draft, "Freeze" if screen.may("freeze") else "Look", filled=True)]
    for version in versions.listed(screen.store)[:VERSIONS_SHOWN]:
        facts = version["facts"]
        held = (
            f"{counted(sum(facts['captions'].values()), 'caption')} · {counted(sum(facts['images'].values()), 'image')}"
        )
        rows.append(_version(version["name"], f"{held} · frozen {when(version['frozen_at'])}", "Open"))
    cards.show(tag("div", *rows, class_="rg-versions"))


def _version(name: str, facts: str, link: str, *, filled: bool = False) -> Markup:
    return tag(
        "div",
        tag("i", class_="on" if filled else None),
        tag("span", name, tag("small", facts)),
        tag("a", link, href="versions", target="_self"),
        class_="rg-version",
    )
