"""Under which settings suggestions were sought, and whether these are still the present ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from curation.jobs.kinds.analyse import PIPELINE
from curation.store import Store, contents, objects, scores, settings

EVIDENCE = 4
"""The form of the evidence: suggestions with an earlier one are sought anew."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What suggestions follow from besides the text, the picture and the encoder.

    ``ways`` are the suggesters that run, each with its settings.
    """

    ways: dict[str, dict[str, Any]]
    masked_model: str
    sensitive_words: dict[str, Any]

    @classmethod
    def of(cls, store: Store) -> Terms:
        """Return the present ones."""
        from curation.suggesters import running

        masked = settings.get(store, "masked_model")
        off = settings.get(store, "suggesters_off")
        ways = running(settings.get(store, "suggesters"), off, language=bool(masked))
        return cls(ways, masked, settings.get(store, "sensitive_words"))

    def key(self, seen: Sequence[Any], second: str, *, analysed: bool) -> str:
        """Return under which key the suggestions for one caption are kept.

        ``seen`` are the detections in its image, ``second`` is the second encoder where it has a vector of the image,
        else empty.
        """
        key = {"evidence": EVIDENCE, "suggesters": self.ways, "analysed": analysed, "pipeline": PIPELINE}
        more = {"objects": seen, "masked_model": self.masked_model, "second": second}
        given = {
            name: value for name, value in more.items() if value
        }  # what is not there leaves older keys as they are
        return scores.settings_key(key | {"words": self.sensitive_words} | given)


def out_of_date(store: Store) -> int:
    """Return for how many captions suggestions were last sought under other settings than the present ones."""
    terms, second = Terms.of(store), settings.get(store, "second_encoder")
    known = scores.sought(store)
    splits, ahead = settings.get(store, "review_splits"), settings.get(store, "suggest_ahead")
    wanted = scores.to_suggest_for(store, splits, ahead).select(["id", "image_id"])
    rows = [row for row in wanted.to_pylist() if row["id"] in known]
    detected = objects.of_images(store, [row["image_id"] for row in rows])
    seen_twice = {image["id"] for image in contents.held_images(store, second) if image["encoded"]} if second else set()
    usual = {name: _keys(terms, [], name) for name in {"", second}}
    old = 0
    for row in rows:
        name, seen = second if row["image_id"] in seen_twice else "", detected.get(row["image_id"], [])
        old += known[row["id"]][2] not in (_keys(terms, seen, name) if seen else usual[name])
    return old


def _keys(terms: Terms, seen: Sequence[Any], second: str) -> set[str]:
    """Return the keys that are not out of date; whether its text is analysed by now is another matter."""
    return {terms.key(seen, second, analysed=analysed) for analysed in (True, False)}
