"""Suggest finer texts: rewrites and attribute insertions for the captions that people will see next."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from curation.jobs import Args, job_kind, shards, told_by
from curation.jobs.closeness import measured_delta
from curation.jobs.gallery import Gallery
from curation.jobs.kinds.analyse import PIPELINE
from curation.jobs.language import gap_filler
from curation.jobs.pairs import image_vectors
from curation.jobs.second_encoder import SecondEncoder, SecondOpinion
from curation.jobs.told_by import ToldBy
from curation.jobs.up_to_date import Terms
from curation.records import Progress, Suggestion
from curation.store import Store, analyses, captions, confirmed, objects, scores, settings
from curation.workspace import Workspace

if TYPE_CHECKING:
    from curation.suggesters import CaptionContext
    from curation.suggesters.batch import TextCache
    from curation.suggesters.endpoint import Usage
    from curation.suggesters.fluency import Fluency
    from curation.suggesters.gates import Gates
    from curation.text.idf import Idf

CAPTIONS_PER_SHARD = 100
EXAMPLES = 4
COLUMNS = ("text_hash", "body")


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Suggest for the most urgent captions first, a hundred per shard."""
    from curation.suggesters.batch import TextCache, suggest_batch

    facts = shards.read_facts(folder)
    rows = shards.read_json(folder / "captions.json")
    vectors = Gallery(folder, facts) if facts["encoder"] else None
    known = _known(folder, facts, vectors)
    embed: TextCache | None = TextCache(vectors.texts) if vectors else None
    if "similar_captions" in facts["sources"]:
        known.told_by.look_for(row["image_id"] for row in rows if vectors is None or row["own"] < 0)
    fill = gap_filler(facts["masked_model"], facts["device"])
    opinion = SecondOpinion(folder, facts) if facts.get("second") else None
    for start in range(0, len(rows), CAPTIONS_PER_SHARD):
        part, name = rows[start : start + CAPTIONS_PER_SHARD], f"{facts['token']}-{start:08d}"
        if not shards.is_finished(folder, name):
            able = [row for row in part if row["body"]]
            if vectors is not None:
                vectors.crop_ahead(row["own"] for row in able)
            contexts = [_context(row, vectors, known) for row in able]
            found = suggest_batch(
                contexts,
                embed,
                settings=facts["suggesters"],
                sources=facts["sources"],
                delta=facts["delta"],
                fill_gaps=fill,
            )
            if opinion is not None:
                found = opinion(able, found)
            by_caption = {
                row["id"]: (one, context.gates) for row, one, context in zip(able, found, contexts, strict=True)
            }
            for context in contexts:
                known.gates.dropped.update(context.gates.dropped)
            nothing = ((), known.gates.counting_anew())
            shards.finish_shard(folder, name, found=[_entry(row, *by_caption.get(row["id"], nothing)) for row in part])
        yield Progress(start + len(part), len(rows), shard=name, note=_note(known.gates.dropped, known.usage.words()))


def _note(dropped: Counter[str], asked: str) -> str:
    """Say what is counted, and what the gates have kept back so far: nobody sees it otherwise."""
    kept_back = ", ".join(f"{reason.replace(':', ' ')} {count}" for reason, count in dropped.most_common())
    parts = ("captions", f"kept back: {kept_back}" if kept_back else "", asked)
    return "; ".join(part for part in parts if part)


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: Args) -> None:
    """Replace the suggestions of one shard's captions, and what was kept back of them."""
    groups: dict[tuple[str, str], list[tuple[str, str, list[Suggestion]]]] = {}
    kept_back: dict[str, list[tuple[str, str, int]]] = {}
    for one in shards.receipt(folder, shard)["found"]:
        suggestions = [_suggestion(fields) for fields in one["suggestions"]]
        entry = (one["id"], one["revision_id"], suggestions)
        groups.setdefault((one["encoder"], one["settings"]), []).append(entry)
        kept_back[one["id"]] = [(reason, word, n) for reason, word, n in one.get("kept_back", ())]
    for (encoder, key), found in groups.items():
        scores.put_suggestions(store, found, encoder=encoder, settings=key, kept_back=kept_back)


