"""A short byte-pair vocabulary cut from the one that open_clip ships, in the same file format.

It holds the most frequent merges and those that make each word of the demo a single token; any other text is still
encoded, in more and shorter tokens.
"""

import gzip
import itertools
from functools import lru_cache
from pathlib import Path
from typing import Final

from curation.demo import wording

FREQUENT: Final = 500
MORE_WORDS: Final = "the two three with one photo image its it this that of a an and at by to"


def write_vocabulary(path: Path) -> int:
    """Write the vocabulary file and return its number of tokens, specials included."""
    from open_clip.tokenizer import SimpleTokenizer

    ranks = _open_clip_ranks()
    kept = {pair for pair, rank in ranks.items() if rank < FREQUENT}
    for word in sorted(demo_words()):
        kept |= _merges_of(word, ranks)
    lines = ["#version: 0.2", *(" ".join(pair) for pair in sorted(kept, key=ranks.__getitem__))]
    path.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    return int(SimpleTokenizer(bpe_path=str(path)).vocab_size)


@lru_cache(maxsize=1)
def _open_clip_ranks() -> dict[tuple[str, str], int]:
    from open_clip.tokenizer import SimpleTokenizer

    return dict(SimpleTokenizer().bpe_ranks)


def demo_words() -> set[str]:
    """All words, in lower case, that the demo's captions are made of."""
    tables = (
        wording.KIND_WORDS,
        wording.PATTERN_WORDS,
        wording.SIZE_WORDS,
        wording.RELATION_WORDS,
        wording.PLACE_WORDS,
    )
    phrases = [phrase for table in tables for phrases in table.values() for phrase in phrases]
    phrases += [
        *wording.UNNAMED,
        *wording.OPENINGS,
        *wording.COLOUR_WORDS,
        *sum(wording.FOREIGN.values(), ()),
        MORE_WORDS,
        "a view",
    ]
    return {word.strip(".{}").lower() for phrase in phrases for word in phrase.split()} - {""}


def _merges_of(word: str, ranks: dict[tuple[str, str], int]) -> set[tuple[str, str]]:
    """The merges that build one word, in the order of their ranks."""
    parts = [*word[:-1], word[-1] + "</w>"]
    used: set[tuple[str, str]] = set()
    while len(parts) > 1:
        pairs = list(itertools.pairwise(parts))
        best = min(pairs, key=lambda pair: ranks.get(pair, len(ranks)))
        if best not in ranks:
            break
        used.add(best)
        at = pairs.index(best)
        parts[at : at + 2] = ["".join(best)]
    return used
