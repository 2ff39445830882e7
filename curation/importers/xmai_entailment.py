"""XMAI's released file over SNLI-VE (ACL 2023): ``label,original,hypothesis,modified``, text alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curation.importers import Head, importer
from curation.importers.items import Item, NamedCaption, NamedImage
from curation.importers.reading import split_for
from curation.importers.records_of import open_table
from curation.importers.table import check_columns

COLUMNS = ["label", "original", "hypothesis", "modified"]


def _recognise(head: Head) -> int:
    return 2 * head.text.partition("\n")[0].strip().endswith(",".join(COLUMNS))


@importer("xmai_entailment", title="XMAI modified hypotheses (SNLI-VE)", recognise=_recognise)
def xmai_entailment(source: Path, *, split: str = "none") -> Iterator[Item]:
    """Read hypotheses and their modified wording, which becomes a revision; each premise stands for its image.

    The file names no images: the images are called by the row in which their premise comes first. What it says of
    premise and label is not kept, but for the row, which becomes the caption's source id.
    """
    header, rows = open_table(source)
    check_columns(source, header, COLUMNS)
    its_split = split_for(source, split)
    named: dict[str, str] = {}
    for row, record in rows:
        image = named.setdefault(record["original"], f"premise-{row:06d}")
        if image == f"premise-{row:06d}":
            yield NamedImage(image, its_split, row)
        yield NamedCaption(image, record["hypothesis"], row, source_id=str(row), new_text=record["modified"])
