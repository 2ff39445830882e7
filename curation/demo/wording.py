"""Facts in English. `phrase` picks among synonyms and sentence patterns; `prompt` is the one plain wording."""

from typing import Final

import numpy as np

from curation.demo.facts import Facts, Mention
from curation.demo.scenes import COLOURS

COLOUR_WORDS: Final = COLOURS
KIND_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "ball": ("ball",),
    "box": ("box", "cube"),
    "star": ("star",),
    "kite": ("kite",),
    "car": ("car",),
    "boat": ("boat", "sailboat"),
    "house": ("house",),
    "tree": ("tree",),
    "fish": ("fish",),
    "cup": ("cup", "mug"),
    "umbrella": ("umbrella",),
    "flower": ("flower",),
}
PATTERN_WORDS: Final = {
    "plain": ("plain",),
    "striped": ("striped",),
    "dotted": ("dotted", "spotted"),
    "checked": ("checked", "checkered"),
}
SIZE_WORDS: Final = {"small": ("small", "little"), "large": ("large", "big")}
RELATION_WORDS: Final = {
    "left": ("to the left of", "left of"),
    "right": ("to the right of", "right of"),
    "above": ("above",),
    "below": ("below", "under"),
    "beside": ("next to", "beside"),
}
PLACE_WORDS: Final = {
    "grass": ("on a grassy field", "on the grass"),
    "beach": ("on a sandy beach", "on the beach"),
    "snow": ("on a snowy hill", "in the snow"),
    "floor": ("on a wooden floor",),
    "wall": ("in front of a brick wall",),
    "night": ("in the night sky", "under a starry sky"),
    "lake": ("on a calm lake", "on the water"),
    "road": ("on a city street", "on the road"),
}
FOREIGN: Final = {  # what nothing in this world is, though people may say it
    "colour": ("brown", "gray"),
    "pattern": ("plaid", "floral", "wooden", "metal", "plastic", "leather", "denim", "stone"),
}
UNNAMED: Final = ("thing", "object")
USUAL: Final = 0.75  # how often the first synonym is said
OPENINGS: Final = ("{}", "{}.", "There is {}.", "A picture of {}.", "{} can be seen.")


def phrase(facts: Facts, rng: np.random.Generator) -> str:
    """Say the facts in one of many ways."""
    return _say(facts, rng.random(24).tolist())


def prompt(facts: Facts) -> str:
    """Say the facts in the one plainest way, without a full stop: "a red ball on a sandy beach"."""
    return _say(facts, [0.0] * 24)


def _say(facts: Facts, chances: list[float]) -> str:
    names = [_name(mention, chances) for mention in facts.mentions]
    place = _choose(PLACE_WORDS[facts.background], chances) if facts.background else ""
    if not names:
        return _sentence("a view " + place if place else "a picture", chances)
    if facts.relation:
        words = _choose(RELATION_WORDS[facts.relation], chances)
        names[:2] = [f"{names[0]} {words} {names[1]}"]
    joined = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else names)
    if place and chances.pop() > 0.85:
        return f"{place[0].upper()}{place[1:]} there is {joined}."
    return _sentence(f"{joined} {place}".strip(), chances)


def _sentence(clause: str, chances: list[float]) -> str:
    opening = OPENINGS[int(max(0.0, chances.pop() * 1.8 - 0.8) * len(OPENINGS))]
    said = opening.format(clause)
    return said if chances.pop() < 0.3 else said[0].upper() + said[1:]


def _name(mention: Mention, chances: list[float]) -> str:
    size = _choose(SIZE_WORDS[mention.size], chances) if mention.size else ""
    pattern = _choose(PATTERN_WORDS.get(mention.pattern, (mention.pattern,)), chances) if mention.pattern else ""
    colour = mention.colour or ""
    noun = _choose(KIND_WORDS[mention.kind] if mention.kind else UNNAMED, chances)
    middle = (colour, pattern) if chances.pop() < 0.7 else (pattern, colour)
    words = " ".join(word for word in (size, *middle, noun) if word)
    return f"{article(words)} {words}"


def article(words: str) -> str:
    """Return "a" or "an" for our own small vocabulary."""
    return "an" if words[0] in "aeiou" else "a"


def _choose(words: tuple[str, ...], chances: list[float]) -> str:
    chance = chances.pop()
    if chance < USUAL or len(words) == 1:
        return words[0]
    return words[1 + int((chance - USUAL) / (1 - USUAL) * (len(words) - 1))]
