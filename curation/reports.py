"""Figures that pages and commands show beyond what the store holds; plain values, nothing is altered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curation.records import DEMO_NAME, Job, RegrainError
from curation.session import Session
from curation.store import Store, captions, datasets, models, reports, scores, settings

if TYPE_CHECKING:
    from curation.coarse.choosing import Budget
    from curation.coarse.model import CoarseModel

EMBEDDED = settings.DEFAULTS["encoder"]
"""Name of the encoder that comes with Regrain."""

QUICK = 50_000_000
"""Similarities that are computed on the spot, in about two seconds; more of them are a job."""

HUBS_SHOWN = 24

Gain = tuple[float, float, float]
"""Difference in percentage points, with the ends of its 95 % interval."""


@dataclass(frozen=True, slots=True)
class HubnessRow:
    """Hubness and recall with one mitigation or with none ("raw"); measures as in ``curation.retrieval.hubness``.

    Recall is in percent, high = good; the measures of hubness are low = good. ``gain_1`` and ``gain_10`` are
    None for raw.
    """

    name: str
    title: str
    skewness: float
    robin_hood: float
    antihub_rate: float
    hub_rate: float
    hub_occurrence: float
    gini: float
    largest: int
    recall_1: float
    recall_10: float
    gain_1: Gain | None
    gain_10: Gain | None


@dataclass(frozen=True, slots=True)
class Hub:
    """One image that many captions reach; ``n_k_after`` is None where nothing is mitigated."""

    image_id: str
    root: str | None
    file: str | None
    n_k: int
    n_k_after: int | None
    captions: int


@dataclass(frozen=True, slots=True)
class HubnessReport:
    """The hubness of one split: N_k of every gallery image (falling), before and after one mitigation."""

    split: str
    encoder: str
    k: int
    queries: int
    gallery: int
    bank: int
    counts: list[int]
    counts_after: list[int]
    raw: HubnessRow
    mitigated: HubnessRow | None
    no_mitigation: str
    hubs: list[Hub]


@dataclass(frozen=True, slots=True)
class CoarseReport:
    """What the score of coarse captions promises: ``model`` names its weights, ``verdicts`` what they were fitted to.

    ``reliability`` holds up to ten bins of equal mass, each with mean ``predicted``, ``observed`` share and
    ``number``, for verdicts on images that the fit had not seen; empty for the shipped prior. ``auc`` is of the
    same predictions.
    """

    model: str
    verdicts: int
    auc: float | None
    reliability: tuple[dict[str, float], ...]
    waiting: int
    found: int
    budgets: list[Budget]


def coarse(store: Store, judged: Sequence[int] = ()) -> CoarseReport:
    """Return the coarse queue's promise: what judging its next ``judged`` captions finds, for one number or more.

    Without numbers, a tenth, a quarter and half of what is left. More than there are is all there are.
    """
    ahead = scores.coarse_ahead(store)
    number = ahead.num_rows
    wanted = judged or sorted({-(-number // part) for part in (10, 4, 2)})
    return coarse_promise(store, ahead, [min(one, number) for one in wanted])


def coarse_promise(store: Store, ahead: Any, judged: Sequence[int]) -> CoarseReport:
    """Return the same of captions that ``scores.coarse_ahead`` gave, none of the numbers above theirs."""
    import numpy as np

    from curation.coarse.choosing import budgets

    model = coarse_model(store)
    found = scores.found_coarse(store)
    chances = ahead["value"].to_numpy().astype(np.float64)
    return CoarseReport(
        model=model.id,
        verdicts=int(model.fitted_on.get("verdicts", 0)),
        auc=model.fitted_on.get("auc"),
        reliability=model.reliability,
        waiting=len(chances),
        found=found,
        budgets=budgets(chances, judged, already=found),
    )


def coarse_model(store: Store) -> CoarseModel:
    """Return the model that orders the queue: the latest one, or the shipped prior."""
    from curation.coarse.model import CoarseModel, shipped_prior

    kept = models.latest(store)
    return shipped_prior() if kept is None else CoarseModel.from_json(kept)


def encoder_note(store: Store) -> str:
    """Say where the embedded encoder meets pictures that it was not made for, or return the empty text."""
    foreign = [one["name"] for one in datasets.imports(store) if one["name"] != DEMO_NAME]
    if settings.get(store, "encoder") != EMBEDDED or not foreign:
        return ""
    return (
        f"the encoder {EMBEDDED} knows the demo's drawn scenes and nothing else: its ranks and suggestions for "
        f"{foreign[0]} mean little. Choose another, e.g. `regrain settings encoder=ViT-B-32/laion2b_s34b_b79k`"
    )


def hubness(
    session: Session, *, split: str = "test", k: int = 10, mitigation: str = "nnn", gallery: str = "targets"
) -> HubnessReport | Job:
    """Return the hubness of a split on the vectors that are there now, or the job that is measuring it.

    Queries are the split's captions, the gallery its captioned images, with ``targets+pool`` those and the pool;
    the mitigation draws on captions of train and val alone. Raises ``RegrainError`` where nothing of the split is
    encoded, the mitigation is not known or k is below 1.
    """
    from curation.hubness import mitigations
    from curation.jobs.kinds import hubness as kind

    mitigations.get(mitigation)
    if k < 1:
        raise RegrainError(f"k is {k}: it is a number of neighbours from 1, e.g. 10")
    store, args = session.store, {"split": split, "k": k, "mitigation": mitigation, "gallery": gallery}
    encoder, key = settings.get(store, "encoder"), kind.report_key(store, args)
    body = reports.get(store, kind.REPORT, key)
    if body is None:
        here = reports.encoded(store, [split], encoder)
        there = reports.encoded(store, kind.BANK_SPLITS, encoder)
        if (here["captions"] + there["captions"]) * (here["images"] + _pool_size(store, encoder, gallery)) > QUICK:
            return session.supervisor.add("hubness", **args)
        pairs = kind.searching(store, session.workspace, encoder, split, gallery)
        body = kind.measure(pairs, kind.bank_of(store, session.workspace, encoder), args)
        reports.put(store, kind.REPORT, key, body)
    return _report(session, body, split, encoder, k)


def hub_queries(
    session: Session, image_id: str, *, split: str = "test", k: int = 10, n: int = 20, gallery: str = "targets"
) -> list[dict[str, Any]]:
    """Return the captions that have an image among their k nearest, best rank first.

    Each has ``caption_id, text, rank, own``; ``own`` says that it is the caption's own image. Raises
    ``RegrainError`` where the image has no vector.
    """
    import numpy as np

    from curation.jobs.kinds.hubness import searching
    from curation.retrieval.ranks import ranks

    encoder = settings.get(session.store, "encoder")
    pairs = searching(session.store, session.workspace, encoder, split, gallery)
    if image_id not in pairs.gallery_ids:
        raise RegrainError(f"the image {image_id} is not among the encoded images of the split {split}: encode first")
    rows, place = np.flatnonzero(pairs.complete), pairs.gallery_ids.index(image_id)
    rank = ranks(pairs.texts[rows], pairs.gallery, np.full(len(rows), place))
    reached = [at for at in np.argsort(rank, kind="stable").tolist() if rank[at] <= k][:n]
    table = pairs.captions.take(rows[reached]).select(["id", "text", "image_id"]).to_pylist()
    return [
        {"caption_id": one["id"], "text": one["text"], "rank": int(rank[at]), "own": one["image_id"] == image_id}
        for at, one in zip(reached, table, strict=True)
    ]


def mitigation_names() -> list[tuple[str, str, str]]:
    """Return name, title and help of every mitigation of hubness."""
    from curation.hubness import mitigations

    return [(plugin.name, plugin.title, plugin.help) for plugin in mitigations]


def _pool_size(store: Store, encoder: str, gallery: str) -> int:
    return int(reports.encoded(store, ["pool"], encoder, captioned=False)["images"]) if gallery == "targets+pool" else 0


def _report(session: Session, body: dict[str, Any], split: str, encoder: str, k: int) -> HubnessReport:
    rows = [_row(row) for row in body["rows"]]
    before, after = body["counts"][0], body["counts"][1] if len(rows) > 1 else None
    largest = sorted(before, key=lambda image: (-before[image], image))[:HUBS_SHOWN]
    images, texts = captions.images(session.store, largest), captions.of_images(session.store, largest)
    missing = "" if after else "no caption of the train or val split is encoded: a mitigation draws on those alone"
    return HubnessReport(
        split=split,
        encoder=encoder,
        k=k,
        queries=body["queries"],
        gallery=body["gallery"],
        bank=body["bank"],
        counts=sorted(before.values(), reverse=True),
        counts_after=sorted(after.values(), reverse=True) if after else [],
        raw=rows[0],
        mitigated=rows[1] if after else None,
        no_mitigation=missing,
        hubs=[
            Hub(
                image,
                images[image]["root"],
                images[image]["file"],
                before[image],
                after[image] if after else None,
                len(texts[image]),
            )
            for image in largest
        ],
    )


def _row(fields: dict[str, Any]) -> HubnessRow:
    gains = {name: fields[name] and tuple(fields[name]) for name in ("gain_1", "gain_10")}
    return HubnessRow(**{name: fields[name] for name in HubnessRow.__dataclass_fields__} | gains)
