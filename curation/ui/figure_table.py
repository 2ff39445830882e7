"""Tables of figures as HTML that a screen reader can walk through: a caption, headings for rows and columns.

For tables of a few dozen rows at most; longer ones are ``st.dataframe``'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curation.ui import cards
from curation.ui.markup import Markup, tag


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it means, and whether it holds figures (set to the right)."""

    label: str
    help: str = ""
    figures: bool = True


def show(caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Show a table; the first cell of a row is its heading. Cells are text, or markup made by ``tag``."""
    heads = tag("tr", *(_head(column) for column in columns))
    lines = [
        tag(
            "tr",
            tag("th", row[0], scope="row", class_=None if columns[0].figures else "words", dir="auto"),
            *(
                tag("td", cell, class_=None if column.figures else "words")
                for cell, column in zip(row[1:], columns[1:], strict=True)
            ),
        )
        for row in rows
    ]
    _scrolling(caption, tag("thead", heads), tag("tbody", *lines), class_="rg-table")


def matrix(
    caption: str,
    note: str,
    corner: str,
    rows: Sequence[str],
    columns: Sequence[str],
    counts: Sequence[Sequence[float]],
    *,
    square: bool = False,
) -> None:
    """Show counts by row and column, each with its share of the row, shaded by that share, under a note that says so.

    ``square`` says that rows and columns are the same answers: the diagonal is marked as agreement.
    """
    heads = tag("tr", tag("th", corner, scope="col", class_="words"), *(tag("th", one, scope="col") for one in columns))
    lines = [
        tag(
            "tr",
            tag("th", name, scope="row", class_="words", dir="auto"),
            *(_cell(count, sum(row), same=square and at == place) for place, count in enumerate(row)),
        )
        for at, (name, row) in enumerate(zip(rows, counts, strict=True))
    ]
    cards.text(note, size="small")
    _scrolling(caption, tag("thead", heads), tag("tbody", *lines), class_="rg-table rg-matrix")


def _head(column: Column) -> Markup:
    return tag("th", column.label, scope="col", title=column.help or None, class_=None if column.figures else "words")


def _cell(count: float, whole: float, *, same: bool) -> Markup:
    share = count / whole if whole else 0.0
    words = tag("small", f"{100 * share:.0f} %") if count else tag("small", "")
    shade = f"--share:{share:.3f}" if count else None
    return tag("td", _count(count), words, style=shade, class_="same" if same else None)


def _count(count: float) -> str:
    """Return a count that may be shared out among people.

    >>> _count(1204.0), _count(2.5), _count(0)
    ('1,204', '2.5', '0')
    """
    return f"{count:,.0f}" if count == int(count) else f"{count:,.1f}"


def _scrolling(caption: str, *inside: Markup, class_: str) -> None:
    """A table that is wider than the page scrolls in itself, with the keyboard too."""
    table = tag("table", tag("caption", caption), *inside, class_=class_)
    cards.show(tag("div", table, class_="rg-scroll", role="region", aria_label=caption, tabindex="0"))
