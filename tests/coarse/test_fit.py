"""The fitted model: from the prior to the curator's own idea, versioned, calibrated, reproducible."""

import json

import numpy as np
import pytest

from curation.coarse import CoarseContext, coarse_signals
from curation.coarse.fit import fit
from curation.coarse.model import CoarseModel, shipped_prior
from curation.coarse.score import coarse_scores, rescored, signals_of
from curation.records import RegrainError

COLOURS = ("red", "green", "blue", "white")
NOUNS = ("dog", "bus", "boat", "kite", "cow", "tent", "bird", "train", "child", "horse")


@pytest.fixture(scope="module")
def world():
    """Captions of 120 images; this curator calls coarse what names no colour, with a few slips."""
    rng = np.random.default_rng(0)
    texts, image, coarse = [], [], []
    for n in range(120):
        for _ in range(3):
            noun, named = rng.choice(NOUNS), rng.random() < 0.5
            colour = f"{rng.choice(COLOURS)} " if named else ""
            texts.append(f"a {colour}{noun} stands near the {rng.choice(NOUNS)} on the road")
            image.append(n)
            coarse.append(named == (rng.random() < 0.05))
    context = CoarseContext(texts, np.array(image))
    raw = {name: signal.values for name, signal in signals_of(context).items()}
    return context, raw, np.array(coarse)


def fitted(world, rows, **more):
    context, raw, coarse = world
    return fit(raw, context.texts, context.image, rows, coarse[rows], **more)


def test_without_verdicts_it_is_the_prior(world):
    model = fitted(world, np.arange(0))
    assert model.id == shipped_prior().id
    assert model.fitted_on == {}


def test_it_moves_from_the_prior_without_a_jump(world):
    context, raw, _ = world
    prior = rescored(shipped_prior(), raw, context.texts)
    moved = [np.abs(rescored(fitted(world, np.arange(v)), raw, context.texts) - prior).mean() for v in (1, 6, 60, 300)]
    assert moved[0] < 0.1
    assert moved[-1] > moved[0]


def test_it_learns_what_the_prior_does_not_know(world):
    context, raw, coarse = world
    rows, rest = np.arange(240), np.arange(240, 360)
    score = rescored(fitted(world, rows), raw, context.texts)[rest]
    assert score[coarse[rest]].mean() > score[~coarse[rest]].mean() + 0.3


def test_the_record_states_what_it_was_fitted_on_and_how_well_it_does_on_unseen_images(world):
    model = fitted(world, np.arange(240), up_to=77)
    assert model.fitted_on["verdicts"] == 240 and model.fitted_on["up_to"] == 77
    assert model.fitted_on["auc"] > 0.85
    assert len(model.reliability) == 10
    assert sum(one["number"] for one in model.reliability) == 240


def test_the_same_verdicts_give_the_same_model_and_json_gives_it_back(world):
    model, again = fitted(world, np.arange(90)), fitted(world, np.arange(90))
    assert model.id == again.id
    assert model.id != fitted(world, np.arange(91)).id
    back = CoarseModel.from_json(json.loads(json.dumps(model.to_json())))
    assert back.id == model.id
    context, raw, _ = world
    np.testing.assert_array_equal(rescored(back, raw, context.texts), rescored(model, raw, context.texts))


def test_odd_json_is_refused():
    with pytest.raises(RegrainError, match="fit it again"):
        CoarseModel.from_json({"name": "fitted"})


def test_verdicts_of_one_kind_and_single_verdicts_can_be_fitted(world):
    context, raw, _ = world
    for rows, labels in (([0], [True]), ([0, 1, 2, 9], [False] * 4)):
        model = fit(raw, context.texts, context.image, np.array(rows), np.array(labels))
        assert np.isfinite(rescored(model, raw, context.texts)).all()
    with pytest.raises(ValueError, match="one per caption"):
        fit(raw, context.texts, context.image, np.array([0, 1]), np.array([True]))


def test_unknown_signals_add_nothing(world):
    context, raw, _ = world
    model = fitted(world, np.arange(90))
    holes = {name: np.where(np.arange(360) < 5, np.nan, values) for name, values in raw.items()}
    scores = rescored(model, holes, context.texts)
    assert np.isfinite(scores).all()
    np.testing.assert_array_equal(scores[5:], rescored(model, raw, context.texts)[5:])


def test_the_parts_of_a_score_add_up_and_say_why(world):
    context, raw, _ = world
    model = fitted(world, np.arange(240))
    parts = model.parts(raw, context.texts)
    logit = model.level + sum(parts.values())
    np.testing.assert_allclose(rescored(model, raw, context.texts), 1 / (1 + np.exp(-logit)), atol=1e-12)
    found = coarse_scores(context, model=model)
    assert found.model == model.id
    assert any(signal.name == "wording" for moved in found.moved for signal in moved)
    assert {plugin.name for plugin in coarse_signals} >= set(found.raw)


def test_the_order_of_the_captions_does_not_change_the_scores(world):
    context, raw, coarse = world
    order = np.random.default_rng(1).permutation(360)
    place = np.argsort(order)
    rows = np.arange(0, 240)
    mixed = {name: values[order] for name, values in raw.items()}
    texts = [context.texts[n] for n in order]
    model = fit(mixed, texts, context.image[order], place[rows], coarse[rows])
    np.testing.assert_allclose(
        rescored(model, mixed, texts)[place], rescored(fitted(world, rows), raw, context.texts), atol=0.03
    )
