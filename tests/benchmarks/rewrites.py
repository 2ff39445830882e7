"""Suggesting finer texts: what the sibling captions tell, against what people put into Flickr30K."""

from __future__ import annotations

from tests.benchmarks import (
    _rewrites_demo,
    _rewrites_flickr,
    _rewrites_readings,
    _rewrites_speed,
    _rewrites_where,
    _rewrites_xmai,
)
from tests.benchmarks.bars import Bar, Measure


def _against_people(name: str, what: str) -> tuple[Bar, ...]:
    """Return the bars of five suggestions against the words that people put in."""
    return (
        Bar(f"{name}_f1", what, ">=", 0.34),
        Bar(f"{name}_recall", "best of five", ">=", 0.31),
        Bar(f"{name}_all_words", "share of captions", ">=", 0.22),
        Bar(f"{name}_covered", "share of captions", ">=", 0.90),
        Bar(f"{name}_longest", "words put in", "<=", 6),
    )


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
        _against_people("siblings", "best of five, weights fitted without the image"),
        _rewrites_flickr.fitted_without_the_image,
    ),
    Measure(
        _against_people("similar", "best of five, the same with old captions of similar images"),
        _rewrites_flickr.similar_too,
    ),
    Measure(
        (
            Bar("shipped_f1", "best of five as shown, shipped weights (fitted on these captions)"),
            Bar("shipped_recall", "best of five"),
            Bar("shipped_all_words", "share of captions"),
            Bar("shipped_seconds_a_caption", "s"),
        ),
        _rewrites_flickr.shipped_weights,
    ),
    Measure(
        (
            Bar("read_suggestions", "first suggestions, read twice", "==", 300),
            *(
                bar
                for question in _rewrites_readings.QUESTIONS
                for bar in (
                    Bar(f"read_{question}", "% that both readers call so", ">=", 95),
                    Bar(f"read_{question}_lower_95", "%"),
                    Bar(f"read_{question}_agreement", "% of the suggestions"),
                    *(Bar(f"read_{question}_{name}", "%") for name in _rewrites_readings.READINGS),
                )
            ),
        ),
        _rewrites_readings.readings,
    ),
    Measure(
        (
            Bar("demo_open_slots", "colours, patterns and sizes that captions leave unsaid"),
            Bar("demo_seen_true", "% of insertions read from the picture", ">=", 97),
            Bar("demo_seen_coverage", "% of open slots", ">=", 50),
            Bar("demo_seen_right_slot", "% of insertions that are true of something there", ">=", 95),
            Bar("demo_told_true", "% of attributes that other captions tell"),
            Bar("demo_told_coverage", "% of open slots"),
        ),
        _rewrites_demo.insertions,
    ),
    Measure(
        (
            Bar("demo_colour_of_three_crops", "% of open slots, right colour first", ">=", 75),
            Bar("demo_colour_of_three_whole_picture", "% of open slots, without crops"),
        ),
        _rewrites_demo.colours_of_three,
    ),
    Measure(
        (
            Bar("demo_masked_true", "% of what a language model expects and the picture bears out", ">=", 97),
            Bar("demo_masked_coverage", "% of open slots"),
            Bar("demo_masked_no_picture_true", "% of what other captions alone bear out"),
            Bar("demo_masked_fluency_true", "% of insertions read from the picture, fluency by the model", ">=", 97),
            Bar("demo_masked_fluency_coverage", "% of open slots", ">=", 50),
        ),
        _rewrites_demo.masked_words,
    ),
    Measure(
        (
            Bar("demo_neighbours_captions", "% of captions"),
            Bar("demo_neighbours_judged", "attributes and places"),
            Bar("demo_neighbours_attributes_true", "%", ">=", 97),
            Bar("demo_neighbours_places_true", "%", ">=", 97),
        ),
        _rewrites_demo.neighbours,
    ),
    Measure(
        (
            Bar("demo_suggested", "% of captions"),
            Bar("demo_rank_before", "median rank among ten rivals"),
            Bar("demo_rank_after", "median rank after the first suggestion", "==", 1),
            Bar("demo_coarse_rank_before", "median, captions that were not at rank 1"),
            Bar("demo_coarse_rank_after", "median, captions that were not at rank 1"),
            Bar("demo_combined", "combined edits"),
            Bar("demo_combined_at_rank_1", "%", "==", 100),
        ),
        _rewrites_demo.first_suggestion,
    ),
    Measure(
        (
            Bar("demo_stress_offered", "insertions"),
            Bar("demo_stress_offered_true", "% before anybody confirms"),
            Bar("demo_stress_confirmed", "insertions", ">=", 1),
            Bar("demo_stress_agreement", "mean change of the cosine", "<=", 0),
            Bar("demo_stress_lowered", "% of confirmed insertions", "==", 100),
        ),
        _rewrites_demo.stress,
    ),
    Measure(
        (
            Bar("demo_where_details", "details that are true of a thing in the scene"),
            Bar("demo_where_coverage", "% of details with a box", ">=", 45),
            Bar("demo_where_right", "% of boxes that hold the middle of the thing", ">=", 95),
            Bar("demo_where_random_crop", "% of the grid's crops that hold it"),
            Bar("demo_where_whole_picture", "% of details said to be seen in the whole picture"),
            Bar("demo_where_backdrops_boxed", "% of backdrops, which are everywhere", "<=", 5),
        ),
        _rewrites_where.where,
    ),
    Measure(
        (
            Bar("demo_where_train_lead", "temperatures, the smallest lead with 97 % right; shipped: 3.5"),
            Bar("demo_where_train_right", "% of boxes on train scenes"),
        ),
        _rewrites_where.lead_on_train,
    ),
    Measure(
        (
            Bar("xmai_coco_rows_imported", "captions", "==", 25_014),
            Bar("xmai_coco_rows_exported", "rows", "==", 25_014),
            Bar("xmai_coco_rows_alike", "rows of the file that come out as they went in", "==", 25_014),
            Bar("xmai_snli_rows_imported", "captions", "==", 17_901),
            Bar("xmai_snli_rows_exported", "rows", "==", 17_901),
            Bar("xmai_snli_rows_alike", "rows, texts alone", "==", 17_901),
        ),
        _rewrites_xmai.there_and_back,
    ),
    Measure(
        (
            Bar("suggest_5k_captions", "captions", "==", 5_000),
            Bar("suggest_5k_cpu_seconds", "CPU s of the worker, 600 being 5 min on 2 cores", "<=", 600),
            Bar("suggest_5k_seconds", "s on this machine, whatever else it does"),
        ),
        _rewrites_speed.suggest_5k,
    ),
)
