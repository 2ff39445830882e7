from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as settings_of_test
from hypothesis import strategies as st

from curation.records import Decision, RegrainError
from curation.store import Store, captions, datasets, decisions, queues, settings
from curation.text.normalise import fg_normalise, rejoin_possessives
from tests.store.conftest import CAPTIONS, IMAGES, add, staged

connection = duckdb.connect()


def test_plan_counts_what_add_does_and_writes_nothing(empty: Store) -> None:
    planned = datasets.plan(empty, staged())
    assert datasets.totals(empty)["images"] == 0
    assert add(empty, staged()) == planned
    assert (planned.images_added, planned.captions_added) == (len(IMAGES), len(CAPTIONS))


def test_the_same_import_again_adds_nothing(store: Store) -> None:
    before = datasets.totals(store)
    again = add(store, staged())
    assert again.nothing
    assert (again.images_there, again.captions_there) == (len(IMAGES), len(CAPTIONS))
    assert datasets.totals(store) == before
    assert len(datasets.imports(store)) == 1


def test_only_reviewed_splits_enter_the_coarse_queue(store: Store) -> None:
    assert queues.counts(store)["coarse"]["todo"] == 12


def test_another_text_is_kept_out_or_becomes_a_revision(store: Store) -> None:
    words, owner = [("t0", 0, "a finer caption")], [IMAGES[0]]
    kept = add(store, staged(captions=words, images=owner))
    assert (kept.captions_differ, kept.revisions_added) == (1, 0)
    assert captions.get(store, "t0#0")["text"] == "caption 0 of t0"
    revise = staged(captions=words, images=owner, on_difference="revise")
    revised = add(store, revise)
    assert (revised.captions_differ, revised.revisions_added) == (0, 1)
    chain = captions.revisions(store, "t0#0")
    assert [row["text"] for row in chain] == ["caption 0 of t0", "a finer caption"]
    assert [row["source"] for row in chain] == ["import", "import"]
    assert add(store, revise).nothing


def test_new_texts_of_one_set_become_revisions_of_its_own_captions(empty: Store) -> None:
    one = staged(images=IMAGES[:1], captions=[("t0", 0, "coarse")], revisions=[("t0", 0, "fine"), ("t9", 0, "lost")])
    changes = add(empty, one)
    assert (changes.captions_added, changes.revisions_added, changes.revisions_without_caption) == (1, 1, 1)
    assert captions.get(empty, "t0#0")["text"] == "fine"


def test_images_named_first_are_completed_by_their_files_later(empty: Store) -> None:
    add(empty, staged(images=[("t0", None, "test")], captions=[("t0", 0, "text only")]))
    assert datasets.totals(empty)["held"] == 0
    changes = add(empty, staged(images=[("t0", "t0.jpg", "pool")], captions=[]))
    assert (changes.images_completed, changes.images_added) == (1, 0)
    image = captions.image(empty, "t0")
    assert (image["file"], image["root"], image["split"]) == ("t0.jpg", "images", "test")


def test_a_caption_without_its_image_undoes_the_whole_import(store: Store) -> None:
    before = datasets.totals(store)
    with pytest.raises(RegrainError, match="undone"):
        add(store, staged(images=[("new", "new.jpg", "test")], captions=[("absent", 0, "no image")]))
    assert datasets.totals(store) == before


@pytest.mark.parametrize("splits", [[], "test", ["pool"], ["tset"], [["x"]], [{}], [None], None])
def test_review_splits_are_a_list_of_splits(splits: object) -> None:
    with pytest.raises(RegrainError, match="review_splits is a list of splits among train, val, test, none"):
        settings.check("review_splits", splits)


def test_settings_have_defaults_and_keep_what_is_put(empty: Store) -> None:
    assert settings.get(empty, "review_splits") == ["test", "none"]
    settings.put(empty, review_splits=["val"], name="Ours")
    assert settings.everything(empty)["name"] == "Ours"
    with pytest.raises(KeyError):
        settings.get(empty, "no such setting")


def test_a_normalised_set_says_nothing_new_by_case_and_punctuation_alone(empty: Store) -> None:
    add(
        empty, staged(images=IMAGES[:1], captions=[("t0", 0, "The man 's T-shirt is red/blue ."), ("t0", 1, "A dog .")])
    )
    fine = [("t0", 0, "the mans t shirt is red blue"), ("t0", 1, "a black dog")]
    changes = add(empty, staged(images=IMAGES[:1], captions=fine, normalised=True, on_difference="revise"))
    assert (changes.captions_there, changes.revisions_added) == (1, 1)


@given(st.text(st.sampled_from("aBs '-/.,!?\"()*#:;~<person>\tz9"), max_size=40))
@settings_of_test(max_examples=300, deadline=None)
def test_plain_text_is_the_same_in_sql_and_in_python(text: str) -> None:
    connection.execute(datasets._PLAIN_MACRO)
    (plain,) = connection.execute("SELECT plain(?)", [text]).fetchone() or ("",)
    assert plain == rejoin_possessives(fg_normalise(text))


def test_what_a_person_wrote_is_not_replaced_by_an_import(store: Store) -> None:
    edit = Decision("d1", "ann", "rewrites", "t0#0", "t0#0@1", "edit", text="a person's words")
    decisions.decide(store, [edit])
    revise = staged(captions=[("t0", 0, "imported anew")], images=IMAGES[:1], on_difference="revise")
    changes = add(store, revise)
    assert (changes.revisions_added, changes.revisions_kept_out) == (0, 1)
    assert captions.get(store, "t0#0")["text"] == "a person's words"
    undo = Decision("u1", "ann", "rewrites", "t0#0", "t0#0@2", "undo", undoes="d1")
    decisions.decide(store, [undo])
    assert add(store, revise).revisions_added == 1
