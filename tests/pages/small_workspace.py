"""A small prepared workspace, built through the store alone: drawn pictures, captions, scores, suggestions, candidates.

No encoder is needed: the similarities are made up from what the pictures show, so that the screens have
something true to show and the tests know what they must find.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from PIL import Image, ImageDraw

from curation.importers.stage import stage
from curation.records import Suggestion
from curation.store import Store, datasets, pool_candidates, scores, settings
from curation.store.connection import to_json
from curation.text.worddiff import inserted_spans
from curation.workspace import Workspace

ENCODER = "drawn-by-hand"
COLOURS = ("red", "green", "blue", "orange", "purple", "white")
GROUNDS = {"grass": "#6f9c5c", "sand": "#d9c48f", "night": "#26303f"}
KINDS = ("ball", "box")


@dataclass(frozen=True)
class Scene:
    """What one picture shows."""

    id: str
    split: str
    colour: str
    kind: str
    ground: str

    @property
    def texts(self) -> tuple[str, str, str]:
        return (
            f"a {self.kind}",
            f"a {self.kind} on the {self.ground}",
            f"one {self.colour} {self.kind} lies there",
        )


def scenes() -> list[Scene]:
    """Return 12 test scenes, 4 train scenes and 8 pool scenes."""
    grounds = tuple(GROUNDS)
    shown = [(colour, kind) for kind in KINDS for colour in COLOURS]
    test = [Scene(f"scene-{n:02}", "test", c, k, grounds[n % 3]) for n, (c, k) in enumerate(shown)]
    train = [Scene(f"train-{n:02}", "train", c, k, grounds[n % 3]) for n, (c, k) in enumerate(shown[:4])]
    pool = [Scene(f"pool-{n:02}", "pool", c, k, grounds[(n + 1) % 3]) for n, (c, k) in enumerate(shown[:8])]
    return test + train + pool


def build(folder: Path, *, prepared: bool = True) -> Workspace:
    """Make the workspace in ``folder``; without ``prepared`` only its pictures and captions."""
    workspace = Workspace.at(folder)
    everything = scenes()
    draw_all(workspace.folder / "pictures", everything)
    store = Store.open(workspace.database)
    try:
        settings.put(store, name="Twelve scenes", encoder=ENCODER)
        source = write_table(workspace.folder / "scenes.jsonl", everything)
        columns = {"captions": "captions", "split_column": "split"}
        staged = stage("table", source, settings=columns, folder=workspace.folder / "pictures")
        datasets.add(store, staged, name="scenes", importer="table", source=source.name, root="pictures")
        if prepared:
            prepare(store, everything)
    finally:
        store.close()
    return workspace


def write_table(path: Path, everything: list[Scene]) -> Path:
    """Write the scenes as a table with one image and its list of captions per line."""
    rows = [
        {"image": f"{scene.id}.png", "split": scene.split, "captions": [] if scene.split == "pool" else scene.texts}
        for scene in everything
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def prepare(store: Store, everything: list[Scene]) -> None:
    """Put in scores, rivals, suggestions and candidates for the test scenes."""
    test = [scene for scene in everything if scene.split == "test"]
    pool = [scene for scene in everything if scene.split == "pool"]
    for kind in ("coarse", "noise"):
        scores.put_scores(store, kind, _score_table(kind, test))  # type: ignore[arg-type]
    scores.put_rivals(store, _rival_table(test))
    scores.put_suggestions(store, _suggestions(test), encoder=ENCODER, settings="s")
    pool_candidates.put(store, _candidate_table(test, pool))


def draw_all(folder: Path, everything: list[Scene]) -> None:
    """Draw every scene as a PNG file."""
    folder.mkdir(parents=True, exist_ok=True)
    for scene in everything:
        picture = Image.new("RGB", (480, 320), GROUNDS[scene.ground])
        pen = ImageDraw.Draw(picture)
        shape = pen.ellipse if scene.kind == "ball" else pen.rectangle
        shape((150, 70, 330, 250), fill=scene.colour, outline="black", width=4)
        picture.save(folder / f"{scene.id}.png")


def _score_table(kind: str, test: list[Scene]) -> pa.Table:
    rows = []
    for scene in test:
        for i in range(3):
            high = (0.93, 0.61, 0.22)[i] if kind == "coarse" else (0.9, 0.5, 0.3)[i]
            value = high - int(scene.id[-2:]) / 100
            said = (
                ["fits 5 images as well", "2 words"] if kind == "coarse" else ["cosine 0.12, lower than 97 % of pairs"]
            )
            reasons = [{"signal": "drawn", "value": value, "reason": words} for words in said]
            parts = {"words": 2.0} if kind == "coarse" else {"percentile": 100 * value, "probability": None}
            rows.append(_row(scene, i, value=value, reasons=to_json(reasons), parts=to_json(parts)))
    return pa.Table.from_pylist(rows)


def _row(scene: Scene, i: int, **more: Any) -> dict[str, Any]:
    caption = f"{scene.id}#{i}"
    return {"caption_id": caption, "revision_id": f"{caption}@1", "encoder": ENCODER, "settings": "s", **more}


def _rival_table(test: list[Scene]) -> pa.Table:
    rows = []
    for scene in test:
        others = [other.id for other in test if other.kind == scene.kind and other.id != scene.id]
        for i in range(3):
            rank = (4, 2, 1)[i]
            place = [n for n in range(1, len(others) + 2) if n != rank]
            near = [round(0.344 - 0.004 * n, 3) for n in place]
            own = round(0.344 - 0.004 * rank, 3)
            row = _row(scene, i, image_ids=others, scores=near, own_rank=rank, own_score=own, gallery=12)
            del row["settings"]
            rows.append(row)
    return pa.Table.from_pylist(rows)


def _suggestions(test: list[Scene]) -> list[tuple[str, str, list[Suggestion]]]:
    found = []
    for scene in test:
        for i in range(2):
            caption, old = f"{scene.id}#{i}", scene.texts[i]
            finer = [old.replace(f"a {scene.kind}", f"a {scene.colour} {scene.kind}")]
            finer += [f"{finer[0]} on the {scene.ground}"] if i == 0 else []
            rewrites = [
                Suggestion(
                    text, "siblings", "rewrite", inserted_spans(old, text), {"captions": [2], "rank": [4 - i, 1]}
                )
                for text in finer
            ]
            words = (scene.colour, *[colour for colour in COLOURS if colour != scene.colour][:2])
            inserts = [old.replace(f"a {scene.kind}", f"a {word} {scene.kind}") for word in words]
            attributes = [
                Suggestion(
                    text, "vocabulary", "attribute", inserted_spans(old, text),
                    {
                        "slot": scene.kind, "slot_span": [2, 2 + len(scene.kind)], "type": "colour", "word": word,
                        "probability": round(0.8 / (n + 1), 2), "rank": [4 - i, 1],
                    },
                )
                for n, (word, text) in enumerate(zip(words, inserts, strict=True))
            ]  # fmt: skip
            found.append((caption, f"{caption}@1", [*rewrites, *attributes]))
    return found


def _candidate_table(test: list[Scene], pool: list[Scene]) -> pa.Table:
    rows = []
    for scene in test:
        near = [other for other in pool if other.kind == scene.kind][:2]
        for n, other in enumerate(near):
            rows.append(
                _row(
                    scene, 2, image_id=other.id, target_id=scene.id, via="text" if n else "image",
                    score=0.31 - n / 50, risk=0.02 - n / 50, duplicate=False,
                )
            )  # fmt: skip
    return pa.Table.from_pylist(rows)
