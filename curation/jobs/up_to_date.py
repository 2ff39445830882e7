"""Under which settings suggestions were sought, and whether these are still the present ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curation.jobs.kinds.analyse import PIPELINE
from curation.store import Store, contents, objects, scores, settings

EVIDENCE = 3
"""The form of the evidence: suggestions with an earlier one are sought anew."""


def running_ways(store: Store) -> dict[str, dict[str, Any]]:
    """Return the suggesters that run, each with its settings."""
    from curation.suggesters import running

    language = bool(settings.get(store, "masked_model"))
    return running(settings.get(store, "suggesters"), settings.get(store, "suggesters_off"), language=language)


def suggestions_key(ways: Any, masked: str, sensitive: Any, seen: Sequence[Any], second: str, *, analysed: bool) -> str:
    """Return under which key suggestions are kept: what they follow from besides the text and the encoder.

    ``second`` is the second encoder where it has a vector of the image, else empty.
    """
    key = {"evidence": EVIDENCE, "suggesters": ways, "analysed": analysed, "pipeline": PIPELINE, "words": sensitive}
    more = {"objects": seen, "masked_model": masked, "second": second}  # left out where there is none: older keys stay
    return scores.settings_key(key | {name: value for name, value in more.items() if value})


def out_of_date(store: Store) -> int:
    """Return for how many captions suggestions were last sought under other settings than the present ones."""
    ways, masked = running_ways(store), settings.get(store, "masked_model")
    sensitive, splits = settings.get(store, "sensitive_words"), settings.get(store, "review_splits")
    known = scores.sought(store)
    wanted = scores.to_suggest_for(store, splits, settings.get(store, "suggest_ahead")).select(["id", "image_id"])
    rows = [row for row in wanted.to_pylist() if row["id"] in known]
    detected = objects.of_images(store, [row["image_id"] for row in rows])
    second = settings.get(store, "second_encoder")
    seen_twice = {image["id"] for image in contents.held_images(store, second) if image["encoded"]} if second else set()
    usual: dict[str, set[str]] = {
        name: {suggestions_key(ways, masked, sensitive, [], name, analysed=analysed) for analysed in (True, False)}
        for name in {"", second}
    }
    old = 0
    for row in rows:
        key, name = known[row["id"]][2], second if row["image_id"] in seen_twice else ""
        if key not in usual[name]:
            old += key != suggestions_key(
                ways, masked, sensitive, detected.get(row["image_id"], []), name, analysed=True
            )
    return old
