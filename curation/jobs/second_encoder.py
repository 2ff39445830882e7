"""The second encoder of a workspace: what it has vectors of, and what it says of suggestions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from curation.jobs import shards
from curation.jobs.kinds.encode import load, text_rows
from curation.jobs.pairs import image_vectors
from curation.records import Suggestion
from curation.store import Store, settings
from curation.workspace import Workspace

if TYPE_CHECKING:
    from curation.suggesters.second import View


@dataclass(frozen=True, slots=True, eq=False)
class SecondEncoder:
    """The encoder ``name`` ("" for none) and its vectors ``rows`` (g, d) of the images that ``place`` names."""

    name: str = ""
    place: dict[str, int] = field(default_factory=dict)
    rows: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 0), np.float32))

    @classmethod
    def of(cls, store: Store, workspace: Workspace, splits: Sequence[str]) -> SecondEncoder:
        """Return the one that the settings name, where it has vectors of images of these splits."""
        name = settings.get(store, "second_encoder")
        parts = [image_vectors(store, workspace, name, split) for split in splits] if name else []
        parts = [part for part in parts if part.ids]
        if not parts:
            return cls()
        place = {image: row for row, image in enumerate(image for part in parts for image in part.ids)}
        return cls(name, place, np.concatenate([part.rows for part in parts]))

    def of_image(self, image_id: str) -> str:
        """Return its name where it has a vector of an image, else the empty text."""
        return self.name if image_id in self.place else ""

    def write(self, folder: Path, captions: Sequence[dict[str, Any]]) -> None:
        """Write its vectors for the worker, and give each caption its own image and rivals there; -1 is no image.

        ``captions`` have ``image_id`` and ``rivals``, image ids.
        """
        if not self.name:
            return
        shards.write_array(folder / "second.npy", self.rows)
        for row in captions:
            rivals = [self.place[image] for image in row["rivals"] if image in self.place]
            row["second"] = [self.place.get(row["image_id"], -1), rivals]


class SecondOpinion:
    """The second encoder in a worker: judges what the first one's suggestions do."""

    def __init__(self, folder: Path, facts: dict[str, Any]) -> None:
        from curation.suggesters.batch import TextCache

        encoder = load(facts["second"], facts["device"])
        self._name: str = facts["second"]
        self._rows = shards.read_array(folder / "second.npy")
        self._embed = TextCache(lambda texts: text_rows(texts, encoder))

    def __call__(
        self, captions: Sequence[dict[str, Any]], found: Sequence[Sequence[Suggestion]]
    ) -> list[list[Suggestion]]:
        """Return the suggestions for some captions with what the second encoder says of them."""
        from curation.suggesters.second import second_opinion

        texts = [json.loads(row["body"])["text"] for row in captions]
        return second_opinion(texts, found, [self._view(*row["second"]) for row in captions], self._embed, self._name)

    def _view(self, own: int, rivals: list[int]) -> View | None:
        from curation.suggesters.second import View

        if own < 0 or not rivals:
            return None
        return View(np.asarray(self._rows[own], np.float32), np.asarray(self._rows[rivals], np.float32))
