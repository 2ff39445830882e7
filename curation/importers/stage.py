"""Stage an import: run the importer, apply the common rules, look at the pictures. Nothing is written.

The store compares what is staged with what it holds (added, already there, differs, missing, broken) and writes it in
one transaction after the person has seen the report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation.importers import Importer, OnDifference, importers
from curation.importers.columns import Columns
from curation.importers.items import ImportRefused, NamedCaption, NamedImage, Problem, quoted
from curation.importers.naming import IdRule
from curation.importers.pictures import HEADERS_UP_TO, Check, Found, PictureFolder, checker
from curation.importers.preflight import Preflight, ProblemLog, split_counts
from curation.importers.reading import readable
from curation.importers.repeats import without_repeats
from curation.records import RegrainError
from curation.registry import Plugin

if TYPE_CHECKING:
    import pyarrow as pa

TELL_EVERY = 20_000
STATUSES = ("held", "named", "missing", "unreadable")


@dataclass(frozen=True, slots=True)
class Staged:
    """What one import would bring, in file order, as Arrow tables, and the report about it.

    ``images``: id, name (as the file says it), file (below the image folder, null where not held), split,
    status (held, missing, unreadable; named where no folder was given).
    ``captions``: image_id, i, text, language, generated (null: not known), source_id (null: none).
    ``revisions``: image_id, i, text: a later wording of a staged caption, differing from it.
    ``on_difference``: what an existing caption with another text means; ``normalised``: the file's texts are lower
    case without punctuation, so that a difference by that alone is none.
    """

    importer: str
    source: Path
    folder: Path | None
    on_difference: OnDifference
    normalised: bool
    images: pa.Table
    captions: pa.Table
    revisions: pa.Table
    preflight: Preflight


def stage(
    importer: str,
    source: Path,
    *,
    settings: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    ids: IdRule = "name",
    check: Check | None = None,
    on_difference: OnDifference | None = None,
    progress: Callable[[int], None] | None = None,
) -> Staged:
    """Read ``source`` with the named importer and return what it would bring.

    Parameters
    ----------
    settings
        The importer's own keyword arguments.
    folder
        Where the pictures lie; None imports the text alone.
    ids
        ``name``: an image's id is its file name without suffix; ``path``: its whole path without suffix.
    check
        ``header`` opens every picture without decoding it, ``exists`` looks at existence and size; None chooses
        ``header`` for up to 20,000 images.
    on_difference
        Overrides what the importer says of existing captions with another text: ``keep`` or ``revise``.
    progress
        Called with the number of items read so far.

    Raises
    ------
    ImportRefused
        The input breaks a rule; names file, row, rule and remedy.
    RegrainError
        No such importer, setting, file or folder.
    """
    plugin = importers.get(importer)
    given = _checked_settings(plugin, settings or {})
    with readable(source):
        if not source.exists():
            raise RegrainError(f"{source}: there is no such file or folder. Check the path.")
    if folder is None and plugin.facts["pictures_beside"]:
        folder = source
    with readable(source):
        columns = _collect(plugin.run(source, **given), Columns(source.name, ids, ProblemLog()), progress)
    kept, repeated = without_repeats(columns)
    columns.log.raise_if_fatal()
    _refuse_nothing(source, columns)
    revisions = _revisions(kept, columns)
    with readable(folder or source):
        found, headers_read = _pictures(columns, folder, check)
    preflight = Preflight(
        source=source.name,
        importer=plugin.title,
        images=len(found),
        **{status: sum(one.status == status for one in found) for status in STATUSES},
        splits=split_counts(columns.splits),
        captions=kept.num_rows,
        revisions=revisions.num_rows,
        empty=columns.empty,
        duplicates=repeated,
        problems=tuple(columns.log.listed),
        problem_count=columns.log.total,
        headers_read=headers_read,
    )
    return Staged(
        importer=importer,
        source=source,
        folder=folder,
        on_difference=on_difference or plugin.facts["on_difference"],
        normalised=plugin.facts["normalised"],
        images=_image_table(columns, found),
        captions=kept.drop_columns(["new_text"]),
        revisions=revisions,
        preflight=preflight,
    )


def _checked_settings(plugin: Plugin[Importer], settings: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(settings.keys() - plugin.settings.keys())
    if unknown:
        known = ", ".join(plugin.settings) or "none"
        raise RegrainError(f"importer {plugin.name!r} has no setting {unknown[0]!r} (settings: {known})")
    return dict(settings)


def _collect(items: Any, columns: Columns, progress: Callable[[int], None] | None) -> Columns:
    add_caption, add_image = columns.add_caption, columns.add_image
    for n, item in enumerate(items):
        kind = type(item)
        if kind is NamedCaption:
            add_caption(item)
        elif kind is NamedImage:
            add_image(item)
        else:
            columns.log.add(item)
        if progress is not None and n % TELL_EVERY == 0:
            progress(n)
    columns.flush()
    return columns


def _refuse_nothing(source: Path, columns: Columns) -> None:
    """Refuse a source without a single image: an import of nothing would look like one that worked."""
    if not columns.names:
        what = "folder" if source.is_dir() else "file"
        nothing = Problem(source.name, None, f"the {what} holds no record", "Check that it is the right one and whole")
        raise ImportRefused(nothing, *columns.log.listed, total=1 + columns.log.total)


def _revisions(captions: pa.Table, columns: Columns) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    new, old = captions["new_text"], captions["text"]
    differs = pc.fill_null(pc.not_equal(new, old), False)
    blank = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(pc.fill_null(new, "-"))), 0)
    for record in captions.filter(blank).select(["image_id", "i"]).to_pylist():
        rule = f"the new text of caption {record['i']} of image {quoted(record['image_id'])} is empty"
        columns.log.add(Problem(columns.file, None, rule, "The caption keeps its text", fatal=False))
    table = captions.filter(pc.and_not(differs, blank)).select(["image_id", "i", "new_text"])
    return pa.table(table.columns, names=["image_id", "i", "text"])


def _pictures(columns: Columns, folder: Path | None, check: Check | None) -> tuple[list[Found], bool]:
    if folder is None:
        return [Found("named")] * len(columns.names), False
    find = checker(PictureFolder(folder, columns.ids), check, len(columns.names))
    found = [find(name) for name in columns.names]
    for name, row, one in zip(columns.names, columns.image_rows, found, strict=True):
        if one.status == "missing":
            rule = one.rule or f"image {quoted(name)} is not in the image folder"
            remedy = one.remedy or "It is imported by name; put the file there and import again"
            columns.log.add(Problem(columns.file, row, rule, remedy, fatal=False))
        elif one.status == "unreadable":
            columns.log.add(Problem(columns.file, row, one.rule, one.remedy, fatal=False))
    return found, (check or ("header" if len(found) <= HEADERS_UP_TO else "exists")) == "header"


def _image_table(columns: Columns, found: list[Found]) -> pa.Table:
    import pyarrow as pa

    held = [one.file if one.status == "held" else None for one in found]
    values = {
        "id": columns.image_ids,
        "name": columns.names,
        "file": held,
        "split": columns.splits,
        "status": [one.status for one in found],
    }
    return pa.table({name: pa.array(column, pa.string()) for name, column in values.items()})
