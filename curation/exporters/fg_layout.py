"""The layout of MSCOCO-FG and Flickr30K-FG (SIGIR 2023): a JSON of captions and an npy of gallery names per split."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from curation.exporters import ReadBack, exporter
from curation.exporters.arrangement import (
    captions_by_image,
    gallery,
    image_name,
    known_matches,
    read_json,
    splits_with_captions,
    write_json,
)
from curation.records import Benchmark, BenchmarkCaption, RegrainError, image_id_from_name
from curation.text.normalise import fg_normalise

CAPTIONS, NAMES = "_ann.json", "_img_filenames.npy"
DROPPED = set(",.'!?\"()*#:;~")


def _read_back(folder: Path) -> ReadBack:
    found = ReadBack()
    images: dict[str, None] = {}
    for path in sorted(folder.glob(f"*{CAPTIONS}")):
        split = path.name.removesuffix(CAPTIONS)
        found.texts |= {(split, image): texts for image, texts in read_json(path).items()}
        names = np.load(folder / f"{split}{NAMES}", allow_pickle=False)
        images |= dict.fromkeys(_id(str(name)) for name in names)
    found.images = list(images)
    return found


def _id(name: str) -> str:
    """Return the id for an exported name, which may hold a folder where ids were made from paths."""
    folder, slash, _ = name.rpartition("/")
    return folder + slash + image_id_from_name(name)


def _expected_text(text: str) -> str:
    """Normalise word by word: not the code that wrote the file, so that one checks the other."""
    words: list[str] = []
    for word in text.lower().split():
        detached = word.startswith("'s") and not (word[2:3].isalnum() or word[2:3] == "_")
        if detached and words and "a" <= words[-1][-1] <= "z":
            words[-1] += word
        else:
            words.append(word)
    kept = "".join(character for character in " ".join(words) if character not in DROPPED)
    for old, new in (("-", " "), ("/", " "), ("<person>", "person")):
        kept = kept.replace(old, new)
    return " ".join(kept.split())


def _normalised(caption: BenchmarkCaption) -> str:
    text = fg_normalise(caption.text)
    if not text:
        raise RegrainError(
            f"caption {caption.id} of {caption.split} is {caption.text!r}, of which the FG layout keeps no word: "
            "give it words and freeze a new version, or export without this layout"
        )
    return text


@exporter("fg", title="FG layout", read_back=_read_back, expected_text=_expected_text, leaves_out=known_matches)
def fg(benchmark: Benchmark, folder: Path, *, suffix: str = ".jpg") -> list[Path]:
    """Write `SPLIT_ann.json` (image id -> captions, normalised) and `SPLIT_img_filenames.npy` (targets, distractors).

    Captions are lower case without punctuation, as in the published files; apostrophes go with it. `suffix` completes
    the names of images that are not held as files. Pool images judged to match a caption are left out.
    Raises ``RegrainError`` where a caption would be empty.
    """
    written = []
    for split in splits_with_captions(benchmark):
        texts = {
            image: [_normalised(caption) for caption in captions]
            for image, captions in captions_by_image(benchmark, split).items()
        }
        written.append(write_json(folder / f"{split}{CAPTIONS}", texts))
        names = np.array([image_name(image, suffix) for image in gallery(benchmark, split)], dtype=np.str_)
        path = folder / f"{split}{NAMES}"
        np.save(path, names.astype(names.dtype.newbyteorder("<")), allow_pickle=False)
        written.append(path)
    return written
