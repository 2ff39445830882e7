"""XMAI's table: written, read back, and read by the importer as it was."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from curation.exporters.xmai_layout import write_table, xmai
from curation.importers.stage import stage
from curation.records import Benchmark


def test_an_id_of_digits_is_printed_as_xmai_does_and_any_other_plainly(toy: Benchmark, tmp_path: Path) -> None:
    written = write_table(tmp_path / "x.csv", [("000000397133", "A man.", "A tall man."), ("b", "A", "B")])
    assert written.read_text("utf-8") == (
        'image_id,original,modified\n"0    000000397133\nName: id, dtype: int64",A man.,A tall man.\nb,A,B\n'
    )


def test_a_version_holds_each_caption_as_it_was_and_as_it_is(toy: Benchmark, tmp_path: Path) -> None:
    assert [path.name for path in xmai(toy, tmp_path)] == ["val_modified.csv", "test_modified.csv"]
    assert (tmp_path / "test_modified.csv").read_text("utf-8").splitlines()[1] == "b,A shirt .,A man's T-shirt ."


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1).filter(str.strip)


@given(st.lists(st.tuples(st.integers(1, 10**11), TEXTS, TEXTS), min_size=1, max_size=6))
def test_the_importer_reads_what_was_written(tmp_path_factory, rows) -> None:
    path = write_table(tmp_path_factory.mktemp("x") / "x.csv", [(f"{n:012d}", *texts) for n, *texts in rows])
    staged = stage("xmai", path)
    read = [(row["image_id"], row["text"]) for row in staged.captions.to_pylist()]
    assert sorted(read) == sorted((f"{n:012d}", old) for n, old, _ in rows)
