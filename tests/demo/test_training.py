"""The parts of the training: batches, vocabulary, losses, the trimmed text pass, and two runs that must agree."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from curation.demo import train
from curation.demo.batches import CAPTIONS_EACH, SEEN, WHOLE, make_batch, seen_in_cells, siblings, some_window
from curation.demo.captions import graded
from curation.demo.evaluation import auc, crop_grid, evaluate
from curation.demo.facts import ATTRIBUTES, Facts, Mention
from curation.demo.losses import Anchors, contrast, tell_siblings
from curation.demo.network import encode_trimmed, untrained, write_config
from curation.demo.scenes import KINDS, Scene, Thing, draw_scene_facts
from curation.demo.topics import SIZES_OF_GROUPS, topics
from curation.demo.vocabulary import demo_words, write_vocabulary
from curation.demo.wording import prompt


def letters(texts: list[str]) -> np.ndarray:
    return np.array([[len(text)] for text in texts])


def test_batches_depend_on_their_seed_alone() -> None:
    first, again, other = (make_batch((1, step), 8, letters) for step in (0, 0, 1))
    for name in ("pictures", "tokens", "truth", "group", "cells", "topics_shown", "topics_said"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert not np.array_equal(first.pictures, other.pictures)


@pytest.mark.parametrize("step", range(4))
def test_captions_are_true_of_their_picture_and_foreign_ones_of_none(step: int) -> None:
    n = 16
    batch = make_batch((2, step), n, letters)
    owned = CAPTIONS_EACH * n
    assert batch.truth[np.arange(owned), np.arange(owned) // CAPTIONS_EACH].all()
    assert not batch.truth[owned:].any()
    assert len(batch.truth) == len(batch.tokens) > owned
    assert batch.pictures.shape == (n, 96, 96, 3)
    said = batch.topics_said & ~np.repeat(batch.topics_shown, CAPTIONS_EACH, axis=0)
    sides = slice(-SIZES_OF_GROUPS[-1], None)  # a picture of three things says where the first two lie only
    said[:, sides] = False
    assert not said.any()


def test_siblings_differ_in_little() -> None:
    for seed in range(30):
        first, *others = siblings(np.random.default_rng(seed), 4)
        for other in others:
            assert len(other.things) == len(first.things)
            looks = [{(t.kind, t.colour, t.pattern) for t in scene.things} for scene in (first, other)]
            assert len(looks[0] - looks[1]) <= 2


def test_windows_lie_inside_the_picture() -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        left, top, side = some_window(draw_scene_facts(rng), rng)
        assert min(left, top) >= 0
        assert max(left, top) + side <= 1 + 1e-9


def test_cells_say_what_is_where() -> None:
    scene = Scene("lake", 0, (Thing("star", "blue", "dotted", "large", 0.2, 0.8, 0.36),))
    cells = seen_in_cells(scene, WHOLE)
    expected = [
        values.index(value)
        for values, value in zip(ATTRIBUTES.values(), ("star", "blue", "dotted", "large"), strict=True)
    ]
    assert cells[2, 0].tolist() == expected
    assert (cells[0, 2] == -1).all()
    assert 0 < SEEN < 1


def test_topics_bind_attributes_to_their_thing() -> None:
    two = topics(Facts((Mention("ball", "red"), Mention("box", "blue"))))
    swapped = topics(Facts((Mention("ball", "blue"), Mention("box", "red"))))
    assert two.sum() == swapped.sum() == 6
    assert (two & swapped).sum() == 4
    assert len(two) == sum(SIZES_OF_GROUPS)


def test_the_short_vocabulary_cuts_our_words_as_the_long_one(tmp_path: Path) -> None:
    from open_clip.tokenizer import SimpleTokenizer

    size = write_vocabulary(tmp_path / "a.txt.gz")
    write_vocabulary(tmp_path / "b.txt.gz")
    assert (tmp_path / "a.txt.gz").read_bytes() == (tmp_path / "b.txt.gz").read_bytes()
    tokeniser = SimpleTokenizer(bpe_path=str(tmp_path / "a.txt.gz"))
    assert tokeniser.vocab_size == size
    full = SimpleTokenizer()
    for word in sorted(demo_words()):
        tokens = [full.decoder[code] for code in full.encode(word)]
        assert [tokeniser.decoder[code] for code in tokeniser.encode(word)] == tokens
    assert tokeniser.decode(tokeniser.encode("an unheard-of zebra!")).strip() == "an unheard - of zebra !"


def test_the_trimmed_pass_is_the_whole_pass(tmp_path: Path) -> None:
    write_config(tmp_path)
    torch.manual_seed(0)
    model = untrained(tmp_path).eval()
    rng = np.random.default_rng(0)
    texts = [prompt(graded(draw_scene_facts(rng), grade)) for grade in (1, 2, 3, 4, 5, 5)]
    tokens = torch.from_numpy(train.tokeniser(tmp_path, 40)(texts))
    with torch.no_grad():
        torch.testing.assert_close(encode_trimmed(model, tokens), model.encode_text(tokens), atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(
            encode_trimmed(model, tokens[:1]), model.encode_text(tokens[:1]), atol=1e-5, rtol=1e-4
        )


def test_the_fast_tokeniser_is_the_slow_one(tmp_path: Path) -> None:
    import open_clip

    write_config(tmp_path)
    texts = ["A small, red ball to the left of a cube.", "an orange mug", "Unheard-of words; even so."]
    slow = open_clip.get_tokenizer(f"local-dir:{tmp_path}", bpe_path=str(tmp_path / "bpe_vocabulary.txt.gz"))
    np.testing.assert_array_equal(train.tokeniser(tmp_path, 40)(texts), slow(texts).numpy())


def test_contrast_against_the_slow_definition() -> None:
    generator = torch.Generator().manual_seed(0)
    n, scale = 3, torch.tensor(7.0)
    similarity = torch.rand((2 * n + 2, n), generator=generator)
    truth = torch.rand((2 * n + 2, n), generator=generator) < 0.3
    truth[torch.arange(2 * n), torch.arange(2 * n) // 2] = True
    truth[2 * n :] = False
    logits = (similarity * scale).numpy()
    by_text, by_image = [], []
    for i in range(2 * n):
        p = np.exp(logits[i]) / np.exp(logits[i]).sum()
        by_text.append(-np.log(p[truth[i].numpy()]).mean())
        j = i // 2
        rivals = [np.exp(logits[k, j]) for k in range(2 * n + 2) if not truth[k, j]]
        by_image.append(-np.log(np.exp(logits[i, j]) / (np.exp(logits[i, j]) + sum(rivals))))
    expected = (np.mean(by_text) + np.mean(by_image)) / 2
    assert float(contrast(similarity, truth, scale)) == pytest.approx(expected, rel=1e-5)


def test_siblings_are_told_by_one_threshold() -> None:
    truth = torch.tensor([[True, False], [True, False], [False, True], [False, True], [False, False]])
    group = torch.tensor([0, 0])
    good, bad = truth.float() * 0.6, (~truth).float() * 0.6
    scale, threshold = torch.tensor(20.0), torch.tensor(0.3)
    assert (
        tell_siblings(good, truth, group, scale, threshold)
        < 0.01
        < 1
        < tell_siblings(bad, truth, group, scale, threshold)
    )


def test_anchors_learn_and_bear_topics_that_nobody_has() -> None:
    torch.manual_seed(0)
    anchors = Anchors(16)
    rows = functional.normalize(torch.randn(4, 16), dim=1)
    held = torch.from_numpy(np.stack([topics(Facts((Mention(kind),))) for kind in KINDS[:4]]))
    optimiser = torch.optim.Adam(anchors.parameters(), lr=0.1)
    first = float(anchors.loss(rows, held).detach())
    for _ in range(20):
        optimiser.zero_grad()
        loss = anchors.loss(rows, held)
        loss.backward()
        optimiser.step()
    assert np.isfinite(first)
    assert float(loss.detach()) < first / 5


def test_auc_against_all_pairs() -> None:
    rng = np.random.default_rng(0)
    high, low = rng.integers(0, 6, 30), rng.integers(0, 5, 40)
    slow = np.mean([(a > b) + 0.5 * (a == b) for a in high for b in low])
    assert auc(high, low) == pytest.approx(slow)


def test_the_crop_grid_covers_the_picture() -> None:
    windows = np.array(crop_grid((0.5,)))
    assert windows.shape == (9, 4)
    assert windows.min() == 0
    assert windows.max() == 1
    np.testing.assert_allclose(windows[:, 2:] - windows[:, :2], 0.5)


def test_an_encoder_that_guesses_is_measured_as_one() -> None:
    rng = np.random.default_rng(0)

    def guess(items: object) -> np.ndarray:
        rows = rng.normal(size=(len(items), 8)).astype(np.float32)  # type: ignore[arg-type]
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    figures = evaluate(guess, guess, n=60)
    assert figures["recall_at_1"]["grade 5"] < 0.2
    assert figures["zero_shot"]["kind"] < 0.4
    assert 0.3 < figures["one_attribute_changed_auroc"]["all"] < 0.7


def test_two_short_runs_write_the_same_weights(tmp_path: Path) -> None:
    options = ["--steps", "2", "--batch", "8", "--look-every", "9", "--settle", "1", "--threads", "1"]
    for name in ("a", "b"):
        train.main([str(tmp_path / name), *options])
    sums = [json.loads((tmp_path / name / "checksums.json").read_text()) for name in ("a", "b")]
    assert sums[0] == sums[1]
    assert set(sums[0]) == {"bpe_vocabulary.txt.gz", "open_clip_config.json", "open_clip_model.safetensors"}
    assert json.loads((tmp_path / "a" / "training.json").read_text())["steps"] == 2


def test_learning_rate_rises_and_falls() -> None:
    rates = [train.learning_rate(step, 200, 1.0, warmup=20) for step in range(200)]
    assert np.argmax(rates) in (19, 20)
    assert rates[0] == pytest.approx(0.05)
    assert rates[-1] < 0.02
