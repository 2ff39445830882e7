"""Suggestions on drawn scenes, whose truth is known. The scenes here were never looked at while anything was set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from curation.demo.facts import Facts, Mention, holds
from curation.demo.recipe import DemoCaption, make_demo
from curation.demo.scenes import Scene
from curation.demo.wording import COLOUR_WORDS, KIND_WORDS, PATTERN_WORDS, PLACE_WORDS, SIZE_WORDS
from curation.language import FillGaps, Remembered, check_name, load_masked_model
from curation.records import RegrainError, Suggestion
from curation.suggesters import CaptionContext, Neighbour, Sibling
from curation.suggesters.batch import suggest_batch
from curation.text.analysis import Analysis
from tests.benchmarks.bars import NotMeasured

SEED = 20_261_125
TARGETS = 250
RIVALS = 10
NEIGHBOURS = 3
READ_SCENES, READ_STEPS = 2000, 1500
"""Train scenes whose captions the language model reads, as many as the demo has, and for how many steps."""
KIND_OF = {word: kind for kind, words in KIND_WORDS.items() for word in words}
PLACE_OF = {words: place for place, several in PLACE_WORDS.items() for words in several}
MEANS = {
    "colour": {word: word for word in COLOUR_WORDS},
    "pattern": {word: value for value, words in PATTERN_WORDS.items() for word in words},
    "size": {word: value for value, words in SIZE_WORDS.items() for word in words},
}


@dataclass(frozen=True, eq=False)
class DemoCase:
    """One caption that is true of its scene, what a suggester may know of it, and which noun is which mention."""

    caption: DemoCaption
    scene: Scene
    context: CaptionContext
    mention_of: dict[tuple[int, int], int]

    def open_slots(self) -> int:
        """Return how many of colour, pattern and size the caption leaves unsaid of the things that it names."""
        said = [self.caption.facts.mentions[m] for m in self.mention_of.values()]
        return sum(getattr(mention, kind) is None for mention in said for kind in MEANS)

    def is_true(self, suggestion: Suggestion) -> bool:
        """Whether the scene bears out what a single attribute says of the thing that it was put before."""
        kind, value = suggestion.evidence["type"], _value(suggestion)
        mention = self.mention_of.get(_span(suggestion))
        if value is None or mention is None:
            return False
        facts = self.caption.facts
        said = [replace(m, **{kind: value}) if n == mention else m for n, m in enumerate(facts.mentions)]
        return holds(replace(facts, mentions=tuple(said)), self.scene)

    def is_somewhere(self, suggestion: Suggestion) -> bool:
        """Whether anything in the scene is so, whichever thing the attribute was put before."""
        value = _value(suggestion)
        return value is not None and holds(Facts((Mention(**{suggestion.evidence["type"]: value}),)), self.scene)


@dataclass(frozen=True, eq=False)
class DemoWorld:
    """The cases of one seed, and the text encoder that their vectors belong to."""

    cases: list[DemoCase]
    embed: object

    def suggest(self, **options: object) -> list[list[Suggestion]]:
        contexts = [case.context for case in self.cases]
        return suggest_batch(contexts, self.embed, limit=40, **options)  # type: ignore[arg-type]


@cache
def demo_world(seed: int = SEED, targets: int = TARGETS, split: str = "test") -> DemoWorld:
    """Draw the scenes of a demo with another seed, encode them with the shipped encoder, analyse the captions."""
    from curation.demo.drawing import draw
    from curation.demo.evaluation import DISPLAY
    from curation.encoders import load_encoder
    from curation.jobs.crops import crop_boxes, shares
    from curation.suggesters.batch import TextCache
    from curation.suggesters.fluency import count
    from curation.text.idf import fit_idf
    from curation.text.normalise import tokens
    from curation.text.parse import analyse

    try:
        encoder = load_encoder()
    except RegrainError as reason:
        raise NotMeasured(str(reason)) from reason
    plan = make_demo(seed, n_train=targets, n_test=targets, n_pool=0)
    images = [image for image in plan.images if image.split == split]
    place = {image.id: n for n, image in enumerate(images)}
    texts = [caption.text for caption in plan.captions]
    analyses = dict(zip([(c.image_id, c.i) for c in plan.captions], analyse(texts), strict=True))
    pictures = [draw(image.scene, DISPLAY) for image in images]
    gallery = encoder.images(pictures)
    crops = [encoder.images([one.crop(box) for box in crop_boxes(*one.size)]) for one in pictures]
    fluency, embed = count(analyses.values()), TextCache(encoder.texts)
    shared = CaptionContext(
        Analysis(""),
        known_words=frozenset(word for text in texts for word in tokens(text)),
        known_pairs=fluency.pairs.keys(),
        fluency=fluency,
        boxes=shares(DISPLAY, DISPLAY),
        temperature=encoder.temperature,
        idf=fit_idf(texts),
    )
    captions = [caption for caption in plan.captions if caption.image_id in place and not caption.noise]
    similarity = embed([caption.text for caption in captions]) @ gallery.T
    cases = []
    for caption, row in zip(captions, similarity, strict=True):
        own, analysis = place[caption.image_id], analyses[caption.image_id, caption.i]
        rivals = [n for n in np.argsort(-row, kind="stable").tolist() if n != own][:RIVALS]
        siblings = [Sibling(i, analyses[caption.image_id, i]) for i in range(5) if i != caption.i]
        similar = [n for n in np.argsort(-(gallery @ gallery[own]), kind="stable").tolist() if n != own][:NEIGHBOURS]
        told = [(f"{images[n].id}#{i}", analyses[images[n].id, i]) for n in similar for i in range(5)]
        context = replace(
            shared,
            analysis=analysis,
            siblings=siblings,
            own=gallery[own],
            rivals=gallery[rivals],
            crops=crops[own],
            neighbours=[Neighbour(*one) for one in told],
        )
        cases.append(DemoCase(caption, images[own].scene, context, _mentions(caption.facts, analysis)))
    return DemoWorld(cases, embed)


def insertions(world: DemoWorld | None = None) -> dict[str, float]:
    """Single attributes read from the picture, and those told by the other captions: true, and of the right thing."""
    world = world or demo_world()
    opened = sum(case.open_slots() for case in world.cases)
    seen = _singles(world, world.suggest(sources=["attribute_words"]), "rewrite")
    told = [one for one in _singles(world, world.suggest(sources=["siblings"]), "attribute") if _value(one[1])]
    several = [(case, one) for case, one in seen if len(case.scene.things) > 1 and case.is_somewhere(one)]
    covered = {(n, _span(one), one.evidence["type"]) for n, (_, one) in _numbered(world, seen)}
    return {
        "demo_open_slots": float(opened),
        "demo_seen_true": 100 * _share([case.is_true(one) for case, one in seen]),
        "demo_seen_coverage": 100 * len(covered) / opened,
        "demo_seen_right_slot": 100 * _share([case.is_true(one) for case, one in several]),
        "demo_told_true": 100 * _share([case.is_true(one) for case, one in told]),
        "demo_told_coverage": 100
        * len({(n, _span(one), one.evidence["type"]) for n, (_, one) in _numbered(world, told)})
        / opened,
    }


def masked_words() -> dict[str, float]:
    """Words that a small language model expects, which read captions of other scenes; with pictures and without."""
    world, fill = demo_world(), _masked_model()
    opened = sum(case.open_slots() for case in world.cases)
    found = _singles(world, world.suggest(sources=["masked_words"], fill_gaps=fill), "rewrite")
    covered = {(n, _span(one), one.evidence["type"]) for n, (_, one) in _numbered(world, found)}
    blind = DemoWorld([replace(case, context=replace(case.context, own=None)) for case in world.cases], None)
    told = _singles(blind, blind.suggest(sources=["masked_words"], fill_gaps=fill), "rewrite")
    weighed = _singles(world, world.suggest(sources=["attribute_words"], fill_gaps=fill), "rewrite")
    filled = {(n, _span(one), one.evidence["type"]) for n, (_, one) in _numbered(world, weighed)}
    return {
        "demo_masked_true": 100 * _share([case.is_true(one) for case, one in found]),
        "demo_masked_coverage": 100 * len(covered) / opened,
        "demo_masked_no_picture_true": 100 * _share([case.is_true(one) for case, one in told]),
        "demo_masked_fluency_true": 100 * _share([case.is_true(one) for case, one in weighed]),
        "demo_masked_fluency_coverage": 100 * len(filled) / opened,
    }


@cache
def _masked_model() -> FillGaps:
    """Train a small masked language model on train captions of a demo whose scenes nobody is asked about here."""
    from tests.language.tiny_bert import train

    plan = make_demo(SEED + 1, n_train=READ_SCENES, n_test=1, n_pool=0)
    read = {image.id for image in plan.images if image.split == "train"}
    captions = [caption.text for caption in plan.captions if caption.image_id in read and not caption.noise]
    try:
        check_name("a-name")
    except RegrainError as reason:
        raise NotMeasured(str(reason)) from reason
    with TemporaryDirectory() as folder:
        return Remembered(load_masked_model(str(train(captions, Path(folder), steps=READ_STEPS))).fill)


def neighbours() -> dict[str, float]:
    """Attributes and places that captions of similar images tell; other details are not judged here."""
    world = demo_world()
    found = _singles(world, world.suggest(sources=["neighbours"]), "rewrite")
    attributes = [case.is_true(one) for case, one in found if "slot_span" in one.evidence and _value(one)]
    places = [
        PLACE_OF[one.evidence["words"][0]] == case.scene.background
        for case, one in found
        if one.evidence["words"][0] in PLACE_OF
    ]
    return {
        "demo_neighbours_captions": 100 * len({id(case) for case, _ in found}) / len(world.cases),
        "demo_neighbours_judged": float(len(attributes) + len(places)),
        "demo_neighbours_attributes_true": 100 * _share(attributes),
        "demo_neighbours_places_true": 100 * _share(places),
    }


def colours_of_three() -> dict[str, float]:
    """The word offered first for things without a colour, in scenes with three: from crops, and without them."""
    world = demo_world()
    three = [case for case in world.cases if len(case.scene.things) == 3]
    whole = [replace(case, context=replace(case.context, crops=None)) for case in three]
    values = {}
    for name, cases in (("crops", three), ("whole_picture", whole)):
        part = DemoWorld(cases, world.embed)
        found = part.suggest(sources=["attribute_words"], settings={"attribute_words": {"listed": 0.0}})
        first: dict[tuple[int, tuple[int, int]], bool] = {}
        for n, (case, one) in _numbered(part, _singles(part, found, "attribute")):
            if one.evidence["type"] == "colour":
                first.setdefault((n, _span(one)), case.is_true(one))
        slots = sum(case.caption.facts.mentions[m].colour is None for case in cases for m in case.mention_of.values())
        values[f"demo_colour_of_three_{name}"] = 100 * sum(first.values()) / slots
    return values


def first_suggestion() -> dict[str, float]:
    """The own image's rank among ten rivals before and after the first suggestion, of all sources together."""
    world = demo_world()
    found = [next((one for one in each if one.kind == "rewrite"), None) for each in world.suggest()]
    ranks = np.array([one.evidence["rank"] for one in found if one is not None])
    coarse = ranks[ranks[:, 0] > 1]
    joined = [one.evidence["rank"][1] for each in world.suggest() for one in each if one.source == "combined"]
    return {
        "demo_suggested": 100 * len(ranks) / len(found),
        "demo_rank_before": float(np.median(ranks[:, 0])),
        "demo_rank_after": float(np.median(ranks[:, 1])),
        "demo_coarse_rank_before": float(np.median(coarse[:, 0])),
        "demo_coarse_rank_after": float(np.median(coarse[:, 1])),
        "demo_combined": float(len(joined)),
        "demo_combined_at_rank_1": 100 * _share([rank == 1 for rank in joined]),
    }


