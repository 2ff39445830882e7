"""The same caption twice within an image: which copy came first has no meaning."""

from __future__ import annotations

from collections.abc import Iterator

from curation.text.defects import Defect, ImageText, defect_detector
from curation.text.normalise import fg_normalise


@defect_detector("duplicate", title="Same caption twice", needs="siblings")
def duplicate(image: ImageText, i: int) -> Iterator[Defect]:
    """Find a caption that another one of the image is as well, but for case and punctuation; all copies count."""
    text = image.captions[i]
    plain = fg_normalise(text)
    others = (*image.captions[:i], *image.captions[i + 1 :])
    if plain and any(fg_normalise(other) == plain for other in others):
        yield Defect("duplicate", 0, len(text), text)
