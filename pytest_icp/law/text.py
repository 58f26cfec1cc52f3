"""A text in Chinese and in English; values, amounts and suggestions in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from pytest_icp.law.jsontypes import Json

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


def show(value: Json) -> str:
    """Write a value as a description would: ``true``, ``never``, ``[a, b]``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {show(part)}" for key, part in value.items()) + "}"
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return "[" + ", ".join(show(part) for part in value) + "]"
    return str(value)


UNITS: Mapping[str, Text] = {
    "days": Text("日", "day"),
    "working_days": Text("个工作日", "working day"),
    "months": Text("个月", "month"),
    "hours": Text("小时", "hour"),
    "minutes": Text("分钟", "minute"),
    "years": Text("年", "year"),
    "calendar_years": Text("个公历年度", "calendar year"),
    "persons": Text("人", "person"),
}


def counted(n: float, unit: str) -> Text:
    """Return a number with its unit: ``90 日``, ``90 days``, ``1 day``, ``10%``."""
    number = str(int(n)) if n == int(n) else f"{n:g}"
    if unit == "percent":
        return plain(f"{number}%")
    words = UNITS.get(unit)
    if words is None:
        return plain(f"{number} {unit}")
    return Text(f"{number} {words.zh}", f"{number} {words.en if n == 1 else plural(words.en)}")


_NOTHING = Text(zh="", en="")

_BEGUN = 0.5
"""The least similarity of a word to one that it begins."""


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the known word whose spelling is nearest to another; empty if none is near.

    A word is nearest to one that it begins, as ``prod`` is to ``production``. ``cutoff`` is the
    least similarity, from 0 to 1.
    """
    from difflib import get_close_matches  # of what is right, nothing is compared

    words = tuple(known)
    longer = [one for one in words if one.startswith(word)] if word.isalpha() else []
    near = get_close_matches(word, longer or words, n=1, cutoff=_BEGUN if longer else cutoff)
    return near[0] if near else ""


def suggested(word: str, known: Iterable[str], otherwise: Text = _NOTHING) -> Text:
    """Return the question that offers the nearest known word; ``otherwise`` if none is near."""
    near = nearest(word, known)
    return did_you_mean(near) if near else otherwise


def did_you_mean(word: str) -> Text:
    """Return the question whether another word was intended (是否指)."""
    return Text(zh=f"是否指 '{word}'？", en=f"did you mean '{word}'?")
