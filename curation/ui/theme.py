"""The look, read from ``tokens.css``: one source for the Streamlit theme, the reviewer and the charts.

``python -m curation.ui.theme`` writes ``.streamlit/config.toml``; a test holds file and tokens together.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Literal

Mode = Literal["light", "dark"]

TOKENS = Path(__file__).with_name("tokens.css")
CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"

CATEGORIES = ("accent", "ink", "warn", "add", "del", "muted", "accent", "ink", "warn", "add")
"""Colours of the series of a figure. Streamlit looks for ten: with fewer, Plotly's own colours would show."""

SETTINGS = """\
# Written by `python -m curation.ui.theme` from the design tokens; change it there.

[runner]
# Off: a full garbage collection after each run holds the interpreter while people press keys.
postScriptGC = false

[server]
address = "localhost"
fileWatcherType = "none"
maxUploadSize = 512
enableAgentApi = false

[client]
showSidebarNavigation = false
toolbarMode = "minimal"
showErrorDetails = "none"
showErrorLinks = false

[browser]
gatherUsageStats = false

[theme]
font = "sans-serif"
codeFont = "monospace"
baseFontSize = 15
baseRadius = "{radius}"
headingFontSizes = ["1.6rem", "1.3rem", "1.1rem"]
headingFontWeights = [700, 600, 600]
metricValueFontSize = "1.5rem"
metricValueFontWeight = 600
showSidebarBorder = true
paddingTop = "0.25rem"
paddingBottom = "2rem"
"""


@cache
def tokens(mode: Mode = "light") -> dict[str, str]:
    """Return the design tokens of one mode by name (without ``--``); dark ones fall back on the light ones."""
    blocks = re.findall(r"\{([^}]*)\}", TOKENS.read_text(encoding="utf-8"))
    light, dark = (dict(re.findall(r"--([\w-]+):\s*([^;]+);", block)) for block in blocks[:2])
    return light if mode == "light" else light | dark


def tokens_css(selector: str) -> str:
    """Return the tokens as one CSS rule; colours follow ``color-scheme``, which Streamlit sets with its theme."""
    light, dark = tokens("light"), tokens("dark")
    lines = [
        f"--{name}: light-dark({value}, {dark[name]});" if dark[name] != value else f"--{name}: {value};"
        for name, value in light.items()
    ]
    return f"{selector} {{\n  " + "\n  ".join(lines) + "\n}\n"


def config_toml() -> str:
    """Return ``.streamlit/config.toml``: the settings that the app relies on, and both themes."""
    parts = [SETTINGS.format(radius=tokens()["radius"])]
    modes: tuple[Mode, ...] = ("light", "dark")
    for mode in modes:
        parts += [_section(f"theme.{mode}", _colours(tokens(mode)))]
        parts += [_section(f"theme.{mode}.sidebar", _sidebar(tokens(mode)))]
    return "\n".join(parts)


def _colours(t: dict[str, str]) -> dict[str, str | list[str]]:
    return {
        "primaryColor": t["accent"],
        "backgroundColor": t["bg"],
        "secondaryBackgroundColor": t["sunk"],
        "textColor": t["ink"],
        "linkColor": t["accent"],
        "borderColor": t["line"],
        "dataframeBorderColor": t["line"],
        "dataframeHeaderBackgroundColor": t["sunk"],
        "redColor": t["del"],
        "redTextColor": t["del"],
        "redBackgroundColor": t["del-bg"],
        "greenColor": t["add"],
        "greenTextColor": t["add"],
        "greenBackgroundColor": t["add-bg"],
        "orangeColor": t["warn"],
        "orangeTextColor": t["warn"],
        "orangeBackgroundColor": t["warn-bg"],
        "yellowColor": t["warn"],
        "yellowTextColor": t["warn"],
        "yellowBackgroundColor": t["warn-bg"],
        "blueColor": t["accent"],
        "blueTextColor": t["accent"],
        "blueBackgroundColor": t["accent-soft"],
        "grayColor": t["faint"],
        "grayTextColor": t["muted"],
        "grayBackgroundColor": t["sunk"],
        "chartCategoricalColors": [t[name] for name in CATEGORIES],
        "chartSequentialColors": _ramp(t["accent-soft"], t["accent"], 10),
    }


def _ramp(start: str, end: str, n: int) -> list[str]:
    """Return ``n`` hex colours from ``start`` to ``end``, evenly spaced."""
    low, high = (tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in (start, end))
    steps = [[a + (b - a) * k / (n - 1) for a, b in zip(low, high, strict=True)] for k in range(n)]
    return ["#" + "".join(f"{round(channel):02x}" for channel in step) for step in steps]


def _sidebar(t: dict[str, str]) -> dict[str, str | list[str]]:
    return {"backgroundColor": t["panel"], "secondaryBackgroundColor": t["sunk"], "borderColor": t["line"]}


def _section(name: str, values: dict[str, str | list[str]]) -> str:
    return "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()), ""])


if __name__ == "__main__":
    CONFIG.parent.mkdir(exist_ok=True)
    CONFIG.write_text(config_toml(), encoding="utf-8")
