"""HTML built from parts, so that a text can only ever be text."""

from __future__ import annotations

from html import escape
from typing import TypeAlias

from extractor.views.wording import visible


class Html(str):
    """Markup that was built here; any other string is text."""

    __slots__ = ()


Child: TypeAlias = "str | Html"


def text_of(text: str) -> Html:
    """Make a text harmless: nothing in it is markup and none of its characters acts.

    Example:
        >>> text_of("</script>")
        '&lt;/script&gt;'
    """
    return Html(escape(visible(text.replace("\r\n", "\n").replace("\r", "\n")), quote=True))


def tag(name: str, *children: Child, **attributes: str | None) -> Html:
    """Build an element; children that are not Html are escaped, and so is every attribute.

    Args:
        name: The element's name, a constant of the program.
        children: What is inside.
        attributes: Names end in an underscore where Python has the word, other underscores become hyphens; None
            leaves the attribute out.

    Returns:
        The element.

    Example:
        >>> tag("a", "<b>", class_='x"y', href="#f", title=None)
        '<a class="x&quot;y" href="#f">&lt;b&gt;</a>'
    """
    head = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    return Html(f"<{name}{head}>{join(*children)}</{name}>")


def void(name: str, **attributes: str | None) -> Html:
    """Build an element that has no inside, such as an input.

    Example:
        >>> void("input", type="checkbox", checked="")
        '<input type="checkbox" checked="">'
    """
    head = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    return Html(f"<{name}{head}>")


def join(*children: Child) -> Html:
    """Put parts one after the other, those that are text escaped.

    Example:
        >>> join(tag("b", "x"), " & y")
        '<b>x</b> &amp; y'
    """
    return Html("".join(child if isinstance(child, Html) else text_of(child) for child in children))


def _attribute(key: str, value: str) -> str:
    return f' {key.rstrip("_").replace("_", "-")}="{text_of(value)}"'
