"""A page of explanation: headings, paragraphs and rows, in one language or both, wrapped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pytest_icp.law.text import Lang, Text
from pytest_icp.reports.layout import inert, pad, width, wrap
from pytest_icp.reports.words import Language, in_languages

_WIDEST = 34


class Page(Struct, frozen=True):
    """Lays out texts in the selected languages, within so many columns."""

    language: Language
    columns: int

    def heading(self, text: Text) -> Iterator[str]:
        """Yield a heading, after an empty line."""
        yield ""
        yield from wrap(inert(in_languages(text, self.language)), self.columns)

    def text(self, text: Text, indent: int = 2) -> Iterator[str]:
        """Yield a text, its paragraphs kept, once for each language."""
        lead = " " * indent
        for lang in self._langs(text):
            for paragraph in text[lang].strip().split("\n"):
                yield from wrap(lead + inert(paragraph), self.columns, indent=lead)

    def row(self, label: Text, text: Text, indent: int = 2) -> Iterator[str]:
        """Yield ``label: text`` once for each language; later lines hang two columns in."""
        lead = " " * indent
        for lang in self._langs(label + text):
            colon = "：" if lang == "zh" else ": "
            line = f"{lead}{label[lang]}{colon}{inert(text[lang])}"
            yield from wrap(line, self.columns, indent=lead + "  ")

    def steps(self, steps: Sequence[Text], indent: int) -> Iterator[str]:
        """Yield numbered steps."""
        for i, step in enumerate(steps, start=1):
            lead = f"{' ' * indent}{i}. "
            for lang in self._langs(step):
                yield from wrap(lead + inert(step[lang]), self.columns, indent=" " * width(lead))
                lead = " " * width(lead)

    def table(self, rows: Sequence[tuple[str, str]], indent: int) -> Iterator[str]:
        """Yield two columns; a long first one has a line of its own."""
        lead = " " * indent
        room = min(_WIDEST, max((width(first) for first, _ in rows), default=0))
        for first, second in rows:
            head, hanging = inert(first), lead + " " * (room + 2)
            if width(head) > room:
                yield lead + head
                head = ""
            line = f"{lead}{pad(head, room)}  {inert(second)}"
            yield from wrap(line, self.columns, indent=hanging)

    def _langs(self, text: Text) -> Sequence[Lang]:
        if self.language != "both":
            return (self.language,)
        return ("zh",) if text.zh == text.en else ("zh", "en")
