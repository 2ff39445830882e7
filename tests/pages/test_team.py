"""The team page: what each role sees of whom, and what it says where nothing is known yet."""

from __future__ import annotations

import pytest

from curation.store import Store
from tests.pages.conftest import Open, texts
from tests.three_people import answer, make_unaided

TARGETS = [f"scene-{n:02}#{i}" for n in range(12) for i in range(3)]
HOSTILE = "<b>cem</b> *x*"


@pytest.fixture
def judged(store: Store) -> Store:
    """The workspace after three people have judged two queues, one of them under a name that is markup."""
    answer(store, "coarse", TARGETS, people=("ana", "bo", HOSTILE), agree=0.7)
    answer(store, "noise", TARGETS, people=("ana", "bo"), agree=0.9, usual="match", seed=3)
    return store


def test_progress_counts_own_and_everybodys(judged: Store, page: Open) -> None:
    shown = texts(page("team"))
    assert "All queues" in shown and "What you did" in shown and "Everybody" in shown
    assert "36 of 36 (100 %)" in shown
    assert "180</b>" in shown  # verdicts today: 3 x 36 and 2 x 36
    assert "72 of them yours" in shown


def test_agreement_shows_figures_with_denominators_and_intervals(judged: Store, page: Open) -> None:
    shown = texts(page("team", section="Agreement", queue="Coarse captions"))
    assert "36 items with 108 answers of 3 people" in shown
    for name in ("Same answer", "Gwet's AC1", "Krippendorff's alpha", "Fleiss' kappa", "Cohen's kappa"):
        assert name.replace("'", "&#x27;") in shown or name in shown
    assert "Each person against the others" in shown
    assert "Answers of two people to one item" in shown


def test_names_are_shown_as_text(judged: Store, page: Open) -> None:
    for section in ("Progress", "Agreement"):
        shown = texts(page("team", section=section, queue="Coarse captions"))
        assert "&lt;b&gt;cem&lt;/b&gt; *x*" in shown
        assert "<b>cem</b>" not in shown


def test_low_kappa_beside_high_agreement_is_explained(judged: Store, page: Open) -> None:
    app = page("team", section="Agreement", queue="Noisy pairs")
    assert any("nearly all answers are the same" in box.value for box in app.info)


def test_an_annotator_sees_no_other_name(judged: Store, page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRAIN_OWNERS", "somebody else")
    for section in ("Progress", "Agreement"):
        app = page("team", section=section, queue="Coarse captions")
        shown = texts(app)
        assert "cem" not in shown and ">bo<" not in shown
        assert "ana" in shown


def test_agreement_without_second_answers_says_what_is_needed(prepared: object, page: Open) -> None:
    shown = texts(page("team", section="Agreement"))
    assert "No item has two answers yet" in shown


def test_the_effect_of_help_in_words(judged: Store, page: Open) -> None:
    assert "No item has been judged without help yet" in texts(page("team", section="Effect of help"))
    make_unaided(judged, "coarse", 0.5, "coarse")
    answer(judged, "attributes", TARGETS[:1], people=("ana",))  # the log has moved on, so that it is measured anew
    shown = texts(page("team", section="Effect of help"))
    assert "with help and" in shown
    assert "no effect to be seen" in shown or "often with help" in shown
