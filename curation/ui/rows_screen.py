"""What the screens of several texts share: the verdicts they offer, how an act becomes a decision, their pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from curation.records import Decision
from curation.store import bulk, dealing, gold, hands, leases, settings
from curation.store.filters import Filter
from curation.store.queues import Key
from curation.store.verdicts import VERDICTS
from curation.ui import cards, grid_page, judged_list, views
from curation.ui.guidelines import empty_state
from curation.ui.markup import tag
from curation.ui.reviewer import Chip, Choice, Picture, choices, session_id
from curation.ui.rows import Act, Group, Rows, rows
from curation.ui.screen import Screen
from curation.ui.views import View
from curation.ui.wording import QUEUE_TITLES, verdict_label, when

Item = Mapping[str, Any]
OFFERED = ("fine", "coarse", "wrong", "defect", "unsure")


def head(screen: Screen, view: View) -> bool:
    """Draw title and lists; return whether the person may judge here, and say why where not."""
    st.title(QUEUE_TITLES[view.queue])
    judged_list.tab_links(views.tabs(screen, view))
    if gold.standing(screen.store, view.queue, screen.person).passed is True:
        return True
    cards.empty("Not yet", "Who is new answers some items one by one first.", "Go on one by one", view.queue)
    return False


def here(layout: str, **parameters: str) -> str:
    """Return the address of a layout of the coarse queue with what the address holds now, without its page."""
    kept = {name: str(value) for name, value in st.query_params.to_dict().items() if name not in ("before", "item")}
    return views.address("coarse", kept | {"view": layout} | parameters)


def page_after(layout: str) -> Key | None:
    """Return the key after which the page in the address begins."""
    return judged_list.page_key(str(st.query_params.get(judged_list.BEFORE, "")), json.dumps(here(layout)))


def pages(layout: str, last: Key | None) -> None:
    """Draw the ways to the first page and to the one after ``last``."""
    links = []
    if judged_list.BEFORE in st.query_params:
        links.append(tag("a", "First page", href=here(layout), target="_self"))
    if last is not None:
        address = judged_list.page_address(last, json.dumps(here(layout)))
        links.append(tag("a", "Next page", href=here(layout, before=address), target="_self"))
    if links:
        cards.show(tag("nav", *links, class_="rg-tabs"))


def kept_page(
    screen: Screen, layout: str, find: Callable[[], list[Any]], is_open: Callable[[list[Any]], bool]
) -> list[Any]:
    """Return what stands on the page in the address: the same for as long as any of it is open.

    So nothing moves under the hand that judges, and what was judged stays in sight until the page is done.
    """
    key = (screen.person, here(layout), str(st.query_params.get(judged_list.BEFORE, "")))
    kept: dict[str, Any] = st.session_state.setdefault(f"page:{layout}", {})
    same = kept.get("key") == key
    if same and is_open(kept["page"]):
        kept["ended"] = False
        return list(kept["page"])
    found = find()
    kept["ended"] = same and not found  # the last page stays, so that its verdicts can be taken back
    if not kept["ended"]:
        kept.update(key=key, page=found, turn=kept.get("turn", 0) + 1)
    return list(kept["page"])


def turn(layout: str) -> str:
    """Name the page that ``kept_page`` gave: it changes with what stands on it."""
    return str(st.session_state.get(f"page:{layout}", {}).get("turn", 0))


def mount(
    screen: Screen, layout: str, groups: Sequence[Group], *, on_act: Callable[[Act], str], link_label: str = "Open"
) -> None:
    """Mount the rows of one page, and say where they are the last ones."""
    if st.session_state.get(f"page:{layout}", {}).get("ended"):
        cards.text("All of it is judged: nothing more waits here.", size="small")
    rows(
        Rows(
            session=session_id(screen.person, f"{screen.workspace.folder}/{layout}", "coarse"),
            view=f"{here(layout)} {turn(layout)}",
            groups=tuple(groups),
            choices=_choices(screen),
            undo=grid_page.last_undo(screen, "coarse"),
            undo_key=grid_page.own_key(screen, "undo", "z"),
            repair_key=grid_page.own_key(screen, "repair", "f"),
            link_label=link_label,
        ),
        key=f"rows:{layout}",
        on_act=on_act,
    )


def nothing(screen: Screen, narrow: Filter) -> None:
    """Say why nothing is left."""
    empty = empty_state(screen.store, "coarse", narrow, "todo", gold.standing(screen.store, "coarse", screen.person))
    cards.empty(empty.title, empty.text, empty.link_label, empty.link_href)


def decide(screen: Screen, act: Act) -> str:
    """Log the verdict of one row as the person saw it, or take one back; return what is to be said of it."""
    screen.must("review")
    if act.undo:
        return grid_page.take_back(screen, act.id, act.undo)
    text = act.text if act.verdict == "edit" else None
    made = Decision(act.id, screen.person, "coarse", act.row, act.revision_id, act.verdict, text=text, basis=act.basis)
    outcome = bulk.apply(screen.store, [made])[0]
    return "" if outcome.applied else f"Not saved: {outcome.message}"


def hold(screen: Screen, caption_ids: Sequence[str]) -> None:
    """Keep the captions on the screen in this person's hands, as the reviewer does with its items."""
    with screen.store.reading() as cursor:
        held = leases.held_well(cursor, screen.person)
    if not held.issuperset(caption_ids):
        screen.store.write(lambda connection: leases.hold(connection, screen.person, "coarse", caption_ids))


