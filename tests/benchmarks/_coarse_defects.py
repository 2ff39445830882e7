"""Text defects: recall on known defects, and precision on a seeded sample of hits that two readers judged."""

from __future__ import annotations

SAMPLE_SEED = 20_261_123
"""Seed of the judged sample of hits, fixed before the detectors were finished."""

SAMPLE_SIZE = 100
"""Hits of each detector that are read: all, if there are fewer."""
