"""What every encoder that needs no network promises."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curation.demo.drawing import draw
from curation.demo.scenes import COLOURS, Scene, Thing
from curation.encoders import Encoder, UnreadableImage, encoders, load_encoder

TEXTS = ["a red ball", "a ball", "A blue striped box on a sandy beach.", "Zwölf Boxkämpfer, 東京 🎈", "", "tree " * 200]


def thing(colour: str, background: str = "lake") -> Image.Image:
    return draw(Scene(background, 0, (Thing("ball", colour, "plain", "large", 0.5, 0.5, 0.38),)), 200)


def test_the_embedded_encoder_is_registered() -> None:
    assert "regrain-scenes-1" in [plugin.name for plugin in encoders]


def test_facts(embedded: Encoder) -> None:
    assert embedded.name == "regrain-scenes-1"
    assert (embedded.dim, embedded.image_size, embedded.context_length) == (192, 96, 40)
    assert 0.009 < embedded.temperature < 0.2


def test_rows_have_length_one_and_the_order_given(embedded: Encoder) -> None:
    pictures = [thing(colour) for colour in COLOURS]
    rows, texts = embedded.images(pictures), embedded.texts(TEXTS)
    for matrix, n in ((rows, len(pictures)), (texts, len(TEXTS))):
        assert matrix.shape == (n, embedded.dim)
        assert matrix.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(embedded.images(pictures[::-1]), rows[::-1], atol=2e-5)
    np.testing.assert_allclose(embedded.texts(TEXTS[::-1]), texts[::-1], atol=2e-5)


def test_alone_as_in_company(embedded: Encoder) -> None:
    pictures = [thing(colour) for colour in COLOURS]
    np.testing.assert_allclose(embedded.images(pictures[2:3]), embedded.images(pictures)[2:3], atol=2e-5)
    np.testing.assert_allclose(embedded.texts(TEXTS[2:3]), embedded.texts(TEXTS)[2:3], atol=2e-5)


def test_nothing_gives_no_rows(embedded: Encoder) -> None:
    assert embedded.images([]).shape == (0, embedded.dim)
    assert embedded.texts([]).shape == (0, embedded.dim)


def test_paths_and_pictures_give_the_same(embedded: Encoder, tmp_path: Path) -> None:
    thing("green").save(tmp_path / "a.png")
    np.testing.assert_allclose(embedded.images([tmp_path / "a.png"]), embedded.images([thing("green")]), atol=1e-6)


def test_any_mode_and_shape_is_taken(embedded: Encoder) -> None:
    sizes = {"L": (3, 500), "RGBA": (640, 10), "1": (1, 1), "P": (9, 9)}
    odd = [Image.new(mode, size, 1) for mode, size in sizes.items()]
    assert np.isfinite(embedded.images(odd)).all()


def test_an_unreadable_path_is_named(embedded: Encoder, tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    with pytest.raises(UnreadableImage, match=r"broken\.jpg"):
        embedded.images([tmp_path / "broken.jpg"])


def test_it_sees_colours(embedded: Encoder) -> None:
    rows = embedded.images([thing(colour) for colour in COLOURS])
    prompts = embedded.texts([f"{'an' if colour[0] == 'o' else 'a'} {colour} ball" for colour in COLOURS])
    assert np.mean((rows @ prompts.T).argmax(axis=1) == np.arange(len(COLOURS))) >= 8 / 9


def test_loading_twice_gives_the_same(embedded: Encoder) -> None:
    np.testing.assert_array_equal(load_encoder().texts(TEXTS), embedded.texts(TEXTS))
