"""The masked language model of a worker: loaded once, each gap asked once, on as many cores as it may take."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from curation.jobs.threads import batches, in_threads

if TYPE_CHECKING:
    from curation.language import FillGaps, Filling, Gap

GAPS_AT_ONCE = 256


def gap_filler(name: str, device: str) -> FillGaps | None:
    """Return a way to fill gaps by the model of this name, None where none is named.

    Raises ``RegrainError`` as ``load_masked_model`` does.
    """
    if not name:
        return None
    from curation.encoders.devices import chosen_device
    from curation.language import Remembered, load_masked_model

    model: Any = load_masked_model(name, chosen_device(device))

    def fill(gaps: Sequence[Gap]) -> list[Filling]:
        return list(chain.from_iterable(in_threads(model.fill, batches(gaps, GAPS_AT_ONCE))))

    return Remembered(fill)
