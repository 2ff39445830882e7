"""Suggesting finer texts: what the sibling captions tell, against what people put into Flickr30K."""

from __future__ import annotations

from tests.benchmarks import _rewrites_flickr
from tests.benchmarks.bars import Bar, Measure

MEASURES = (
    Measure(
        (
            Bar("captions", "changed captions that gained a content word"),
            Bar("all_sibling_words_recall", "share of the person's words"),
            Bar("whole_siblings_f1", "best of five"),
            Bar("whole_siblings_recall", "best of five"),
            Bar("whole_siblings_all_words", "share of captions"),
            Bar("bare_details_f1", "best of five"),
            Bar("bare_details_recall", "best of five"),
            Bar("bare_details_all_words", "share of captions"),
        ),
        _rewrites_flickr.known_ways,
    ),
    Measure(
        (
            Bar("siblings_f1", "best of five, weights fitted without the image", ">=", 0.34),
            Bar("siblings_recall", "best of five", ">=", 0.31),
            Bar("siblings_all_words", "share of captions", ">=", 0.22),
            Bar("siblings_covered", "share of captions", ">=", 0.90),
            Bar("siblings_longest", "words put in", "<=", 6),
        ),
        _rewrites_flickr.fitted_without_the_image,
    ),
    Measure(
        (
            Bar("shipped_f1", "best of five, shipped weights (fitted on these captions)"),
            Bar("shipped_recall", "best of five"),
            Bar("shipped_all_words", "share of captions"),
            Bar("shipped_seconds_a_caption", "s"),
        ),
        _rewrites_flickr.shipped_weights,
    ),
)
