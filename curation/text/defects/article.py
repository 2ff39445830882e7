"""The article that does not suit the sound of the next word: "a orange cat", "an white van"."""

from __future__ import annotations

from collections.abc import Iterator

from curation.text.articles import wrong_articles
from curation.text.defects import Defect, ImageText, defect_detector


@defect_detector("article", title="a or an", language="en")
def article(image: ImageText, i: int) -> Iterator[Defect]:
    """Find "a" and "an" that do not suit the sound of the next word."""
    text = image.captions[i]
    for wrong in wrong_articles(text):
        yield Defect("article", wrong.start, wrong.end, text[wrong.start : wrong.end], wrong.right)
