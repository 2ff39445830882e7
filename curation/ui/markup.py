"""HTML whose every text and attribute is escaped by construction, for what Streamlit has no element for."""

from __future__ import annotations

from html import escape


class Markup(str):
    """Finished HTML made by ``tag``: the only text that ``tag`` does not escape."""

    __slots__ = ()


VOID = frozenset({"img", "br", "hr"})


def tag(name: str, *children: str, **attributes: str | bool | None) -> Markup:
    """Return one element. Underscores in attribute names become hyphens, a trailing one is dropped.

    >>> tag("p", "1 < 2 & <b>", class_="note")
    '<p class="note">1 &lt; 2 &amp; &lt;b&gt;</p>'
    """
    opened = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    if name in VOID:
        return Markup(opened)
    return Markup(f"{opened}{''.join(_escaped(child) for child in children)}</{name}>")


def _attribute(key: str, value: str | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(value, quote=True)}"'


def _escaped(child: str) -> str:
    return child if isinstance(child, Markup) else escape(child)
