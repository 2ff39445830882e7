"""Suggest finer texts: rewrites and attribute insertions for the captions that people will see next."""

from __future__ import annotations

import json
import uuid
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from curation.jobs import Args, job_kind, shards
from curation.jobs.closeness import measured_delta
from curation.jobs.crops import crop_boxes, shares
from curation.jobs.kinds.analyse import PIPELINE
from curation.jobs.kinds.encode import load, text_rows
from curation.jobs.pairs import image_vectors
from curation.jobs.threads import in_threads
from curation.records import Progress, Suggestion
from curation.store import Store, analyses, captions, objects, scores, settings
from curation.workspace import Workspace

if TYPE_CHECKING:
    from curation.encoders import Encoder
    from curation.suggesters import CaptionContext, Neighbour
    from curation.suggesters.batch import TextCache
    from curation.suggesters.fluency import Fluency
    from curation.suggesters.gates import Gates
    from curation.text.analysis import Analysis
    from curation.text.idf import Idf

CAPTIONS_PER_SHARD = 100
CROPPED_IMAGES_KEPT = 2000
SIMILAR_IMAGES = 3
"""So many similar images are asked what their captions tell."""

COLUMNS = ("text_hash", "body")


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Suggest for the most urgent captions first, a hundred per shard."""
    from curation.suggesters.batch import TextCache, suggest_batch

    facts = shards.read_facts(folder)
    rows = shards.read_json(folder / "captions.json")
    vectors = Gallery(folder, facts) if facts["encoder"] else None
    known = _known(folder, facts, vectors)
    embed: TextCache | None = TextCache(vectors.texts) if vectors else None
    for start in range(0, len(rows), CAPTIONS_PER_SHARD):
        part, name = rows[start : start + CAPTIONS_PER_SHARD], f"{facts['token']}-{start:08d}"
        if not shards.is_finished(folder, name):
            able = [row for row in part if row["body"]]
            if vectors is not None:
                vectors.crop_ahead(row["own"] for row in able)
            contexts = [_context(row, vectors, known) for row in able]
            found = suggest_batch(contexts, embed, settings=facts["suggesters"], delta=facts["delta"])
            by_caption = {row["id"]: one for row, one in zip(able, found, strict=True)}
            shards.finish_shard(folder, name, found=[_entry(row, by_caption.get(row["id"], [])) for row in part])
        yield Progress(start + len(part), len(rows), shard=name, note=_note(known.gates.dropped))


def _note(dropped: Counter[str]) -> str:
    """Say what is counted, and what the gates have kept back so far: nobody sees it otherwise."""
    kept_back = ", ".join(f"{reason.replace(':', ' ')} {count}" for reason, count in dropped.most_common())
    return f"captions; kept back: {kept_back}" if kept_back else "captions"


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: Args) -> None:
    """Replace the suggestions of one shard's captions."""
    groups: dict[tuple[str, str], list[tuple[str, str, list[Suggestion]]]] = {}
    for one in shards.receipt(folder, shard)["found"]:
        suggestions = [_suggestion(fields) for fields in one["suggestions"]]
        entry = (one["id"], one["revision_id"], suggestions)
        groups.setdefault((one["encoder"], one["settings"]), []).append(entry)
    for (encoder, key), found in groups.items():
        scores.put_suggestions(store, found, encoder=encoder, settings=key)


