from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest


def page() -> None:
    from curation.ui import figure_table
    from curation.ui.figure_table import Column

    figure_table.show(
        "Each <i>person</i>", (Column("Person", figures=False), Column("Items", "how many")), [["<b>bo</b>", "12"]]
    )
    figure_table.matrix(
        "Answers", "What they *are*", "One said", ["fine", "coarse"], ["fine", "coarse"], [[8, 2], [0, 0]], square=True
    )


def shown() -> list[str]:
    app = AppTest.from_function(page).run()
    assert not app.exception
    return [element.proto.body for element in app.get("html")]


def test_a_table_has_headings_for_rows_and_columns_and_shows_user_text_as_text() -> None:
    table = shown()[0]
    assert '<th scope="row" class="words" dir="auto">&lt;b&gt;bo&lt;/b&gt;</th>' in table
    assert 'scope="col" title="how many"' in table
    assert "<caption>Each &lt;i&gt;person&lt;/i&gt;</caption>" in table
    assert 'tabindex="0"' in table and 'role="region"' in table


def test_a_matrix_shades_by_the_share_of_the_row_and_marks_the_diagonal() -> None:
    table = shown()[2]
    assert "--share:0.800" in table and "80 %" in table
    assert len(re.findall('class="same"', table)) == 2
    assert "0 %" not in table.replace("80 %", "").replace("20 %", "")  # an empty row has no shares