def stress() -> dict[str, float]:
    """True words that lower the agreement, confirmed by somebody who knows the scene; the paper's weights."""
    world = demo_world()
    found = world.suggest(sources=["stress_words"], settings={"stress_words": {"preset": "paper"}})
    offered = _singles(world, found, "rewrite")
    confirmed = [one for case, one in offered if case.is_true(one)]
    falls = [one.evidence["agreement"][1] - one.evidence["agreement"][0] for one in confirmed]
    return {
        "demo_stress_offered": float(len(offered)),
        "demo_stress_offered_true": 100 * len(confirmed) / max(1, len(offered)),
        "demo_stress_confirmed": float(len(confirmed)),
        "demo_stress_agreement": float(np.mean(falls)),
        "demo_stress_lowered": 100 * _share([fall < 0 for fall in falls]),
    }


def _singles(world: DemoWorld, found: list[list[Suggestion]], kind: str) -> list[tuple[DemoCase, Suggestion]]:
    return [(case, one) for case, each in zip(world.cases, found, strict=True) for one in each if one.kind == kind]


def _numbered(
    world: DemoWorld, pairs: list[tuple[DemoCase, Suggestion]]
) -> list[tuple[int, tuple[DemoCase, Suggestion]]]:
    number = {id(case): n for n, case in enumerate(world.cases)}
    return [(number[id(pair[0])], pair) for pair in pairs]


def _span(suggestion: Suggestion) -> tuple[int, int]:
    start, end = suggestion.evidence["slot_span"]
    return int(start), int(end)


def _value(suggestion: Suggestion) -> str | None:
    return MEANS.get(suggestion.evidence["type"], {}).get(suggestion.evidence["word"])


def _share(hits: list[bool]) -> float:
    return float(np.mean(hits)) if hits else float("nan")


def _mentions(facts: Facts, analysis: Analysis) -> dict[tuple[int, int], int]:
    """Return for each noun, by its place, the number of the mention that it says: the next of its kind."""
    left = dict(enumerate(facts.mentions))
    found = {}
    for noun in analysis.nouns:
        kind = KIND_OF.get(noun.lemma)
        mention = next((n for n, one in left.items() if one.kind == kind), None) if kind else None
        if mention is not None:
            found[noun.name_start, noun.end] = mention
            del left[mention]
    return found