@job_kind("suggest", title="Suggest finer texts", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Seek rewrites and attributes for the captions in those queues, then ahead for the likeliest coarse ones."""
    encoder, splits = settings.get(store, "encoder"), settings.get(store, "review_splits")
    ahead, sensitive = settings.get(store, "suggest_ahead"), settings.get(store, "sensitive_words")
    chosen = settings.get(store, "suggesters")
    ways = _suggesters(chosen)
    gallery = {split: image_vectors(store, workspace, encoder, split) for split in splits}
    place = {image: row for row, image in enumerate(i for images in gallery.values() for i in images.ids)}
    known, analysed = scores.sought(store), analyses.of_splits(store, splits, PIPELINE)
    bodies = dict(zip(analysed["text_hash"].to_pylist(), analysed["body"].to_pylist(), strict=True))
    rows, sought = [], scores.to_suggest_for(store, splits, ahead).to_pylist()
    detected = objects.of_images(store, [row["image_id"] for row in sought])
    for row in sought:
        body = bodies.get(row["text_hash"])
        row["encoder"] = encoder if row["image_id"] in place else ""
        row["objects"] = detected.get(row["image_id"], [])
        key = {"suggesters": ways, "analysed": body is not None, "pipeline": PIPELINE, "words": sensitive}
        row["settings"] = scores.settings_key(key | ({"objects": row["objects"]} if row["objects"] else {}))
        if known.get(row["id"]) != (row["revision_id"], row["encoder"], row["settings"]):
            rows.append(row | {"body": body, "own": place.get(row["image_id"], -1)})
    if rows:
        _add_siblings(store, rows, bodies)
        for row in rows:
            row["rivals"] = [place[image] for image in row["rivals"] if image in place]
        shards.write_table(folder / "bodies.feather", analysed)
        shards.write_json(folder / "told_by.json", _told_by(store, splits, place))
        _write_inputs(store, workspace, folder, rows, [images.rows for images in gallery.values() if images.ids])
    delta = measured_delta(store, workspace, encoder) if rows else None
    used = encoder if place else ""
    device = settings.get(store, "device")
    more = {"sensitive_words": sensitive, "suggesters": chosen, "token": uuid.uuid4().hex[:10]}
    shards.write_facts(folder, encoder=used, device=device, delta=delta, **more)
    return len(rows)


class Known(NamedTuple):
    """What the workspace's captions tell: their words and how rare these are, and which attributes they give to
    which nouns, how often; their analyses by text hash, and the captions (id, text hash) of each gallery row; and what
    nobody may see.
    """

    words: frozenset[str]
    fluency: Fluency
    analyses: dict[str, Analysis]
    told_by: dict[str, list[tuple[str, str]]]
    idf: Idf
    gates: Gates


def _known(folder: Path, facts: dict[str, Any], vectors: Gallery | None) -> Known:
    from curation.suggesters.fluency import count
    from curation.suggesters.gates import Gates
    from curation.text.analysis import Analysis
    from curation.text.idf import fit_idf

    table = shards.read_table(folder / "bodies.feather")
    bodies = {name: json.loads(body) for name, body in zip(*(table[c].to_pylist() for c in COLUMNS), strict=True)}
    analyses = {name: Analysis.from_json(body) for name, body in bodies.items()}
    told_by: dict[str, list[tuple[str, str]]] = shards.read_json(folder / "told_by.json")
    context = {"context_length": vectors.encoder.context_length} if vectors else {}
    gates = Gates.of_setting(facts["sensitive_words"], **context)
    words = frozenset[str](shards.read_json(folder / "words.json"))
    idf = fit_idf(body["text"] for body in bodies.values())
    return Known(words, count(analyses.values()), analyses, told_by, idf, gates)


class Gallery:
    """The images of the reviewed splits as a worker sees them: vectors by row, and crops made when needed."""

    def __init__(self, folder: Path, facts: dict[str, Any]) -> None:
        self.encoder: Encoder = load(facts["encoder"], facts["device"])
        self._rows = shards.read_array(folder / "gallery.npy")
        self._files: dict[str, str] = shards.read_json(folder / "files.json")
        self._crops: OrderedDict[int, NDArray[np.float32]] = OrderedDict()
        self._sizes: dict[int, tuple[int, int]] = {}

    def __getitem__(self, rows: int | list[int]) -> NDArray[np.float32]:
        return np.asarray(self._rows[rows], dtype=np.float32)

    def similar(self, row: int) -> list[int]:
        """Return the images most similar to one, the most similar first."""
        likeness = np.asarray(self._rows @ self._rows[row], dtype=np.float32)
        likeness[row] = -np.inf
        return [int(n) for n in np.argsort(-likeness, kind="stable")[:SIMILAR_IMAGES] if n != row]

    def texts(self, texts: list[str]) -> NDArray[np.float32]:
        """Return the vectors (n, d) of texts."""
        return text_rows(texts, self.encoder)

    def crops(self, row: int) -> NDArray[np.float32] | None:
        """Return the vectors (c, d) of the parts of an image, None where its file cannot be read any more."""
        self.crop_ahead([row])
        return self._crops.get(row)

    def crop_ahead(self, rows: Iterable[int]) -> None:
        """Encode the parts of images that will be asked for, several images side by side; -1 is no image."""
        new = sorted({row for row in rows if row >= 0} - self._crops.keys())
        for row, crops in zip(new, in_threads(self._cropped, new), strict=True):
            if crops is not None:
                self._crops[row] = crops
        while len(self._crops) > CROPPED_IMAGES_KEPT:
            self._crops.popitem(last=False)

    def _cropped(self, row: int) -> NDArray[np.float32] | None:
        from curation.encoders import UnreadableImage, load_image

        try:
            picture = load_image(Path(self._files[str(row)]))
        except (UnreadableImage, KeyError):
            return None
        self._sizes[row] = picture.size
        return self.encoder.images([picture.crop(box) for box in crop_boxes(*picture.size)])

    def boxes(self, row: int) -> list[tuple[float, float, float, float]]:
        """Return where the crops of an image lie, in shares of its sides; none where it could not be read."""
        return shares(*self._sizes[row]) if row in self._sizes else []


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
        gates=known.gates,
    )
    if vectors is None or row["own"] < 0:
        return context
    return replace(
        context,
        own=vectors[row["own"]],
        rivals=vectors[row["rivals"]] if row["rivals"] else None,
        crops=vectors.crops(row["own"]),
        neighbours=_neighbours(vectors.similar(row["own"]), known),
        boxes=vectors.boxes(row["own"]),
        temperature=vectors.encoder.temperature,
    )


def _neighbours(rows: Sequence[int], known: Known) -> list[Neighbour]:
    """Return the analysed captions of images."""
    from curation.suggesters import Neighbour

    told = (one for row in rows for one in known.told_by.get(str(row), ()))
    return [Neighbour(caption, known.analyses[text]) for caption, text in told if text in known.analyses]


def _entry(row: dict[str, Any], suggestions: Sequence[Suggestion]) -> dict[str, Any]:
    fields = {name: row[name] for name in ("id", "revision_id", "encoder", "settings")}
    return fields | {"suggestions": [asdict(one) for one in suggestions]}


def _suggestion(fields: dict[str, Any]) -> Suggestion:
    spans = tuple((start, end) for start, end in fields["spans"])
    return Suggestion(**(fields | {"spans": spans}))


def _suggesters(chosen: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the settings of every suggester that will run, under which its results are kept."""
    from curation.suggesters import check_settings, suggesters

    check_settings(chosen)
    able = (plugin for plugin in suggesters if plugin.name in chosen or not plugin.facts["asked_for"])
    return {plugin.name: plugin.settings | chosen.get(plugin.name, {}) for plugin in able}


def _add_siblings(store: Store, rows: list[dict[str, Any]], bodies: dict[str, str]) -> None:
    """Give every row the analyses of the other captions of its image."""
    by_image = captions.of_images(store, sorted({row["image_id"] for row in rows}))
    for row in rows:
        others = [one for one in by_image[row["image_id"]] if one["i"] != row["i"]]
        row["siblings"] = [(one["i"], bodies[one["text_hash"]]) for one in others if one["text_hash"] in bodies]


def _told_by(store: Store, splits: Sequence[str], place: dict[str, int]) -> dict[str, list[tuple[str, str]]]:
    """Return for each gallery row the captions of its image: their ids and text hashes."""
    told: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    table = captions.in_splits(store, splits)
    for caption, image, text in zip(*(table[c].to_pylist() for c in ("id", "image_id", "text_hash")), strict=True):
        if image in place:
            told[str(place[image])].append((caption, text))
    return dict(told)


def _write_inputs(
    store: Store, workspace: Workspace, folder: Path, rows: list[dict[str, Any]], gallery: list[NDArray[Any]]
) -> None:
    shards.write_json(folder / "captions.json", rows)
    shards.write_json(folder / "words.json", captions.words(store))
    shards.write_array(folder / "gallery.npy", np.concatenate(gallery) if gallery else np.empty((0, 0), np.float32))
    images = captions.images(store, sorted({row["image_id"] for row in rows if row["own"] >= 0}))
    files = {
        str(row["own"]): str(workspace.image_path(image["root"] or "", image["file"]))
        for row in rows
        if (image := images.get(row["image_id"])) and row["own"] >= 0 and image["file"]
    }
    shards.write_json(folder / "files.json", files)
