"""The same caption twice within an image: it says nothing that the first one does not."""

from __future__ import annotations

from collections.abc import Iterator

from curation.text.defects import Defect, ImageText, defect_detector
from curation.text.normalise import fg_normalise


@defect_detector("duplicate", title="Same caption twice", needs="siblings")
def duplicate(image: ImageText, i: int) -> Iterator[Defect]:
    """Find a caption that an earlier one of the image already is, but for case and punctuation."""
    text = image.captions[i]
    plain = fg_normalise(text)
    if plain and any(fg_normalise(earlier) == plain for earlier in image.captions[:i]):
        yield Defect("duplicate", 0, len(text), text)
