"""The review experience: keys in a real browser, what a decision costs, queues of 600,000 captions, and faults."""

from __future__ import annotations

from tests.benchmarks import _review_live, _review_similar
from tests.benchmarks._review_cost import cost
from tests.benchmarks._review_faults import faults
from tests.benchmarks._review_presses import presses
from tests.benchmarks._review_speed import speed_alone, speed_among_twenty
from tests.benchmarks._review_store import big_store_reads
from tests.benchmarks.bars import Bar, Measure


def _press_bars(name: str, accepted: Bar) -> tuple[Bar, ...]:
    """What must hold of 2,000 presses at one pace, and how many of them were accepted."""
    nothing = ("unaccounted", "applied_unseen", "stored_twice", "reported_not_stored", "stored_not_reported",
               "stored_on_another_item")  # fmt: skip
    return (
        Bar(f"{name}_presses", "presses", "==", 2_000),
        Bar(f"{name}_gap_p50", "ms"),
        accepted,
        Bar(f"{name}_ignored", "presses"),
        *(Bar(f"{name}_{what}", "presses", "==", 0) for what in nothing),
    )


def _store_bars(name: str, goal: float | None) -> tuple[Bar, ...]:
    return Bar(f"{name}_p50", "ms"), Bar(f"{name}_p99", "ms", "<=", goal)


MEASURES = (
    # First: it fills this process, but what it measures runs in it alone.
    Measure(
        (
            Bar("store_captions", "captions", ">=", 600_000),
            Bar("store_decisions", "decisions", ">=", 1_000_000),
            Bar("store_items", "items"),
            Bar("store_built_seconds", "s"),
            *_store_bars("next_item", 50),
            *_store_bars("page", 50),
            *_store_bars("filtered_page", 50),
            *_store_bars("tab_counts", 50),
            *_store_bars("filtered_tab_counts", 50),
            *_store_bars("search_page", 300),
            *_store_bars("search_next_item", 300),
            *_store_bars("search_tab_counts", 300),
            *_store_bars("decision_written", None),
        ),
        big_store_reads,
    ),
    Measure(
        (
            Bar("alone_presses", "presses", ">=", 300),
            Bar("alone_painted_p50", "ms", "<=", 60),
            Bar("alone_painted_p95", "ms", "<=", 120),
            Bar("alone_press_to_frame_p95_by_the_browser", "ms, rounded up to 8"),
            Bar("alone_saved_p50", "ms"),
            Bar("alone_saved_p95", "ms", "<=", 250),
            Bar("alone_unsaved", "decisions", "==", 0),
        ),
        speed_alone,
    ),
    Measure(
        (
            Bar("twenty_presses", "presses", ">=", 300),
            Bar("twenty_painted_p50", "ms"),
            Bar("twenty_painted_p95", "ms", "<=", 250),
            Bar("twenty_press_to_frame_p95_by_the_browser", "ms, rounded up to 8"),
            Bar("twenty_saved_p50", "ms"),
            Bar("twenty_saved_p95", "ms", "<=", 1_000),
            Bar("twenty_unsaved", "decisions", "==", 0),
            Bar("nineteen_decisions", "decisions"),
            Bar("nineteen_decisions_per_second", "decisions/s", ">=", 9),
            Bar("nineteen_refused", "decisions"),
            Bar("nineteen_saved_p95", "ms"),
            Bar("nineteen_acknowledged_lost", "decisions", "==", 0),
            Bar("nineteen_stored_unacknowledged", "decisions", "==", 0),
        ),
        speed_among_twenty,
    ),
    Measure(
        (
            *_press_bars("gap_80", Bar("gap_80_accepted", "presses")),
            *_press_bars("gap_200", Bar("gap_200_accepted", "presses", "==", 2_000)),
        ),
        presses,
    ),
    Measure(
        (
            Bar("cost_decisions", "decisions", ">=", 5_000),
            Bar("cpu_ms_per_decision", "ms of the server", "<=", 25),
            Bar("acknowledged_p50", "ms"),
            Bar("acknowledged_p99", "ms"),
            Bar("memory_megabytes_before", "MB"),
            Bar("memory_megabytes_grown", "MB over 5,000 decisions", "<=", 30),
        ),
        cost,
    ),
    *_review_live.MEASURES,
    *_review_similar.MEASURES,
    Measure(
        (
            Bar("faults_tried", "kinds of fault", "==", 7),
            Bar("faults_skipped", "kinds of fault that this machine cannot make", "==", 0),
            Bar("faults_acknowledged_lost", "decisions", "==", 0),
            Bar("faults_counted_twice", "decisions", "==", 0),
            Bar("faults_never_sent", "decisions", "==", 0),
            Bar("faults_not_told", "faults", "==", 0),
        ),
        faults,
    ),
)
