"""HTML elements that cannot be broken out of: whatever is not an element already is escaped."""

from __future__ import annotations

from html import escape


class Html(str):
    """Text that is safe in a page as it stands."""

    __slots__ = ()


def element(name: str, /, *content: str, **attributes: object) -> Html:
    """`element("td", "a < b", class_="wide")`; underscores in attributes' names become hyphens."""
    return Html(f"<{name}{_attributes(attributes)}>{''.join(_safe(part) for part in content)}</{name}>")


def joined(*parts: str) -> Html:
    """One element after the other."""
    return Html("".join(_safe(part) for part in parts))


def table(heads: list[str], rows: list[list[str]], num_texts: int = 1) -> Html:
    """The first `num_texts` columns hold texts, the others figures, which stand at the right."""
    kinds = ["" if place < num_texts else "figure" for place in range(len(heads))]
    head = element("tr", *(element("th", text, class_=kind) for text, kind in zip(heads, kinds, strict=True)))
    body = [
        element("tr", *(element("td", cell, class_=kind) for cell, kind in zip(row, kinds, strict=True)))
        for row in rows
    ]
    return element("div", element("table", element("thead", head), element("tbody", *body)), class_="wide")


def _safe(part: str) -> str:
    return part if isinstance(part, Html) else escape(part, quote=True)


def _attributes(attributes: dict[str, object]) -> str:
    named = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    return "".join(f' {name}="{escape(str(value), quote=True)}"' for name, value in named if value not in ("", None))
