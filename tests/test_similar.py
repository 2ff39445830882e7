"""Images and captions like an image, a caption or words: what an obvious search finds, in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation import similar
from curation.jobs.text_tower import TextTower
from curation.records import Decision, RegrainError, text_hash
from curation.similar import CaptionId, Found, ImageId, NotEncoded, Text, _nearest
from curation.store import Store, banks, captions, contents, decisions, vectors
from curation.store import settings as workspace_settings
from curation.store.banks import Bank
from curation.workspace import Workspace
from tests.jobs import slow_tower
from tests.pages.small_workspace import ENCODER, build, scenes

D = 8


class Words:
    """A tower that knows a few words."""

    def __init__(self, known: dict[str, np.ndarray]) -> None:
        self.known = known
        self.asked: list[str] = []

    def wake(self, encoder: str, device: str = "cpu") -> None: ...

    def wait(self, seconds: float) -> object:
        return "ready"

    def ask(self, encoder: str, texts: Sequence[str], *, whose: str, device: str = "cpu") -> Future[np.ndarray]:
        self.asked.append(whose)
        answer: Future[np.ndarray] = Future()
        answer.set_result(np.stack([self.known[text] for text in texts]))
        return answer


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return build(tmp_path / "w", prepared=False)


@pytest.fixture
def store(workspace: Workspace) -> Iterator[Store]:
    store = Store.open(workspace.database)
    yield store
    store.close()


@pytest.fixture
def images(store: Store, workspace: Workspace, unit_rows) -> dict[str, np.ndarray]:
    """Vectors of all pictures in two shards; ``pool-00`` holds the same bytes as ``scene-00``."""
    ids = sorted(scene.id for scene in scenes())
    content = {image: f"h-{image}" for image in ids} | {"pool-00": "h-scene-00"}
    seen = [{"id": i, "content_hash": content[i], "bytes": 1, "mtime_ns": 1, "problem": None} for i in ids]
    contents.note(store, pa.Table.from_pylist(seen))
    rows = dict(zip(ids, unit_rows(len(ids), D), strict=True))
    rows["pool-00"] = rows["scene-00"]
    add(store, workspace, "image", {content[image]: rows[image] for image in ids[:10]})
    add(store, workspace, "image", {content[image]: rows[image] for image in ids[10:]})
    return rows


@pytest.fixture
def texts(store: Store, workspace: Workspace, unit_rows) -> dict[str, np.ndarray]:
    """Vectors of all captions by id; equal texts have one."""
    found = captions.in_splits(store, ["test", "train"]).to_pylist()
    words = sorted({row["text"] for row in found})
    rows = dict(zip(words, unit_rows(len(words), D, seed=1), strict=True))
    add(store, workspace, "text", {text_hash(text): rows[text] for text in words})
    return {row["id"]: rows[row["text"]] for row in found}


def add(store: Store, workspace: Workspace, kind: vectors.Kind, rows: dict[str, np.ndarray]) -> None:
    shards = len(list(workspace.vectors.iterdir()))
    path = workspace.vectors / f"{kind}{shards}.npy"
    sha256 = vectors.write_shard(path, np.stack(list(rows.values())))
    vectors.add_shard(store, path, encoder=ENCODER, kind=kind, hashes=list(rows), sha256=sha256, dim=D)


def obvious(query: np.ndarray, rows: dict[str, np.ndarray], k: int) -> list[str]:
    """Sort everything by its cosine."""
    stored = {name: row.astype(np.float16).astype(np.float64) for name, row in rows.items()}
    cosine = {name: float(row @ query / np.linalg.norm(row)) for name, row in stored.items()}
    return sorted(cosine, key=lambda name: (-round(cosine[name], 5), name))[:k]


def test_images_like_an_image(store: Store, workspace: Workspace, images: dict[str, np.ndarray]) -> None:
    found = similar.images(store, workspace, like=ImageId("scene-00"))
    assert found.ids[:2] == ("pool-00", "scene-00")  # the same bytes; equals stand in order of their ids
    assert list(found.ids) == obvious(images["scene-00"], images, 100)
    assert found.scores[0] == found.scores[1] == pytest.approx(1, abs=2e-3)
    assert list(found.scores) == sorted(found.scores, reverse=True)
    few = similar.images(store, workspace, like=ImageId("scene-00"), k=5)
    assert few.ids == found.ids[:5]


def test_captions_like_an_image_a_caption_and_words(
    store: Store, workspace: Workspace, images: dict[str, np.ndarray], texts: dict[str, np.ndarray]
) -> None:
    words = Words({"a ball": texts["scene-00#0"]})
    for like, query in [
        (ImageId("scene-03"), images["scene-03"]),
        (CaptionId("scene-00#0"), texts["scene-00#0"]),
        (Text("a ball"), texts["scene-00#0"]),
    ]:
        found = similar.captions(store, workspace, like=like, tower=words, whose="ana")
        assert list(found.ids) == obvious(query, texts, 1000)
    balls = {name for name in texts if name.endswith("#0") and texts[name] is not None}
    assert found.ids[0] in balls and found.scores[0] == pytest.approx(1, abs=2e-3)
    assert words.asked == ["ana\0similar"]


def test_splits_narrow_the_search_and_it_stays_exact(
    store: Store, workspace: Workspace, images: dict[str, np.ndarray]
) -> None:
    of_pool = {name: row for name, row in images.items() if name.startswith("pool")}
    found = similar.images(store, workspace, like=ImageId("scene-05"), k=3, splits=["pool"])
    assert list(found.ids) == obvious(images["scene-05"], of_pool, 3)
    assert similar.images(store, workspace, like=ImageId("scene-05"), splits=["val"]) == Found((), ())


def test_an_earlier_text_does_not_count_and_a_new_shard_does(
    store: Store, workspace: Workspace, texts: dict[str, np.ndarray], unit_rows
) -> None:
    caption = captions.get(store, "scene-02#2")
    before = similar.captions(store, workspace, like=CaptionId("scene-02#2"))
    assert before.ids[0] == "scene-02#2"
    [old] = list(workspace.banks.iterdir())
    made = Decision("e", "ben", "coarse", "scene-02#2", caption["revision_id"], "edit", text="one blue ball at night")
    assert decisions.decide(store, [made])[0].applied
    with pytest.raises(NotEncoded, match="'scene-02#2' is not encoded"):
        similar.captions(store, workspace, like=CaptionId("scene-02#2"))
    assert "scene-02#2" not in similar.captions(store, workspace, like=CaptionId("scene-00#0")).ids
    [new] = unit_rows(1, D, seed=9)
    add(store, workspace, "text", {text_hash("one blue ball at night"): new})
    found = similar.captions(store, workspace, like=CaptionId("scene-02#2"))
    assert list(found.ids) == obvious(new, texts | {"scene-02#2": new}, 1000)
    [file] = list(workspace.banks.iterdir())
    assert file != old  # laid out anew, and the old file is gone


def test_a_bank_is_made_once_and_again_where_it_is_broken(
    store: Store, workspace: Workspace, images: dict[str, np.ndarray]
) -> None:
    path = workspace.banks / banks.name(store, ENCODER, "image")

    def read() -> tuple[list[bytes], np.ndarray]:
        bank = banks.read(store, workspace.vectors, path, ENCODER, "image")
        return bank.hashes.tolist(), bank.rows.copy()  # nothing stays mapped that is cut off below

    hashes, rows = read()
    made = path.stat().st_mtime_ns
    np.testing.assert_array_equal(read()[1], rows)
    assert path.stat().st_mtime_ns == made
    for broken in (b"", b"\x93NUMPY junk", path.read_bytes()[:200]):
        path.write_bytes(broken)
        again, mended = read()
        np.testing.assert_array_equal(mended, rows)
        assert again == hashes
    assert not list(workspace.banks.glob("*.partial"))


def test_what_cannot_be_searched_for_is_told(store: Store, workspace: Workspace, images: dict[str, np.ndarray]) -> None:
    with pytest.raises(RegrainError, match="no image has the id 'nosuch'"):
        similar.images(store, workspace, like=ImageId("nosuch"))
    with pytest.raises(RegrainError, match="no caption has the id"):
        similar.images(store, workspace, like=CaptionId("../x#0"))
    with pytest.raises(NotEncoded, match="'scene-00#0' is not encoded with drawn-by-hand yet"):
        similar.images(store, workspace, like=CaptionId("scene-00#0"))
    with pytest.raises(NotEncoded, match="no caption is encoded"):
        similar.captions(store, workspace, like=ImageId("scene-00"))
    with pytest.raises(RegrainError, match="text encoder is not at hand"):
        similar.images(store, workspace, like=Text("a ball"))
    with pytest.raises(RegrainError, match="no words"):
        similar.images(store, workspace, like=Text(" \n"), tower=Words({}))
    with pytest.raises(ValueError, match="k must be"):
        similar.images(store, workspace, like=ImageId("scene-00"), k=0)
    workspace_settings.put(store, encoder="another")
    with pytest.raises(NotEncoded, match="with another yet"):
        similar.images(store, workspace, like=ImageId("scene-00"))


def test_words_go_through_the_text_tower(store: Store, workspace: Workspace) -> None:
    workspace_settings.put(store, encoder="good")
    seen = [{"id": "scene-00", "content_hash": "h", "bytes": 1, "mtime_ns": 1, "problem": None}]
    contents.note(store, pa.Table.from_pylist(seen))
    path = workspace.vectors / "one.npy"
    sha256 = vectors.write_shard(path, np.eye(1, 3))
    vectors.add_shard(store, path, encoder="good", kind="image", hashes=["h"], sha256=sha256, dim=3)
    tower = TextTower(slow_tower.COMMAND)
    try:
        found = similar.images(store, workspace, like=Text("four"), tower=tower)
        assert found == Found(("scene-00",), (4.0,))  # the first number of its vectors counts letters
    finally:
        tower.close()


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 60),
    held=st.lists(st.integers(0, 3), min_size=60, max_size=60),
    levels=st.integers(1, 5),
    k=st.integers(1, 80),
    seed=st.integers(0, 5),
)
def test_ties_and_contents_that_many_or_none_hold(n: int, held: list[int], levels: int, k: int, seed: int) -> None:
    """Whatever ties and holders there are, the k best ids come out by score and then by id."""
    generator = np.random.default_rng(seed)
    rows = generator.integers(0, levels, size=(n, 1)).astype(np.float32) / 8
    hashes = np.array([f"h{row}".encode() for row in range(n)], dtype=np.bytes_)
    names = {
        f"h{row}": [f"i{(row * 7 + copy * 31) % 97:02}-{row}-{copy}" for copy in range(held[row])] for row in range(n)
    }
    found = _nearest(
        Bank(hashes, rows), np.ones(1, np.float32), k, lambda asked: {one: names[one] for one in asked if names[one]}
    )
    everything = [(-float(rows[row, 0]), name) for row in range(n) for name in names[f"h{row}"]]
    assert found.ids == tuple(name for _, name in sorted(everything)[:k])
