"""How far people agree: percent, Cohen, Fleiss, Krippendorff, Gwet, each with a bootstrap interval.

Arrays in, numbers out. ``collect`` makes ``Ratings`` of rows; ``overall``, ``against_rest``, ``against_gold`` and
``pairs`` measure them; ``verdict_table`` and ``reason_table`` say on what people differ.
"""

from curation.agreement.comparing import (
    Overall,
    PersonScores,
    Table,
    against_gold,
    against_rest,
    overall,
    pairs,
    reason_table,
    verdict_table,
)
from curation.agreement.ratings import MISSING, Floats, Ratings, collect, from_codes
from curation.agreement.resampling import LEVEL, Resampling, Score, share_difference

__all__ = [
    "LEVEL",
    "MISSING",
    "Floats",
    "Overall",
    "PersonScores",
    "Ratings",
    "Resampling",
    "Score",
    "Table",
    "against_gold",
    "against_rest",
    "collect",
    "from_codes",
    "overall",
    "pairs",
    "reason_table",
    "share_difference",
    "verdict_table",
]
