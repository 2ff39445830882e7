"""What stands where a caption should be: "no image", "n/a", an address, a line of dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curation.text.defects import Defect, ImageText, defect_detector

_PICTURE = r"(?:image|picture|photo|photograph|pic|img)s?"
_WHOLE = re.compile(
    rf"(?:(?:sorry|oops)[,.]? )?(?:there (?:is|was) )?(?:no|missing|broken|blank|invalid|empty) {_PICTURE}\b"
    rf"(?! (?:of|on|in|showing))"
    rf"|(?:the |this |my |your )?{_PICTURE} (?:(?:is|was|are|did|does|has|have|could|can|will|would) ?(?:not|n.?t)\b"
    rf"|(?:is|was|are) (?:missing|broken|unavailable|blank|empty)|not (?:found|available|shown|loading|loaded|here)"
    rf"|missing|unavailable)"
    rf"|(?:i |we )?(?:am |are |was )?(?:can ?not|can.?t|could ?not|couldn.?t|unable to|do not|don.?t) "
    rf"(?:see|view|load|open|find|display)(?: (?:an?|any|the|this))? {_PICTURE}\b"
    rf"|(?:error )?404(?: not found)?$"
    rf"|(?:caption|description|text|sentence) (?:not available|missing|unavailable|goes here|here)\b"
    rf"|(?:no|missing|insert|add|write|enter|empty|without|your) (?:an? |the |your )?(?:caption|description|text)\b"
    rf"|(?:n/?a|none|null|nil|nan|unknown|undefined|todo|tbd|test|asdf\w*|lorem ipsum.*|no)$"
    rf"|(?:https?://|www\.)\S+$",
    re.IGNORECASE,
)
_NOTHING_SAID = re.compile(r"[\W\d_]*")


@defect_detector("non_caption", title="Not a caption")
def non_caption(image: ImageText, i: int) -> Iterator[Defect]:
    """Find texts that say that there is no picture, or that say nothing: no letter in them, or a placeholder."""
    text = image.captions[i]
    plain = text.strip(" \t\r\n.,;:!?\"'()[]<>-_*")
    if _WHOLE.match(plain) or _NOTHING_SAID.fullmatch(text):
        yield Defect("non_caption", 0, len(text), text)
