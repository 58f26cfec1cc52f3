"""Pages of sites (网页): their visible text, and the numbers in it.

The libraries that read pages are imported when the first page with markup is read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytest_icp.law.numbers import Numbers, numbers_in

LARGEST_PART = 1024 * 1024
"""The largest style sheet or module of a page, in bytes, that is read."""


def completed(path: Path, html: str, read: Callable[[Path], bytes]) -> str:
    """Return a page with what it takes from other files: style sheets, scripts, constants."""
    suffix = path.suffix.lower()
    component = suffix in {".vue", ".jsx", ".tsx", ".svelte", ".astro"}
    lower = html.lower()
    # Some pages take nothing.
    if not (component or "stylesheet" in lower or "<script" in lower or "@import" in html):
        return html
    if component:
        from pytest_icp.facts.pages import constants

        if suffix not in {".svelte", ".astro"}:
            html = constants.with_constants(path, html, read)
        return constants.with_own_sheets(path, html, read)
    from pytest_icp.facts.pages import completing

    html = completing.with_sheets(html, path.parent, read)
    return completing.with_scripts(html, path.parent, read)


def visible_text(text_or_html: str) -> str:
    """Return the visible text of a page, without what is hidden (可见文字).

    Left out are comments, scripts, styles, titles, attributes, what ``hidden`` or a style
    hides (``display``, ``visibility``, ``opacity``, ``font-size`` 0, off the page), closed
    ``<details>`` and ``<dialog>``. Inline elements are joined without a space, others are on lines
    of their own. A plain text is returned unchanged.
    """
    if "<" not in text_or_html and "&" not in text_or_html:
        return text_or_html
    from pytest_icp.facts.pages.reading import read

    return read(text_or_html).text


def find_numbers(text_or_html: str) -> Numbers:
    """Find the numbers in the visible text of a page, a fragment or a plain text.

    Full-width forms, dashes of any width, no-break and zero-width spaces, line breaks and
    inline tags inside a number do not matter; placeholders and corrupt numbers do not count.
    """
    return numbers_in(visible_text(text_or_html))
