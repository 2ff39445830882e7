"""Theme, frame, cards and charts: one source for colours, text that stays text, a menu of what is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from streamlit import config

from curation.ui import cards, charts, frame, theme
from curation.ui.markup import tag

HOSTILE = '<img src=x onerror="alert(1)"> **bold** [a](javascript:b) :red[x] $y$'


def test_config_file_follows_the_tokens() -> None:
    assert theme.CONFIG.read_text(encoding="utf-8") == theme.config_toml(), "run `python -m curation.ui.theme`"


def test_every_setting_is_known_to_this_streamlit() -> None:
    """`runner.postScriptGC` is hidden in Streamlit: without this test its loss would go unseen."""
    known = config.get_config_options(force_reparse=True)
    for section, values in _flat(tomllib.loads(theme.config_toml())):
        for name in values:
            assert f"{section}.{name}" in known
    assert known["runner.postScriptGC"].value is False


def _flat(table: dict[str, object], prefix: str = "") -> list[tuple[str, dict[str, object]]]:
    found = []
    for name, value in table.items():
        if isinstance(value, dict):
            path = f"{prefix}{name}"
            found.append((path, {k: v for k, v in value.items() if not isinstance(v, dict)}))
            found += _flat({k: v for k, v in value.items() if isinstance(v, dict)}, f"{path}.")
    return found


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_colours_are_readable(mode: theme.Mode) -> None:
    """WCAG 2.1 AA: 4.5 to 1 for text, in both modes."""
    t = theme.tokens(mode)
    pairs = [("ink", "bg"), ("ink", "panel"), ("muted", "bg"), ("muted", "panel"), ("muted", "sunk"), ("accent", "bg")]
    pairs += [("add", "add-bg"), ("del", "del-bg"), ("warn", "warn-bg"), ("accent", "accent-soft")]
    low = {(a, b): _contrast(t[a], t[b]) for a, b in pairs if _contrast(t[a], t[b]) < 4.5}
    assert not low


def _contrast(one: str, other: str) -> float:
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_markup_escapes_text_and_attributes() -> None:
    made = tag("p", HOSTILE, tag("b", "x"), title='"><script>')
    assert "<img" not in made
    assert made.endswith("<b>x</b></p>")
    assert made.startswith('<p title="&quot;&gt;&lt;script&gt;">')


def test_markdown_is_escaped_to_the_last_sign() -> None:
    escaped = cards.escape_markdown(HOSTILE)
    assert escaped.replace("\\", "") == HOSTILE
    for sign in "<>*[]():$":
        assert escaped.count(sign) == escaped.count("\\" + sign)


def test_an_address_in_a_text_does_not_become_a_link() -> None:
    """Markdown links bare addresses after it has taken the escapes off: only what stands between keeps them apart."""
    for address in ("https://evil.test/x", "HTTP://evil.test", "www.evil.test"):
        shown = cards.escape_markdown(f"see {address}").replace("\\", "")
        assert not re.search(r"(?i)https?://|www\.", shown)
        assert shown.replace("\u2060", "") == f"see {address}"


def test_menu_shows_only_pages_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "app.py").touch()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "pool.py").touch()
    names = [entry.name for _, entries in frame.menu_entries(tmp_path) for entry in entries]
    assert names == ["home", "pool"]


def test_hover_is_escaped_wrapped_and_cut() -> None:
    words = charts.wrapped("<b>" + "long words " * 200)
    assert words.startswith("&lt;b&gt;")
    assert words.count("<br>") == charts.HOVER_LINES - 1
    assert words.endswith("…")


def test_log_bars_leave_out_zero_counts_of_the_reference() -> None:
    figure = charts.log_bars(
        ["0", "1-4"], [10, 3], x_title="N", y_title="images", reference=[0, 5], reference_name="old"
    )
    assert figure.layout.yaxis.type == "log"
    assert list(figure.data[0].y) == [10, 3]
    assert list(figure.data[1].y) == [None, 5]


def test_points_carry_ids_and_escaped_captions() -> None:
    figure = charts.points([0.1], [0.2], ids=["a/../b"], captions=[HOSTILE], values=[3], value_title="N")
    assert list(figure.data[0].customdata) == ["a/../b"]
    assert "<img" not in figure.data[0].hovertext[0]


def test_selected_ids_are_unique_and_in_order() -> None:
    event = {"selection": {"points": [{"customdata": ["b"]}, {"customdata": "a"}, {"customdata": ["b"]}, {}]}}
    assert charts.selected_ids(event) == ["b", "a"]


def test_csv_quotes_and_checks_lengths() -> None:
    assert charts.to_csv({"id": ['a,"b"'], "n": [1]}) == 'id,n\n"a,""b""",1\n'
    with pytest.raises(ValueError, match="shorter"):
        charts.to_csv({"id": ["a", "b"], "n": [1]})
