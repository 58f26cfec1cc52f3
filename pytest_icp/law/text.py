"""A text in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Lang = Literal["zh", "en"]

_INNER = str.maketrans("“”", "‘’")


class Text(Struct, frozen=True):
    """The same words in Chinese (中文) and in English."""

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        """Return the words in one language."""
        return self.zh if lang == "zh" else self.en

    def __add__(self, other: Text) -> Text:
        """Concatenate two texts."""
        return Text(zh=self.zh + other.zh, en=self.en + other.en)

    def join(self, texts: Iterable[Text]) -> Text:
        """Join texts with this one between each two, as `str.join` does."""
        each = tuple(texts)
        return Text(
            zh=self.zh.join(text.zh for text in each), en=self.en.join(text.en for text in each)
        )

    def format(self, **values: object) -> Text:
        """Fill the ``{placeholders}``; a value that is a `Text` is filled in by language.

        A whole number may name what it counts: ``{n:day}`` is "1 day" or "2 days".
        """
        return Text(zh=_fill(self.zh, "zh", values), en=_fill(self.en, "en", values))


def plain(words: str) -> Text:
    """Return a text that reads the same in both languages: a date, a number, a name."""
    return Text(zh=words, en=words)


def in_quotes(words: str) -> str:
    """Return Chinese words in quotation marks; what they quote themselves has the single ones."""
    return f"“{words.translate(_INNER)}”"


def quoted(text: Text) -> Text:
    """Return a text in the quotation marks of both languages; see `in_quotes`."""
    return Text(zh=in_quotes(text.zh), en=f"“{text.en}”")


def _fill(template: str, lang: Lang, values: dict[str, object]) -> str:
    return template.format(**{name: _in_language(value, lang) for name, value in values.items()})


def _in_language(value: object, lang: Lang) -> object:
    if isinstance(value, Text):
        return value[lang]
    return _Number(value) if type(value) is int else value


class _Number(int):
    def __format__(self, spec: str) -> str:
        if not spec[-2:].isalpha() or len(spec) == 1:
            return super().__format__(spec)
        return f"{int(self)} {spec if self == 1 else plural(spec)}"


def plural(noun: str) -> str:
    """Return the plural of an English noun."""
    return f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
