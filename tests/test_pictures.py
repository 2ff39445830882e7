"""One limit of pixels, known from the header."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from PIL import Image

from curation.pictures import MAX_PIXELS, TooManyPixels, open_picture


def test_up_to_the_limit_a_picture_opens_without_a_warning(tmp_path: Path) -> None:
    Image.new("1", (MAX_PIXELS // 10_000, 10_000)).save(tmp_path / "large.png")
    with warnings.catch_warnings(action="error"), open_picture(tmp_path / "large.png") as picture:
        assert picture.width * picture.height == MAX_PIXELS


def test_beyond_the_limit_it_says_how_many(tmp_path: Path) -> None:
    Image.new("1", (8, 6)).save(tmp_path / "a.png")
    with open_picture(tmp_path / "a.png", 48) as picture:
        assert picture.size == (8, 6)
    with pytest.raises(TooManyPixels, match="claims 8 x 6 pixels, more than the 47 that are decoded safely"):
        open_picture(tmp_path / "a.png", 47)
