"""A masked language model as it comes from a folder: what it says, and what is said where it cannot be loaded."""

from __future__ import annotations

import importlib.util
import json
import math
import shutil
from pathlib import Path

import pytest

from curation.language import Filling, Gap, Remembered, check_name, load_masked_model
from curation.records import RegrainError

pytest.importorskip("transformers", reason="the extra regrain[mlm] is not installed")

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


@pytest.fixture(scope="module")
def model(masked_model: Path):
    return load_masked_model(str(masked_model))


def test_words_that_stand_before_a_noun_in_its_captions_are_the_likeliest(model):
    balls, boxes = model.fill([Gap("a", " ball near a dog"), Gap("a dog behind a", " box")])
    assert {word for word, _ in balls.likeliest[:2]} == {"red", "orange"}
    assert {word for word, _ in boxes.likeliest[:2]} == {"wooden", "blue"}
    assert all(a >= b for (_, a), (_, b) in zip(balls.likeliest, balls.likeliest[1:], strict=False))


def test_both_ends_of_the_text_are_marked_as_the_model_learnt_it(model):
    [masked] = model._seen({model._masked(Gap("a", " ball"), (), 1): {0}})
    start, *_, end = model.tokenizer.convert_ids_to_tokens(list(masked.ids))
    assert (start, end) == ("[CLS]", "[SEP]")


def test_chances_are_those_of_the_plain_way(model):
    """One text at a time through the tokeniser's own call, pieces of a word from left to right."""
    import torch

    gap = Gap("a dog near a", " ball", ("red", "blue", "racketdog"))
    (filling,) = model.fill([gap])
    for word, chance in zip(gap.words, filling.chances, strict=True):
        pieces, log = model.tokenizer.tokenize(word), 0.0
        assert (len(pieces) > 1) == (word == "racketdog")
        for n, piece in enumerate(pieces):
            masks = " ".join(["[MASK]"] * (len(pieces) - n))
            known = model.tokenizer.convert_tokens_to_ids(pieces[:n])
            read = model.tokenizer(f"a dog near a {masks} ball", return_tensors="pt")["input_ids"][0].tolist()
            at = read.index(model.tokenizer.mask_token_id)
            read = torch.tensor([read[:at] + known + read[at:]])
            with torch.inference_mode():
                logits = model.model(input_ids=read).logits[0, at + n]
            log += float(torch.log_softmax(logits, -1)[model.tokenizer.convert_tokens_to_ids(piece)])
        assert chance == pytest.approx(math.exp(log), rel=1e-3)


def test_what_is_said_of_a_gap_does_not_depend_on_the_others(model):
    gaps = [Gap("a", " ball near a dog", ("red",)), Gap("a brown dog beside a very very long", " box", ("blue", "x"))]
    together, alone = model.fill([*gaps, gaps[0]]), [model.fill([gap])[0] for gap in gaps]
    for one, other in zip(together, [*alone, alone[0]], strict=True):
        assert one.chances == pytest.approx(other.chances, rel=1e-3)
        assert one.likeliest[0][0] == other.likeliest[0][0]


def test_an_article_that_is_left_open_gives_no_first_letter_away(model):
    near, ball, orange = "a dog near", " ball", ("orange",)
    gaps = [Gap(f"{near} a", ball, orange), Gap(f"{near} an", ball, orange), Gap(near, ball, orange, article=True)]
    told, an, open_ = model.fill(gaps)
    assert told.chances[0] < open_.chances[0] < an.chances[0]


def test_a_long_text_is_cut_around_the_gap(model):
    near = [Gap("a dog near a" * 40 + " a", " ball", ("red",)), Gap("a", " ball" + " near a dog" * 80, ("red",))]
    assert all(filling.chances[0] > 0 for filling in model.fill(near))
    assert max(len(model._masked(gap, (), 1).ids) for gap in near) <= 62


def test_words_that_cannot_be_written_and_marks_in_a_text_are_no_error(model):
    (filling,) = model.fill([Gap("a [MASK] dog [SEP]", " ball", ("☃", "red"))])
    assert filling.chances[0] == 0 and filling.chances[1] > 0
    assert all(word.isalpha() for word, _ in filling.likeliest)


def test_each_gap_is_asked_about_once_and_the_oldest_is_forgotten():
    asked: list[Gap] = []

    def ask(gaps):
        asked.extend(gaps)
        return [Filling(((gap.left, 1.0),)) for gap in gaps]

    a, b, c = (Gap(name, "") for name in "abc")
    remembered = Remembered(ask, capacity=2)
    assert [filling.likeliest[0][0] for filling in remembered([a, b, a])] == ["a", "b", "a"]
    remembered([a]), remembered([c]), remembered([b])  # b was not asked for longest
    assert asked == [a, b, c, b]


def test_a_folder_that_holds_no_model_is_named(tmp_path):
    with pytest.raises(RegrainError, match=r"config\.json is missing.*save_pretrained"):
        load_masked_model(str(tmp_path))
    with pytest.raises(RegrainError, match="is neither a folder nor a name of the hub"):
        check_name("two words")


def test_a_folder_that_holds_something_else_is_refused(tmp_path, masked_model):
    shutil.copytree(masked_model, tmp_path / "torn")
    (tmp_path / "torn" / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(RegrainError, match="could not be loaded"):
        load_masked_model(str(tmp_path / "torn"))
    shutil.copytree(masked_model, tmp_path / "other")
    config = json.loads((masked_model / "config.json").read_text())
    (tmp_path / "other" / "config.json").write_text(json.dumps(config | {"model_type": "gpt2"}))
    with pytest.raises(RegrainError):
        load_masked_model(str(tmp_path / "other"))


def test_a_model_whose_head_was_never_trained_is_refused(tmp_path, masked_model):
    from transformers import BertModel

    shutil.copytree(masked_model, tmp_path / "headless")
    BertModel.from_pretrained(masked_model).save_pretrained(tmp_path / "headless")
    with pytest.raises(RegrainError, match="lacks weights of a masked language model"):
        load_masked_model(str(tmp_path / "headless"))


def test_a_model_out_of_reach_is_named_within_seconds(monkeypatch, tmp_path):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", NOWHERE)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(RegrainError, match=f"bert-base-uncased is not on this computer.*{NOWHERE}"):
        load_masked_model("bert-base-uncased")


def test_the_extra_is_named_where_the_package_is_missing(monkeypatch):
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *_: None if name == "transformers" else there(name))
    with pytest.raises(RegrainError, match=r"bert-base-uncased needs the package transformers.*regrain\[mlm\]"):
        load_masked_model("bert-base-uncased")