@job_kind("suggest", title="Suggest finer texts", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Seek rewrites and attributes for the captions in those queues, then ahead for the likeliest coarse ones."""
    encoder, splits = settings.get(store, "encoder"), settings.get(store, "review_splits")
    terms, second = Terms.of(store), SecondEncoder.of(store, workspace, splits)
    gallery = {split: image_vectors(store, workspace, encoder, split) for split in splits}
    place = {image: row for row, image in enumerate(i for images in gallery.values() for i in images.ids)}
    analysed = analyses.of_splits(store, splits, PIPELINE)
    bodies = dict(zip(analysed["text_hash"].to_pylist(), analysed["body"].to_pylist(), strict=True))
    rows = _to_seek(store, splits, terms, second, encoder, place, bodies)
    if rows:
        _add_siblings(store, rows, bodies)
        second.write(folder, rows)
        for row in rows:
            row["rivals"] = [place[image] for image in row["rivals"] if image in place]
        shards.write_table(folder / "bodies.feather", analysed)
        told_by.write(folder, store, splits, list(place))
        _write_inputs(store, workspace, folder, rows, [images.rows for images in gallery.values() if images.ids])
    more = {
        "second": second.name,
        "sensitive_words": terms.sensitive_words,
        "suggesters": {name: given for name, given in settings.get(store, "suggesters").items() if name in terms.ways},
        "sources": list(terms.ways),
        "masked_model": terms.masked_model,
        "delta": measured_delta(store, workspace, encoder) if rows else None,
        "device": settings.get(store, "device"),
        "asked": _asked(store, workspace),
        "token": uuid.uuid4().hex[:10],
    }
    shards.write_facts(folder, encoder=encoder if place else "", **more)
    return len(rows)


def _to_seek(
    store: Store,
    splits: Sequence[str],
    terms: Terms,
    second: SecondEncoder,
    encoder: str,
    place: Mapping[str, int],
    bodies: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return the captions whose suggestions are missing, or were sought for another text, encoder or other terms."""
    known, rows = scores.sought(store), []
    sought = scores.to_suggest_for(store, splits, settings.get(store, "suggest_ahead")).to_pylist()
    detected = objects.of_images(store, [row["image_id"] for row in sought])
    for row in sought:
        image, body = row["image_id"], bodies.get(row["text_hash"])
        seen = detected.get(image, [])
        key = terms.key(seen, second.of_image(image), analysed=body is not None)
        row |= {"encoder": encoder if image in place else "", "settings": key, "objects": seen}
        if known.get(row["id"]) != (row["revision_id"], row["encoder"], key):
            rows.append(row | {"body": body, "own": place.get(image, -1)})
    return rows


class Known(NamedTuple):
    """What the workspace's captions tell: their words and how rare these are, and which attributes they give to
    which nouns, how often; what the captions of similar images tell; and what nobody may see.
    """

    words: frozenset[str]
    fluency: Fluency
    told_by: ToldBy
    idf: Idf
    gates: Gates
    asked: dict[str, Any]
    usage: Usage


def _known(folder: Path, facts: dict[str, Any], vectors: Gallery | None) -> Known:
    from curation.suggesters.endpoint import Usage
    from curation.suggesters.fluency import count
    from curation.suggesters.gates import Gates
    from curation.text.analysis import Analysis
    from curation.text.idf import fit_idf

    table = shards.read_table(folder / "bodies.feather")
    bodies = {name: json.loads(body) for name, body in zip(*(table[c].to_pylist() for c in COLUMNS), strict=True)}
    analyses = {name: Analysis.from_json(body) for name, body in bodies.items()}
    context = {"context_length": vectors.encoder.context_length} if vectors else {}
    gates = Gates.of_setting(facts["sensitive_words"], **context)
    words = frozenset[str](shards.read_json(folder / "words.json"))
    idf = fit_idf(body["text"] for body in bodies.values())
    answers = Path(facts["asked"]["answers"])
    asked = {"examples": [tuple(one) for one in facts["asked"]["examples"]], "answers": answers}
    return Known(
        words,
        count(analyses.values()),
        ToldBy(folder, analyses),
        idf,
        gates,
        asked,
        Usage.kept_in(answers / f"{folder.name}.usage"),
    )


def _context(row: dict[str, Any], vectors: Gallery | None, known: Known) -> CaptionContext:
    from curation.suggesters import CaptionContext, Sibling
    from curation.suggesters.slots import DetectedObject
    from curation.text.analysis import Analysis

    siblings = [Sibling(i, Analysis.from_json(json.loads(body))) for i, body in row["siblings"]]
    analysis = Analysis.from_json(json.loads(row["body"]))
    context = CaptionContext(
        analysis,
        siblings,
        objects=[DetectedObject(name, tuple(words)) for name, words in row["objects"]],
        known_words=known.words,
        known_pairs=known.fluency.pairs.keys(),
        fluency=known.fluency,
        idf=known.idf,
        gates=known.gates.counting_anew(),
        picture=Path(row["file"]) if row.get("file") else None,
        usage=known.usage,
        **known.asked,
    )
    if vectors is None or row["own"] < 0:
        return replace(context, neighbours=known.told_by.alike(row["image_id"]))
    return replace(
        context,
        own=vectors[row["own"]],
        rivals=vectors[row["rivals"]] if row["rivals"] else None,
        crops=vectors.crops(row["own"]),
        neighbours=known.told_by.of_rows(vectors.similar(row["own"])),
        boxes=vectors.boxes(row["own"]),
        temperature=vectors.encoder.temperature,
    )


def _entry(row: dict[str, Any], suggestions: Sequence[Suggestion], gates: Gates) -> dict[str, Any]:
    fields = {name: row[name] for name in ("id", "revision_id", "encoder", "settings")}
    return fields | {"suggestions": [asdict(one) for one in suggestions], "kept_back": gates.kept_back()}


def _suggestion(fields: dict[str, Any]) -> Suggestion:
    spans = tuple((start, end) for start, end in fields["spans"])
    return Suggestion(**(fields | {"spans": spans}))


def _asked(store: Store, workspace: Workspace) -> dict[str, Any]:
    """Return what a suggester that asks an endpoint is given besides: examples, and where answers are kept."""
    return {"examples": confirmed.examples(store, EXAMPLES), "answers": str(workspace.folder / "answers")}


def _add_siblings(store: Store, rows: list[dict[str, Any]], bodies: dict[str, str]) -> None:
    """Give every row the analyses of the other captions of its image."""
    by_image = captions.of_images(store, sorted({row["image_id"] for row in rows}))
    for row in rows:
        others = [one for one in by_image[row["image_id"]] if one["i"] != row["i"]]
        row["siblings"] = [(one["i"], bodies[one["text_hash"]]) for one in others if one["text_hash"] in bodies]


def _write_inputs(
    store: Store, workspace: Workspace, folder: Path, rows: list[dict[str, Any]], gallery: list[NDArray[Any]]
) -> None:
    images = captions.images(store, sorted({row["image_id"] for row in rows}))
    paths = {
        image_id: str(workspace.image_path(image["root"] or "", image["file"]))
        for image_id, image in images.items()
        if image["file"]
    }
    for row in rows:
        row["file"] = paths.get(row["image_id"], "")
    shards.write_json(folder / "captions.json", rows)
    shards.write_json(folder / "words.json", captions.words(store))
    shards.write_array(folder / "gallery.npy", np.concatenate(gallery) if gallery else np.empty((0, 0), np.float32))
    shards.write_json(folder / "files.json", {str(row["own"]): row["file"] for row in rows if row["own"] >= 0})
