"""What many verdicts add to the fitted model: pairs of signals, grammar, and the image's other captions."""

import json
from dataclasses import replace

import numpy as np
import pytest

from curation.coarse import CoarseContext
from curation.coarse.calibration import log_loss
from curation.coarse.company import company_runs, image_means
from curation.coarse.design import Blocks
from curation.coarse.fit import RICH, FitSettings, fit
from curation.coarse.grammar import grammar_runs
from curation.coarse.model import CoarseModel, Weight, shipped_prior
from curation.coarse.score import coarse_scores, rescored, signals_of
from curation.text.parse import analyse

EARLY = replace(FitSettings(), rich_from=60)


@pytest.fixture(scope="module")
def world():
    """Captions of 80 images; this curator calls coarse what says nothing that happens, whatever the words are."""
    rng = np.random.default_rng(0)
    texts, image, coarse = [], [], []
    for n in range(80):
        for _ in range(3):
            noun, place = rng.choice(["dog", "horse", "child", "bird"]), rng.choice(["road", "beach", "hill"])
            acts = rng.random() < 0.5
            texts.append(f"a {noun} {'runs' if acts else 'is'} on the {place}")
            image.append(n)
            coarse.append(not acts)
    context = CoarseContext(texts, np.array(image), list(analyse(texts)))
    raw = {name: signal.values for name, signal in signals_of(context).items()}
    return context, raw, np.array(coarse), [one.grammar for one in context.analyses]


def fitted(world, rows, settings=EARLY):
    context, raw, coarse, grammar = world
    return fit(raw, context.texts, context.image, rows, coarse[rows], grammar=grammar, settings=settings)


def test_few_verdicts_are_given_the_simple_model(world):
    model = fitted(world, np.arange(120), FitSettings())
    assert not model.grammar and not model.pairs and not model.company
    assert "grammar" not in model.to_json()


def test_of_two_models_the_one_that_does_better_on_unseen_images_is_kept(world):
    model = fitted(world, np.arange(180))
    tried = [
        fitted(world, np.arange(180), replace(EARLY, blocks=one, rich=one)) for one in (FitSettings().blocks, RICH)
    ]
    assert model.fitted_on["auc"] in [one.fitted_on["auc"] for one in tried]
    assert model.fitted_on["blocks"] in [one.fitted_on["blocks"] for one in tried]


def test_a_rich_model_comes_back_from_json_and_scores_alike(world):
    context, raw, coarse, grammar = world
    model = fitted(world, np.arange(180), replace(EARLY, blocks=RICH))
    assert model.grammar and model.pairs and model.company and model.surroundings
    back = CoarseModel.from_json(json.loads(json.dumps(model.to_json())))
    assert back.id == model.id == fitted(world, np.arange(180), replace(EARLY, blocks=RICH)).id
    scores = rescored(model, raw, context.texts, grammar, context.image)
    np.testing.assert_array_equal(rescored(back, raw, context.texts, grammar, context.image), scores)
    np.testing.assert_allclose(coarse_scores(context, model=model).score, scores, atol=1e-12)
    assert scores[180:][coarse[180:]].mean() > scores[180:][~coarse[180:]].mean() + 0.3


def test_the_columns_of_a_fit_are_what_the_model_adds_up(world):
    """The design's matrix times the coefficients is the logit that the model gives: two ways to the same number."""
    from curation.coarse.design import Captions, design

    context, raw, _, grammar = world
    used = np.arange(30, 90)
    blocks = Blocks(least=2, wording=2.0, grammar=1.5, company=1.2, surroundings=0.8, pairs=0.4)
    prior = shipped_prior()
    base = prior.level + sum(prior.parts(raw).values())
    columns = design(Captions(raw, context.texts, context.image, grammar), used, used, base, blocks)
    coefficients = np.random.default_rng(1).normal(size=columns.columns.shape[1])
    model = columns.model(prior, coefficients, 0.7)
    some = {name: values[used] for name, values in raw.items()}
    parts = model.parts(some, [context.texts[n] for n in used], [grammar[n] for n in used], context.image[used])
    np.testing.assert_allclose(model.level + sum(parts.values()), columns.columns @ coefficients + 0.7, atol=1e-9)


def test_without_grammar_and_images_a_rich_model_steps_aside(world):
    context, raw, _, _ = world
    model = fitted(world, np.arange(180), replace(EARLY, blocks=RICH))
    parts = model.parts(raw, context.texts)
    assert {"grammar", "company", "surroundings"}.isdisjoint(parts)
    assert np.isfinite(rescored(model, raw, context.texts, [""] * len(context.texts), context.image)).all()


def test_a_pair_counts_half_for_each_of_its_signals():
    weight = Weight(0.0, 1.0, 0.0)
    model = CoarseModel(
        "fitted", {"letters": weight, "words": weight}, 0.0, pairs={"letters words": 2.0, "words words": 3.0}
    )
    z = np.tanh([0.5, -1.0])
    parts = model.parts({"letters": np.array([0.5]), "words": np.array([-1.0])})
    np.testing.assert_allclose([parts["letters"][0], parts["words"][0]], [z[0] * z[1], z[0] * z[1] + 3 * z[1] ** 2])


def test_company_is_what_the_others_tell():
    runs = company_runs(["a dog sleeps", "a brown dog", "a brown dog on a rug", "a cat"], np.array([0, 0, 0, 1]))
    assert {"=dog", "--brown", "-brown", "-rug", "-COLOUR", "=ANIMAL"} <= runs[0]
    assert "--rug" not in runs[0] and not any("brown" in run for run in runs[0] if run[0] in "=+")
    assert all(run.startswith("+") for run in runs[3])


def test_company_and_image_means_do_not_depend_on_the_order():
    texts, image = ["a dog runs", "a brown dog", "a man", "a man sits"], np.array([5, 5, 9, 9])
    order = np.array([3, 1, 0, 2])
    mixed = company_runs([texts[n] for n in order], image[order])
    assert mixed == [company_runs(texts, image)[n] for n in order]
    np.testing.assert_allclose(image_means(np.array([1.0, 3.0, 0.0, 8.0]), image), [2, 2, 4, 4])


def test_grammar_is_stored_with_the_analysis_and_read_in_runs():
    analysis = next(analyse(["a dog runs"]))
    assert analysis.grammar == "DET/DT NOUN/NN VERB/VBZ"
    assert {"< DET", "DET NOUN VERB", "VERB >"} <= grammar_runs(analysis.grammar)
    assert {"DT NN VBZ", "VBZ >"} <= grammar_runs(analysis.grammar, fine=True)
    assert grammar_runs("") == frozenset()


def test_log_loss():
    assert log_loss(np.array([0.5, 0.25]), np.array([True, False])) == pytest.approx((np.log(2) + np.log(4 / 3)) / 2)
    assert np.isfinite(log_loss(np.array([0.0]), np.array([True])))
