"""Which column of a table probably holds what: preselected in the screen, decided by the person."""

from __future__ import annotations

from collections.abc import Sequence

LIKELY: dict[str, tuple[str, ...]] = {
    "image": ("image", "image_name", "file_name", "filename", "filepath", "file", "path", "img", "image_id"),
    "captions": ("caption", "captions", "text", "texts", "sentence", "sentences", "raw", "old_raw", "original"),
    "number": ("i", "number", "comment_number", "caption_number"),
    "new_text": ("new_text", "new", "modified"),
    "split_column": ("split",),
    "language_column": ("language", "lang"),
    "generated_column": ("generated", "is_generated"),
    "id_column": ("source_id", "caption_id", "sentid", "id"),
}


def guess_columns(columns: Sequence[str]) -> dict[str, str]:
    """Return settings of the ``table`` importer for the columns whose names give them away.

    >>> guess_columns(["image", "i", "old_raw", "old_norm", "new", "changed"])
    {'image': 'image', 'captions': 'old_raw', 'number': 'i', 'new_text': 'new'}
    """
    by_name = {column.strip().lower(): column for column in reversed(columns)}
    guessed = {}
    for setting, names in LIKELY.items():
        name = next((name for name in names if name in by_name), None)
        if name is not None:
            guessed[setting] = by_name[name]
    return guessed
