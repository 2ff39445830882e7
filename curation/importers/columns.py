"""Items in file order -> columns, with the rules that all formats share.

Rules: one id per image name, one split per image, one text per caption number and per source id; empty captions are
left out (their number stays used); text is kept exactly as it is, also where it is not NFC-normalised.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from curation.importers.items import NamedCaption, NamedImage, Problem, quoted
from curation.importers.naming import IDS_FROM_PATHS, IdRule, image_id, is_bare, why_refused
from curation.importers.preflight import ProblemLog
from curation.importers.reading import kind
from curation.records import Split

if TYPE_CHECKING:
    import pyarrow as pa

FLUSH_EVERY = 50_000


@dataclass(slots=True)
class Columns:
    """Images and captions collected from one file.

    ``image_of[r]``, ``number[r]`` and ``row[r]`` belong to the r-th caption; its text and the rest are in the Arrow
    ``chunks``, built every 50,000 captions so that the Python objects of a large file do not pile up.
    """

    file: str
    ids: IdRule
    log: ProblemLog
    position: dict[str, int] = field(default_factory=dict)
    by_id: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    image_ids: list[str] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    image_rows: list[int] = field(default_factory=list)
    next_number: list[int] = field(default_factory=list)
    image_of: array[int] = field(default_factory=lambda: array("i"))
    number: array[int] = field(default_factory=lambda: array("i"))
    row: array[int] = field(default_factory=lambda: array("q"))
    empty: int = 0
    chunks: list[pa.RecordBatch] = field(default_factory=list)
    _waiting: list[NamedCaption] = field(default_factory=list)

    def add_image(self, image: NamedImage) -> None:
        """Take one image; the same name may come again, with the same split or without one."""
        name, split, row = image
        known = self.position.get(name) if isinstance(name, str) else None
        if known is None:
            self._new_image(name, split, row)
        else:
            self._same_split(known, split, row)

    def add_caption(self, caption: NamedCaption) -> None:
        """Take one caption of an image that was added before."""
        try:
            place = self.position[caption.name]
        except (KeyError, TypeError):
            if self.log.fatal:
                return  # the image's name was refused, which is already noted
            raise ValueError(f"the importer yields a caption before its image {caption.name!r}") from None
        number = self.next_number[place] if caption.i is None else caption.i
        self.next_number[place] = number + 1
        text = caption.text
        if type(text) is not str:
            rule = f"caption {number} of {quoted(caption.name)} is {kind(text)}, not a text"
            self._fatal(caption.row, rule, "Correct or remove it")
        elif not text or text.isspace():
            self.empty += 1
            rule = f"caption {number} of {quoted(caption.name)} is empty"
            self.log.add(Problem(self.file, caption.row, rule, "It is left out", fatal=False))
        else:
            self.image_of.append(place)
            self.number.append(number)
            self.row.append(caption.row)
            self._waiting.append(caption)
            if len(self._waiting) >= FLUSH_EVERY:
                self.flush()

    def flush(self) -> None:
        """Turn the waiting captions into one Arrow chunk."""
        if self._waiting:
            self.chunks.append(self._chunk(self._waiting))
            self._waiting = []

    def _new_image(self, name: str, split: Split, row: int) -> None:
        refused = why_refused(name)
        if refused is not None:
            self._fatal(row, *refused)
            return
        key = image_id(name, self.ids)
        place = self.by_id.setdefault(key, len(self.names))
        self.position[name] = place
        if place == len(self.names):
            self.names.append(name)
            self.image_ids.append(key)
            self.splits.append(split)
            self.image_rows.append(row)
            self.next_number.append(0)
        else:
            self._second_name(place, name, row)
            self._same_split(place, split, row)

    def _second_name(self, place: int, name: str, row: int) -> None:
        first = self.names[place]
        if is_bare(first):
            self.names[place] = name  # "x" said no more than the id; "x.jpg" says more
        elif not is_bare(name):
            key = self.image_ids[place]
            rule = f"{first!r} (row {self.image_rows[place]:,}) and {name!r} both have the image id {key!r}"
            self._fatal(row, rule, IDS_FROM_PATHS)

    def _same_split(self, place: int, split: Split, row: int) -> None:
        before = self.splits[place]
        if before == split or split == "none":
            return
        if before == "none":
            self.splits[place] = split
            return
        rule = f"{self.names[place]!r} is in split {before} (row {self.image_rows[place]:,}) and in {split}"
        self._fatal(row, rule, "An image belongs to one split")

    def _fatal(self, row: int, rule: str, remedy: str) -> None:
        self.log.add(Problem(self.file, row, rule, remedy))

    def _chunk(self, captions: list[NamedCaption]) -> pa.RecordBatch:
        import pyarrow as pa

        _, texts, _, _, source_ids, languages, generated, new_texts = zip(*captions, strict=True)
        values: list[Any] = [texts, languages, generated, source_ids, new_texts]
        schema = chunk_schema()
        try:
            columns = [pa.array(value, column.type) for value, column in zip(values, schema, strict=True)]
        except (UnicodeEncodeError, pa.ArrowException):
            self._blame(captions)
            columns = [pa.nulls(len(captions), column.type) for column in schema]
        if any("\0" in text for text in texts) or any("\0" in text for text in new_texts if text):
            self._blame(captions)
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    def _blame(self, captions: list[NamedCaption]) -> None:
        """Note the captions with a value that is no text, or a text that no UTF-8 file or table can hold."""
        for caption in captions:
            for value in (caption.text, caption.language, caption.source_id, caption.new_text):
                if value is None:
                    continue
                rule = _why_no_text(value)
                if rule:
                    self._fatal(caption.row, f"{quoted(value)} of {quoted(caption.name)} {rule}", "Correct it")


def chunk_schema() -> pa.Schema:
    """Return the schema of the chunks: all of a caption but its image, number and row."""
    import pyarrow as pa

    return pa.schema(
        [
            ("text", pa.string()),
            ("language", pa.string()),
            ("generated", pa.bool_()),
            ("source_id", pa.string()),
            ("new_text", pa.string()),
        ]
    )


def _why_no_text(value: object) -> str:
    if not isinstance(value, str):
        return f"is {kind(value)}, not a text"
    if "\0" in value:
        return "holds a NUL character"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "holds half a surrogate pair"
    return ""