def reach(screen: Screen, caption_ids: Sequence[str]) -> dict[str, bool]:
    """Return which of some captions the person may judge now, and whether they have still to look at each."""
    return hands.of_these(screen.store, "coarse", screen.person, caption_ids)


def is_blind(screen: Screen, item: Item) -> bool:
    """Say whether scores and others' answers stay hidden: several are asked and this person has not answered."""
    others = item["status"] == "todo" and item["answers"] > 0 and screen.person not in item["answered_by"]
    return others or not dealing.is_aided(settings.get(screen.store, "unaided_share"), "coarse", item["id"])


def basis(item: Item) -> str:
    """Return the decision that an item rests on; an answer to be given blind rests on none."""
    return "" if item["status"] == "todo" else item["decision_id"] or ""


def state(screen: Screen, item: Item) -> str:
    """Return what an item was judged, in words; while several are asked, or it waits again, only one's own counts."""
    if item["status"] == "done":
        return f"{verdict_label('coarse', item['verdict'])}, by {item['person']}, {when(item['decided_at'])}"
    if screen.person in item["answered_by"]:
        return "answered by you, waits for others"
    return verdict_label("coarse", "unsure") + ", by you" if screen.person in item["passed"] else ""


def score_chips(score: Mapping[str, Any] | None, *, blind: bool) -> tuple[Chip, ...]:
    """Return a score and its reasons as chips."""
    if blind:
        return (Chip("judged without scores"),)
    if score is None:
        return (Chip("not scored yet"),)
    reasons = [one["reason"] for one in score["reasons"] if one.get("reason")]
    first = Chip(f"Coarse {score['value']:.2f}", "warn" if score["value"] >= 0.5 else "")
    return (first, *(Chip(reason) for reason in reasons))


def picture(screen: Screen, image: Mapping[str, Any] | None, image_id: str, alt: str, *, small: bool) -> Picture:
    """Return an image to show, its captions as the words that stand for it."""
    held = image is not None and image["file"] is not None
    return Picture(screen.images.address(screen.person, image_id, 320 if small else 1280) if held else None, alt)


def _choices(screen: Screen) -> tuple[Choice, ...]:
    offered = choices([one for one in VERDICTS["coarse"] if one.name in OFFERED])
    return tuple(
        Choice(one.verdict, grid_page.own_key(screen, one.verdict, one.key), one.label, one.tone) for one in offered
    )
