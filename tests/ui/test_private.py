"""Nothing private leaves by an address that asks nobody: Streamlit's media files have no guard."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNGUARDED = {
    "image",
    "logo",
    "audio",
    "video",
    "pdf",
    "download_button",
    "pyplot",
    "ImageColumn",
    "map",
    "write_stream",
}
"""Elements whose content Streamlit puts under ``/media/``, by a name that is a digest of the content."""


@pytest.mark.parametrize(
    "path", [ROOT / "app.py", *sorted(ROOT.glob("pages/*.py")), *sorted(ROOT.glob("curation/ui/**/*.py"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)  # fmt: skip
def test_no_page_hands_content_to_streamlits_media_route(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in UNGUARDED:
            whose = node.func.value
            of_streamlit = ast.unparse(whose) in ("st", "st.column_config")
            assert not of_streamlit, f"line {node.lineno}: use a signed address or a file made in the browser"
