"""Reading pictures from disk."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from curation.encoders import UnreadableImage, load_image


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header claims a size and which then holds almost nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(sort: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + sort + data + struct.pack(">I", zlib.crc32(sort + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"hello", "cannot be read"),
        (png_claiming(40_000, 40_000), "decoded safely"),
        (png_claiming(12_000, 12_000), "decoded safely"),
        (png_claiming(30, 30), "cannot be read"),
    ],
)
def test_bad_files(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(content)
    with pytest.raises(UnreadableImage, match=rf"x\.png.*{reason}"):
        load_image(path)


def test_truncated_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    Image.effect_noise((300, 300), 80).save(path)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(UnreadableImage, match="cannot be read"):
        load_image(path)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match="does not exist"):
        load_image(tmp_path / "none.jpg")
    with pytest.raises(UnreadableImage):
        load_image(tmp_path)


def test_turned_photographs_stand_upright(tmp_path: Path) -> None:
    picture = Image.new("RGB", (40, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera turned
    picture.save(tmp_path / "x.jpg", exif=exif)
    assert load_image(tmp_path / "x.jpg").size == (20, 40)


def test_everything_becomes_rgb(tmp_path: Path) -> None:
    for mode, name in (("CMYK", "x.jpg"), ("LA", "x.png"), ("P", "x.gif"), ("I;16", "y.png")):
        Image.new(mode, (4, 4)).save(tmp_path / name)
        assert load_image(tmp_path / name).mode == "RGB"
