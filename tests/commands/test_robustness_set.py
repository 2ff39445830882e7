"""The robustness set of a workspace: what a person confirmed, word for word, and nothing else."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from curation.commands import Console, run
from curation.records import Decision, Suggestion
from curation.session import Session, open_session
from curation.store import captions, confirmed, decisions, scores, settings, vectors
from tests.pages.small_workspace import build

ACCEPTED, EDITED, UNDONE, OTHER, LEFT = (f"scene-0{n}#0" for n in range(5))


@pytest.fixture
def session(tmp_path: Path):
    opened = open_session(build(tmp_path / "small").folder, serve=False)
    for caption in (ACCEPTED, EDITED, UNDONE, LEFT):
        suggest(opened, caption, "stress_words")
    suggest(opened, OTHER, "attribute_words")
    for caption in (ACCEPTED, EDITED, UNDONE, OTHER):
        accept(opened, caption, " indeed" if caption == EDITED else "")
    decisions.decide(opened.store, [Decision("u", "ana", "attributes", UNDONE, "", "undo", undoes=f"d-{UNDONE}")])
    yield opened
    opened.close()


def suggest(session: Session, caption: str, source: str) -> None:
    row = captions.get(session.store, caption)
    one = Suggestion(f"{row['text']} in stripes", source, "attribute", evidence={"slot_span": [0, 1], "word": "x"})
    scores.put_suggestions(session.store, [(caption, row["revision_id"], [one])], encoder="", settings="")


def accept(session: Session, caption: str, more: str = "") -> None:
    (one,) = scores.suggestions(session.store, caption)
    revision = captions.get(session.store, caption)["revision_id"]
    verdict = Decision(
        f"d-{caption}",
        "ana",
        "attributes",
        caption,
        revision,
        "accept",
        text=one["text"] + more,
        suggestion_id=one["id"],
    )
    (outcome,) = decisions.decide(session.store, [verdict])
    assert outcome.applied, outcome.message


def called(session: Session, to: Path) -> tuple[int, str]:
    said: list[str] = []
    console = Console(json=False, out=said.append, err=said.append)
    return run(session, "robustness", {"to": str(to), "person": "ana"}, console), "\n".join(said)


def encode(session: Session) -> None:
    """File vectors of two texts and of all test images; the altered text is nearer to another image."""
    (one,) = confirmed.insertions(session.store, ["stress_words"])
    session.store.write(lambda connection: connection.execute("UPDATE image SET content_hash = 'of ' || id"))
    images = captions.images_in_splits(session.store, ["test"])["id"].to_pylist()
    rows = np.eye(len(images), 32, dtype=np.float32)
    own = images.index(one["image_id"])
    texts = np.stack([rows[own], 0.6 * rows[own] + 0.8 * rows[(own + 1) % len(images)]])
    file([f"of {image}" for image in images], rows, session, "image")
    file([one["original_hash"], one["modified_hash"]], texts, session, "text")


def file(hashes: list[str], rows: np.ndarray, session: Session, kind: vectors.Kind) -> None:
    path = session.workspace.vectors / f"{kind}-0.npy"
    path.parent.mkdir(parents=True, exist_ok=True)
    encoder, dim = settings.get(session.store, "encoder"), rows.shape[1]
    sha256 = vectors.write_shard(path, rows)
    vectors.add_shard(session.store, path, encoder=encoder, kind=kind, hashes=hashes, sha256=sha256, dim=dim)


def test_only_what_was_accepted_word_for_word_and_not_taken_back_counts(session: Session) -> None:
    (one,) = confirmed.insertions(session.store, ["stress_words"])
    assert one["caption_id"] == ACCEPTED
    assert one["modified"] == f"{one['original']} in stripes"


def test_nothing_confirmed_is_said_with_the_way_to_it(tmp_path: Path) -> None:
    empty = open_session(build(tmp_path / "other").folder, serve=False)
    code, said = called(empty, tmp_path / "set")
    empty.close()
    assert code != 0 and "nobody has confirmed a stress insertion" in said
    assert not (tmp_path / "set").exists()


def test_the_set_and_its_report(session: Session, tmp_path: Path) -> None:
    code, said = called(session, tmp_path / "early")
    assert code != 0 and "run `regrain encode`" in said
    encode(session)
    code, said = called(session, tmp_path / "set")
    assert code == 0, said
    with (tmp_path / "set" / "modified.csv").open(newline="") as stream:
        assert [row["modified"] for row in csv.DictReader(stream)] == ["a ball in stripes"]
    report = json.loads((tmp_path / "set" / "report.json").read_text())
    assert (report["insertions"], report["left_out"]) == (1, 0)
    assert report["mrr_before"]["estimate"] == 1.0 and report["mrr_after"]["estimate"] == 0.5
    assert report["relative_drop"]["estimate"] == 0.5
    assert (report["before"]["recall"]["1"], report["after"]["recall"]["1"]) == (100.0, 0.0)
    assert report["text_change"]["words_inserted"] == 2 and report["text_change"]["words_deleted"] == 0
    assert report["text_change"]["cosine"] == pytest.approx(0.6, abs=1e-3)
    assert "relative drop 50.0 %" in said
    assert "nothing is overwritten" in called(session, tmp_path / "set")[1]
