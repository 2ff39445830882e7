"""Words of the review screens that do not come from the data: how to judge, and what to do when nothing is left."""

from __future__ import annotations

from curation.records import Queue
from curation.store import Store, datasets, gold, queues, settings
from curation.store.filters import Filter
from curation.store.queues import Tab
from curation.ui.images import ImageServer
from curation.ui.reviewer import Empty, Example, Guidelines, Picture
from curation.ui.wording import verdict_label

GUIDELINES: dict[Queue, str] = {
    "coarse": (
        "A caption is coarse where a reader who sees the rivals under the image cannot tell which one is meant.\n"
        "Fine enough: it names what sets this picture apart. Coarse: true, but it fits others as well; it goes on to "
        "rewrites and attributes. Wrong: it says something that is not in the picture; it goes on to noisy pairs. "
        "Text defect: spelling, grammar, repeated words; it goes on to rewrites."
    ),
    "rewrites": (
        "Accept a suggestion only where every added word is true of this picture and tells it from its rivals.\n"
        "Edit where a suggestion is nearly right: what you save is kept word for word. Fine as it is: no finer text is "
        "needed. Reject: no suggestion is usable, with the reason."
    ),
    "attributes": (
        "Choose the words that are true of the noun they stand before. Two or more may be inserted at once.\n"
        "Colours of a thing that is partly hidden, or that two people would name differently, are better left out."
    ),
    "noise": (
        "Does the caption belong to this picture?\n"
        "Matches: all of it is true. A detail is wrong: a word or two, the rest is true; it goes on to rewrites. Wrong "
        "image: another picture is described. Cannot be seen: it may be true, the picture does not show it. Not a "
        "caption: it describes nothing. Wrong images and non-captions stay out of a version until the text is repaired."
    ),
    "pool": (
        "Left the caption with its own image, right an image from the pool. Would a person who searches with this "
        "caption be content with the right one?\n"
        "0: no, it is a distractor. 1: in part. 2: yes, it matches as well. 3: it is the same picture or a near copy, "
        "and stays out of the pool."
    ),
}

_NEXT: dict[Queue, tuple[str, str]] = {
    "coarse": ("rewrites", "Go on with rewrites"),
    "rewrites": ("attributes", "Go on with attributes"),
    "attributes": ("noise", "Go on with noisy pairs"),
    "noise": ("pool", "Go on with the pool"),
    "pool": ("versions", "Freeze a version"),
}


def guidelines(store: Store, images: ImageServer, person: str, queue: Queue) -> Guidelines:
    """Return how to judge a queue: the owner's words and examples where there are some, else the ones above."""
    own = settings.everything(store).get("guidelines", {}).get(queue, {})
    examples = tuple(
        Example(
            text=one["text"],
            verdict=verdict_label(queue, one["verdict"]),
            why=one.get("why", ""),
            picture=_example_picture(images, person, one.get("item_id", ""), one["text"]),
        )
        for one in own.get("examples", ())
    )
    return Guidelines(own.get("text") or GUIDELINES[queue], examples)


def _example_picture(images: ImageServer, person: str, item_id: str, alt: str) -> Picture | None:
    image_id = item_id.partition("|")[0].rpartition("#")[0]
    return Picture(images.address(person, image_id, 320), alt) if image_id else None


def empty_state(store: Store, queue: Queue, narrow: Filter, tab: Tab, standing: gold.Standing) -> Empty:
    """Return why nothing is left in a queue, with the link to what helps."""
    if standing.passed is False:
        words = (
            f"{standing.right} of your {standing.answered} answers agree with the agreed ones, which is not enough to "
            "begin. Read the guidelines again and ask an owner to let you try anew."
        )
        return Empty("Not qualified yet", words)
    if tab == "disputed":
        return Empty("No disagreements", "Nobody waits for a third opinion here.", "Judge the next item", queue)
    if narrow:
        what = f"holds “{narrow.text}”" if narrow == Filter(text=narrow.text) else "is left by the filters"
        return Empty("Nothing found", f"No open item of this queue {what}.", "Show all", queue)
    totals = datasets.totals(store)
    if not totals["captions"]:
        return Empty("No captions yet", "Import captions and images first.", "Import a dataset", "datasets")
    splits = settings.get(store, "review_splits")
    if not any(totals["splits"].get(split, {}).get("captions") for split in splits):
        words = f"Captions of the splits {' and '.join(splits)} are reviewed, and there are none."
        return Empty("Nothing to review", words, "Choose the splits", "datasets")
    counts = queues.counts(store)
    if counts[queue]["todo"]:
        words = (
            "The items that are left are in other people's hands, assigned to others, or wait for a second answer that "
            "is not yours. They come back when a turn ends without a verdict."
        )
        return Empty("Nothing for you just now", words, *reversed(_NEXT[queue]))
    if not counts[queue]["todo"] and not counts[queue]["done"]:
        return _not_filled(queue, totals)
    page, label = _NEXT[queue]
    return Empty("All judged", "Every item of this queue has a verdict. Z takes your last one back.", label, page)


def _not_filled(queue: Queue, totals: dict[str, object]) -> Empty:
    if queue in ("rewrites", "attributes"):
        words = "Captions come here when they are judged coarse. Judge some, and their suggestions wait here."
        return Empty("Nothing here yet", words, "Judge coarse captions", "coarse")
    splits = totals["splits"]
    if queue == "pool" and isinstance(splits, dict) and "pool" not in splits:
        words = "There are no pool images. Import a folder of unlabeled images as pool, then prepare the workspace."
        return Empty("No pool yet", words, "Import a folder of images", "datasets")
    what = "pairs are not scored" if queue == "noise" else "candidates are not searched"
    return Empty("Not prepared yet", f"The {what} yet: that needs encoded images and texts.", "Prepare", "datasets")
