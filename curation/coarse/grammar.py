"""How a caption is built: runs of up to three of its word classes, ``DET NOUN VERB``, whatever the words are.

The finer classes of the Penn treebank (``DT NN VBZ``) also tell the number of a noun and the form of a verb.

The classes are those of the stored analysis (``Analysis.grammar``), so that nothing is parsed again.
"""

from __future__ import annotations

from functools import lru_cache

_LONGEST_RUN = 3


@lru_cache(maxsize=65_536)  # captions are built alike: 25,000 of them in a few thousand ways
def grammar_runs(grammar: str, *, fine: bool = False) -> frozenset[str]:
    """Return the runs of up to three word classes; the ends of the caption count as ``<`` and ``>``.

    >>> sorted(grammar_runs("DET/DT NOUN/NNS"))
    ['< DET', '< DET NOUN', 'DET', 'DET NOUN', 'DET NOUN >', 'NOUN', 'NOUN >']
    >>> sorted(grammar_runs("NOUN/NNS", fine=True))
    ['< NNS', '< NNS >', 'NNS', 'NNS >']
    """
    classes = [one.split("/", 1)[fine] for one in grammar.split()]
    if not classes:
        return frozenset()
    shape = ["<", *classes, ">"]
    found = set(classes)
    for length in range(2, _LONGEST_RUN + 1):
        found.update(map(" ".join, zip(*(shape[start:] for start in range(length)), strict=False)))
    return frozenset(found)
