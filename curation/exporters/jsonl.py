"""JSON Lines with full provenance: one line per caption, one per image, and the judged pairs in TREC's form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from curation.exporters import ReadBack, exporter
from curation.exporters.arrangement import image_name
from curation.records import Benchmark, Qrel

OWN_IMAGE_GRADE = 2
# Line ends that Unicode knows beside \n: readers that use str.splitlines would cut a record there.
LINE_ENDS = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}
# TREC separates by white space, so white space in an id (and the escape itself) is percent-encoded.
ESCAPED = "%"


def _read_back(folder: Path) -> ReadBack:
    found = ReadBack(qrels={})
    for record in _records(folder / "captions.jsonl"):
        found.texts.setdefault((record["split"], record["image_id"]), []).append(record["text"])
    found.images = [record["id"] for record in _records(folder / "images.jsonl")]
    assert found.qrels is not None
    for line in (folder / "qrels.trec").read_bytes().decode().split("\n")[:-1]:
        caption, _, image, grade = line.split(" ")
        found.qrels[unquote(caption), unquote(image)] = int(grade)
    return found


@exporter("jsonl", title="JSON Lines with provenance", read_back=_read_back)
def jsonl(benchmark: Benchmark, folder: Path) -> list[Path]:
    """Write `captions.jsonl`, `images.jsonl` and `qrels.trec` with where every text comes from.

    `qrels.trec` holds every judged pair, and each caption's own image with grade 2 where nobody judged it; `qrels` of
    a caption in `captions.jsonl` holds the judged pairs alone.
    """
    return [
        _write(folder / "captions.jsonl", map(_line, _captions(benchmark))),
        _write(folder / "images.jsonl", map(_line, _images(benchmark))),
        _write(folder / "qrels.trec", _trec(benchmark)),
    ]


def _captions(benchmark: Benchmark) -> Iterator[dict[str, Any]]:
    names = {image.id: image_name(image, "") for image in benchmark.images}
    files = {image.id: image.file for image in benchmark.images}
    judged: dict[str, list[Qrel]] = {}
    for qrel in benchmark.qrels:
        judged.setdefault(qrel.caption_id, []).append(qrel)
    for caption in benchmark.captions:
        yield {
            "id": caption.id,
            "image_id": caption.image_id,
            "image": names[caption.image_id],
            "file": files[caption.image_id],
            "i": caption.i,
            "split": caption.split,
            "text": caption.text,
            "original": caption.original,
            "revision": caption.revision_id,
            "source": caption.source,
            "decision": caption.decision_id,
            "generated": caption.generated,
            "qrels": [
                {"image_id": qrel.image_id, "grade": qrel.grade, "decision": qrel.decision_id}
                for qrel in judged.get(caption.id, [])
            ],
        }


def _images(benchmark: Benchmark) -> Iterator[dict[str, Any]]:
    for image in benchmark.images:
        yield {"id": image.id, "split": image.split, "role": image.role, "file": image.file}


def _trec(benchmark: Benchmark) -> Iterator[str]:
    judged = {(qrel.caption_id, qrel.image_id) for qrel in benchmark.qrels}
    own = [
        (caption.id, caption.image_id, OWN_IMAGE_GRADE)
        for caption in benchmark.captions
        if (caption.id, caption.image_id) not in judged
    ]
    for caption, image, grade in own + [(qrel.caption_id, qrel.image_id, qrel.grade) for qrel in benchmark.qrels]:
        yield f"{_word(caption)} 0 {_word(image)} {grade}\n"


def _word(text: str) -> str:
    if not any(character == ESCAPED or character.isspace() for character in text):
        return text
    return "".join(
        "".join(f"%{byte:02X}" for byte in character.encode())
        if character == ESCAPED or character.isspace()
        else character
        for character in text
    )


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False).translate(LINE_ENDS) + "\n"


def _write(path: Path, lines: Iterable[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(lines)
    return path


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as stream:
        yield from map(json.loads, stream)
