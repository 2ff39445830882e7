"""What an encoder is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL import Image

UnitRows = NDArray[np.float32]


class Encoder(Protocol):
    """Turns pictures and texts into vectors that can be compared by their dot product.

    ``name`` is what vectors are filed under: other weights, other name. ``dim`` is d. ``image_size`` is the side,
    in pixels, to which pictures are brought; ``context_length`` the number of tokens that are read of a text.
    ``temperature`` is what cosines are divided by to become logits: near 0.01 for most models.
    """

    @property
    def name(self) -> str: ...
    @property
    def dim(self) -> int: ...
    @property
    def image_size(self) -> int: ...
    @property
    def context_length(self) -> int: ...
    @property
    def temperature(self) -> float: ...

    def images(self, pictures: Sequence[Path | Image.Image]) -> UnitRows:
        """Return one row per picture, (n, d) float32 of length one, in the order given.

        Pictures are paths or pictures in memory (crops, for instance). The vector of a picture does not depend on
        those beside it. Raises ``UnreadableImage`` for the first path that cannot be used.
        """
        ...

    def texts(self, strings: Sequence[str]) -> UnitRows:
        """Return one row per text, (n, d) float32 of length one, in the order given."""
        ...


Load = Callable[[str], Encoder]
