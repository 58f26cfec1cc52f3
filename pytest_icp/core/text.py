"""A text in the two languages of every reader: Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese (中文) and in English; both are always there."""

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        """Return the words in one language."""
        return self.zh if lang == "zh" else self.en

    def __add__(self, other: Text) -> Text:
        """Put two texts one after the other."""
        return Text(zh=self.zh + other.zh, en=self.en + other.en)

    def format(self, **values: object) -> Text:
        """Fill the ``{placeholders}``; a value that is a `Text` speaks its own language."""
        return Text(zh=_fill(self.zh, "zh", values), en=_fill(self.en, "en", values))


def plain(words: str) -> Text:
    """Return a text that reads the same in both languages: a date, a number, a name."""
    return Text(zh=words, en=words)


def _fill(template: str, lang: Lang, values: dict[str, object]) -> str:
    spoken = {k: v[lang] if isinstance(v, Text) else v for k, v in values.items()}
    return template.format(**spoken)
