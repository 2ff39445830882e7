"""How well an encoder knows the demo's world, on scenes it has never seen."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from curation.demo.captions import GRADES, graded, one_changed
from curation.demo.drawing import draw
from curation.demo.facts import Facts, Mention, truth_matrix
from curation.demo.scenes import BACKGROUNDS, COLOURS, KINDS, PATTERNS, Scene, draw_scene_facts
from curation.demo.wording import article, phrase, prompt

HELD_OUT: Final = 7_000_000  # seeds of held-out scenes begin here; training never uses them
DISPLAY: Final = 320
CROP_SIDES: Final = (0.5, 0.36)
Rows = NDArray[np.float32]
Images = Callable[[Sequence[Image.Image]], Rows]
Texts = Callable[[Sequence[str]], Rows]


def evaluate(images: Images, texts: Texts, n: int = 1000, temperature: float = 0.01) -> dict[str, Any]:
    """Measure everything on `n` held-out scenes of each sort; shares are in [0, 1], high is good."""
    scenes = held_out(n, 0)
    rows = images([draw(scene, DISPLAY) for scene in scenes])
    figures: dict[str, Any] = {"scenes": n, "recall_at_1": {}}
    for grade in GRADES:
        found = texts([prompt(graded(scene, grade)) for scene in scenes]) @ rows.T
        figures["recall_at_1"][f"grade {grade}"] = float(np.mean(found.argmax(axis=1) == np.arange(n)))
    figures["zero_shot"] = zero_shot(images, texts, n)
    figures["coarse_or_fine_auc"] = coarse_or_fine(texts, rows, scenes, temperature)
    figures["one_attribute_changed_auroc"] = changed_attribute(texts, rows, scenes)
    figures["colour_from_crops"] = colours_from_crops(images, texts, n=n * 2 // 5)
    return figures


def held_out(n: int, sort: int, count: int | None = None) -> list[Scene]:
    """Return `n` held-out scenes; each `sort` is a different set."""
    return [draw_scene_facts(np.random.default_rng([HELD_OUT + i, sort]), count=count) for i in range(n)]


def zero_shot(images: Images, texts: Texts, n: int) -> dict[str, float]:
    """Accuracy over all classes, one prompt each, on single-object scenes."""
    scenes = held_out(n, 1, count=1)
    rows = images([draw(scene, DISPLAY) for scene in scenes])
    tasks: dict[str, tuple[Sequence[str], list[str], list[str]]] = {
        "kind": (KINDS, [f"{article(k)} {k}" for k in KINDS], [s.things[0].kind for s in scenes]),
        "colour": (COLOURS, [f"{article(c)} {c} thing" for c in COLOURS], [s.things[0].colour for s in scenes]),
        "pattern": (PATTERNS, [f"a {p} thing" for p in PATTERNS], [s.things[0].pattern for s in scenes]),
        "size": (("small", "large"), ["a small thing", "a large thing"], [s.things[0].size for s in scenes]),
        "background": (BACKGROUNDS, [prompt(Facts((), None, b)) for b in BACKGROUNDS], [s.background for s in scenes]),
    }
    return {
        name: float(np.mean((rows @ texts(prompts).T).argmax(axis=1) == [classes.index(v) for v in answers]))
        for name, (classes, prompts, answers) in tasks.items()
    }


def coarse_or_fine(texts: Texts, rows: Rows, scenes: list[Scene], temperature: float) -> dict[str, float]:
    """AUC with which a caption's spread over the gallery tells coarse (true of 20 or more) from fine (at most 2)."""
    captions = [graded(scene, grade) for scene in scenes for grade in GRADES]
    true_of = truth_matrix(captions, scenes).sum(axis=1)
    similarity = texts([prompt(caption) for caption in captions]) @ rows.T
    own = similarity[np.arange(len(captions)), np.repeat(np.arange(len(scenes)), len(GRADES))]
    logits = similarity / temperature
    logits -= logits.max(axis=1, keepdims=True)
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    signals = {
        "entropy": -(p * np.log(np.maximum(p, 1e-12))).sum(axis=1),
        "near_ties": (similarity > own[:, None] - 0.05).sum(axis=1).astype(np.float64),
    }
    coarse, fine = true_of >= 20, true_of <= 2
    return {name: auc(value[coarse], value[fine]) for name, value in signals.items()}


def changed_attribute(texts: Texts, rows: Rows, scenes: list[Scene]) -> dict[str, float]:
    """AUROC of one minus cosine, own captions against the same with one attribute changed; per grade and over all."""
    rng = np.random.default_rng(HELD_OUT)
    figures, rights, wrongs = {}, [], []
    for grade in GRADES:
        facts = [graded(scene, grade) for scene in scenes]
        changed = [one_changed(fact, scene, rng) for fact, scene in zip(facts, scenes, strict=True)]
        right, wrong = (1 - (texts([phrase(f, rng) for f in fs]) * rows).sum(axis=1) for fs in (facts, changed))
        figures[f"grade {grade}"] = auc(wrong, right)
        rights.append(right)
        wrongs.append(wrong)
    return {**figures, "all": auc(np.concatenate(wrongs), np.concatenate(rights))}


def colours_from_crops(images: Images, texts: Texts, n: int, count: int = 3) -> dict[str, float]:
    """How often the right colour comes first for a named thing in scenes with three, by its best crop on a grid."""
    scenes = held_out(n, 2, count=count)
    pictures = [draw(scene, DISPLAY) for scene in scenes]
    windows = crop_grid()
    crops = [p.crop([round(v * DISPLAY) for v in w]) for p in pictures for w in windows]  # type: ignore[arg-type]
    parts = images(crops).reshape(n, len(windows), -1)
    whole = images(pictures)
    prompts = {k: texts([prompt(Facts((Mention(k, c),))) for c in COLOURS]) for k in KINDS}
    hits: dict[str, list[bool]] = {"crops": [], "whole": []}
    for i, scene in enumerate(scenes):
        for thing in scene.things:
            if sum(t.kind == thing.kind for t in scene.things) == 1:
                right = COLOURS.index(thing.colour)
                hits["crops"].append(int((parts[i] @ prompts[thing.kind].T).max(axis=0).argmax()) == right)
                hits["whole"].append(int((whole[i] @ prompts[thing.kind].T).argmax()) == right)
    return {name: float(np.mean(values)) for name, values in hits.items()}


def crop_grid(sides: Sequence[float] = CROP_SIDES) -> list[tuple[float, float, float, float]]:
    """Return overlapping square windows (left, top, right, bottom) in shares of the picture's side."""
    windows = []
    for side in sides:
        steps = np.linspace(0, 1 - side, int(np.ceil((1 - side) / (side / 2))) + 1)
        windows += [(float(x), float(y), float(x) + side, float(y) + side) for y in steps for x in steps]
    return windows


def auc(high: NDArray[Any], low: NDArray[Any]) -> float:
    """Chance that a value of `high` lies above one of `low`, ties counting half (Mann and Whitney, 1947).

    NaN where either is empty.
    """
    if not (len(high) and len(low)):
        return float("nan")
    ordered = np.sort(low)
    below, upto = np.searchsorted(ordered, high, "left"), np.searchsorted(ordered, high, "right")
    return float(np.mean((below + upto) / 2) / len(low))
