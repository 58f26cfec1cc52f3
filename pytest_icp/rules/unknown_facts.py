"""Finds facts in policies that no description has, and words that a fact never takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.files.properties import allows, members, property_at
from pytest_icp.facts.files.wording import either, show
from pytest_icp.law.condition import KEYWORDS
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import CONDITIONS, Field, Path, fields, join_path
from pytest_icp.rules.policy import Obligation, decided

_DESCRIPTION = "description"
_NO_FACT = Text(
    zh="描述中没有事实“{path}”，本项永远无法判断",
    en="no description has the fact {path!r}, so this can never be decided",
)
_NO_WORD = Text(zh="“{path}”不会是 {word}", en="{path!r} is never {word}")
_KNOWN = Text(zh="此处可用：{known}", en="allowed here: {known}")


class Unknown(Struct, frozen=True):
    """A fact or word that no description has, by its path in the obligation.

    ``code`` is the name that `lint` gives it.
    """

    code: Literal["unknown-fact", "unknown-word"]
    path: Path
    message: Text
    hint: Text


def refuse_unknown(
    applies: Json, obligations: Iterable[Obligation], place: Callable[[str], Place]
) -> None:
    """Raise `InputError` for facts that no description has: they could never be decided.

    ``applies`` is under which conditions the whole policy applies.
    """
    for one in unknown_when(applies):
        raise InputError(one.message, place=place(pointer(one.path)), hint=one.hint)
    for at, obligation in decided(obligations):
        for one in unknown_facts(obligation.written.fields):
            raise InputError(one.message, place=place(pointer((*at, *one.path))), hint=one.hint)


def unknown_when(applies: Json) -> Iterator[Unknown]:
    """Yield the unknown facts and words of the conditions under which a whole policy applies."""
    for one in _unknown(fields(applies, "Applies", {})):
        yield replace(one, path=("applies", *one.path))


def unknown_facts(obligation: Field) -> Iterator[Unknown]:
    """Yield each fact of an obligation that the schema of descriptions does not have."""
    each = obligation.get("each")
    wrong = [one for path in (each.paths if each else ()) for one in _fact(("each",), path)]
    # Below a fact that does not exist, everything else is unknown too.
    yield from wrong or _unknown(obligation)


def _unknown(whole: Field) -> Iterator[Unknown]:
    for field in whole.walk():
        if field.what in CONDITIONS:
            yield from (one for b in field.bases for one in _of_condition(field.at, field.value, b))
        else:
            yield from (one for path in field.paths for one in _fact(field.at, path))


def _of_condition(path: Path, written: Json, base: str) -> Iterator[Unknown]:
    """Yield what is wrong in a condition on the value at a dotted path."""
    if not isinstance(written, Mapping):
        yield from _word(path, written, base)
        return
    for key, value in written.items():
        here = (*path, key)
        if key == "const":
            yield from _word(here, value, base)
        elif key == "enum" and isinstance(value, Sequence):
            for i, word in enumerate(value):
                yield from _word((*here, i), word, base)
        elif key in {"anyOf", "allOf"} and isinstance(value, Sequence):
            for i, part in enumerate(value):
                yield from _of_condition((*here, i), part, base)
        elif key in {"not", "some", "every"}:
            yield from _of_condition(here, value, base)
        elif key not in KEYWORDS:
            wrong = [*_fact(here, join_path(base, key))]
            yield from wrong or _of_condition(here, value, join_path(base, key))


def _fact(path: Path, dotted: str) -> Iterator[Unknown]:
    if property_at(_DESCRIPTION, dotted):
        return
    names = dotted.split(".")
    # The first name that is wrong has neighbours to be compared with.
    i = next(
        i for i in range(len(names)) if property_at(_DESCRIPTION, ".".join(names[: i + 1])) is None
    )
    known = members(_DESCRIPTION, ".".join(names[:i])).names
    hint = suggested(names[i], known, _listed(known))
    yield Unknown("unknown-fact", path, _NO_FACT.format(path=dotted), hint)


def _word(path: Path, word: Json, base: str) -> Iterator[Unknown]:
    known = property_at(_DESCRIPTION, base)
    if known is None or allows(_DESCRIPTION, base, word):
        return
    words = [*map(str, (*members(_DESCRIPTION, base).words, *known.words))]
    hint = suggested(str(word), words, _listed(list(dict.fromkeys(words))))
    message = _NO_WORD.format(path=base, word=show(word))
    yield Unknown("unknown-word", path, message, hint)


def _listed(known: Sequence[str]) -> Text:
    return _KNOWN.format(known=either(known)) if known else Text("", "")
