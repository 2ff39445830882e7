"""A person's keys are checked in Python: what a browser sends, and what was stored earlier."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.records import RegrainError
from curation.store.verdicts import VERDICTS
from curation.ui.reviewer import Choice, Review, Settings, choices
from curation.ui.reviewer.outbox import Ledger
from curation.ui.reviewer.settings import read_settings

REVIEW = Review(
    session="s", person="Lea", queue="rewrites", title="Rewrites", items=(), choices=choices(VERDICTS["rewrites"])
)


def sent(keys: Any, *, single: Any = True, session: str = "s") -> dict[str, Any]:
    return {"session": session, "change": "n1", "single_keys": single, "keys": keys}


def test_good_keys_are_read() -> None:
    keys = {"fine": "w", "skip": "arrowdown", "reject": "", "grade_of_another_queue": "5"}
    assert read_settings(sent(keys, single=False), REVIEW) == Settings(False, keys)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (None, "reload"),
        (sent({}, session="another"), "another name"),
        (sent([["fine", "w"]]), "cannot be read"),
        (sent({"fine": 1}), "cannot be read"),
        (sent({}, single="yes"), "cannot be read"),
        (sent({"fine": "c"}), "Streamlit"),
        (sent({"fine": "R"}), "single sign"),
        (sent({"fine": "tab"}), "single sign"),
        (sent({"fine": "\x00"}), "single sign"),
        (sent({"../x": "w"}), "no action"),
        (sent({"fine": "4"}), "digits choose"),
        (sent({"edit": "x"}), "'x' is the key of 'edit' and of 'reject'"),
        (sent({"fine": "q", "edit": "q"}), "give each its own"),
        (sent({f"a{'b' * n}": "w" for n in range(39)} | {f"c{'d' * n}": "w" for n in range(39)}), "60 at most"),
    ],
)
def test_bad_keys_are_refused_in_words(raw: object, words: str) -> None:
    with pytest.raises(RegrainError, match=words):
        read_settings(raw, REVIEW)


def test_a_digit_may_go_to_a_verdict_that_has_one() -> None:
    review = Review("s", "Lea", "coarse", "Coarse", (), (Choice("coarse", "1", "Coarse"), Choice("fine", "a", "Fine")))
    assert read_settings(sent({"coarse": "7"}), review).keys == {"coarse": "7"}
    with pytest.raises(RegrainError, match="digits"):
        read_settings(sent({"fine": "7"}), review)


def test_a_clash_from_another_queue_does_not_stand_in_the_way_of_other_changes() -> None:
    """X is free in coarse: given to Edit there, it is Reject's too here, until the person mends it."""
    from dataclasses import replace

    review = replace(REVIEW, settings=Settings(keys={"edit": "x"}))
    assert read_settings(sent({"edit": "x", "fine": "w"}), review).keys["fine"] == "w"


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=12) | st.integers(), st.text(max_size=12) | st.none()) | st.none() | st.text())
def test_anything_stored_gives_settings(stored: Any) -> None:
    kept = Settings.kept({"keys": stored, "single_keys": stored})
    assert kept.single_keys
    assert set(kept.keys) <= (set(stored) if isinstance(stored, dict) else set())


def test_what_is_wrong_is_told_and_the_last_keys_stay() -> None:
    ledger, kept = Ledger(), []
    ledger.settle(sent({"fine": "w"}), REVIEW, kept.append)
    ledger.settle(sent({"fine": "c"}), REVIEW, kept.append)
    assert [one.keys for one in kept] == [{"fine": "w"}]
    assert "Streamlit" in ledger.settings_error
    assert ledger.settled == "n1", "a change that was refused has been looked at too"
    ledger.settle(sent({}), REVIEW, None)
    assert ledger.settings_error == ""
