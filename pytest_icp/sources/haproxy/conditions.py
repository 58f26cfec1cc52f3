"""The conditions of HAProxy rules, and the hosts that they ask for (HAProxy 条件)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from pytest_icp.sources.statements import Spot, Statement, Word

_SNI = r"(?:req[._]ssl_sni|ssl_fc_sni)"
_FETCH = re.compile(
    rf"(?:(?:req\.)?f?hdr(?:_(?P<hdr>\w++))?\([ ]*+host(?:,-?[0-9]++)?\)|{_SNI}(?:_(?P<sni>\w++))?"
    r"|base(?:_(?P<base>\w++))?|var\((?P<var>[\w.]++)\))(?P<converters>,.*+)?",
    re.IGNORECASE,
)
_SAME = re.compile(r"(?:,(?:lower|host_only|field\(1,:\)|word\(1,:\)))*+", re.IGNORECASE)
_MAP = re.compile(r"\bmap(?:_(?P<how>beg|dom|end|reg|str|sub))?+\((?P<file>[^,()]++)")
_FLAGS_WITH_VALUE = frozenset({"-m", "-f", "-u"})
_EXACT = re.compile(r"\^((?:[\w-]|\\\.)++)\$")
_BEGINS = ("if", "unless")
_COUNTED = frozenset({"cnt", "len", "val", "ip", "int", "found", "bool"})


class Criterion(Struct, frozen=True, eq=False):
    """What an ACL or an anonymous condition asks of the host (条件).

    ``how`` compares: ``str``, ``beg``, ``dom`` and so on. ``files`` have further values, one on
    a line. ``about_host`` is False for one about anything else.
    """

    statement: Statement
    fetch: Word
    how: str
    values: Sequence[Word]
    files: Sequence[Word]
    about_host: bool

    def at(self, word: Word) -> Spot:
        """Return a value, to tell where it comes from; what is before the criterion is not told."""
        return self.statement.at(word, self.fetch)


class Term(Struct, frozen=True, eq=False):
    """A term of a condition: whether it must not hold, and the criteria, one of which holds."""

    negated: bool
    criteria: Sequence[Criterion]


def criterion(
    statement: Statement, words: Sequence[Word], variables: frozenset[str]
) -> Criterion | None:
    """Read a criterion with its flags and values; ``variables`` hold the host."""
    if not words:
        return None
    fetch = words[0]
    about, how, variable = _fetched(fetch.text)
    about = about and (variable is None or variable in variables)
    values: list[Word] = []
    files: list[Word] = []
    flags = iter(words[1:])
    for word in flags:
        if values or not word.text.startswith("-") or word.text == "-":
            values.append(word)
        elif word.text in _FLAGS_WITH_VALUE:
            given = next(flags, None)
            if given and word.text == "-f":
                files.append(given)
            elif given and word.text == "-m":
                how = given.text.lower()
    about = about and how not in _COUNTED
    if about and fetch.text[:4].lower() == "base":
        how = "base" if how in {"str", "beg"} else "sub"
    return Criterion(statement, fetch, how, values, files, about)


# Most conditions fetch the same.
@lru_cache(maxsize=1024)
def _fetched(text: str) -> tuple[bool, str, str | None]:
    """Return whether the host is fetched, how it is compared, and the variable that it is in."""
    found = _FETCH.fullmatch(text)
    if found is None:
        return False, "str", None
    if found["converters"] and not _SAME.fullmatch(found["converters"]):
        return True, "converted", found["var"]
    return True, found["hdr"] or found["sni"] or found["base"] or "str", found["var"]


def terms(
    statement: Statement, acls: Mapping[str, Sequence[Criterion]], variables: frozenset[str]
) -> Iterator[Term]:
    """Yield the terms of the condition at the end of a statement, if it has one."""
    texts = [word.text for word in statement.words]
    first = next((at for at, text in enumerate(texts) if text in _BEGINS), None)
    if first is None:
        return
    unless = texts[first] == "unless"
    at = first + 1
    while at < len(texts):
        negated = unless
        text = texts[at]
        while text.startswith("!"):
            negated, text = not negated, text[1:]
            if not text:
                at += 1
                text = texts[at] if at < len(texts) else "}"
        if text == "{":
            end = next((i for i in range(at, len(texts)) if texts[i] == "}"), len(texts))
            one = criterion(statement, statement.words[at + 1 : end], variables)
            yield Term(negated, [one] if one else [])
            at = end
        elif text not in {"||", "or", "and", "}"}:
            yield Term(negated, acls.get(text, ()))
        at += 1


def names(how: str, value: str) -> tuple[list[str], bool]:
    """Return the hosts that a value matches, and whether these are all."""
    if how == "str":
        return [value], True
    if how == "reg":
        exact = _EXACT.fullmatch(value)
        return ([exact[1].replace("\\.", ".")], True) if exact else ([], False)
    if how == "base":
        host, slash, _ = value.partition("/")
        return ([host], True) if slash and host else ([], False)
    dotted = "." in value.strip(".")
    if how in {"end", "dom"} and dotted:
        bare = value.removeprefix(".")
        below = [f"*.{bare}"]
        return (below if value != bare and how == "end" else [bare, *below]), True
    if how == "beg" and dotted and not value.endswith("."):
        return [value], False
    return [], False


def maps(text: str) -> Iterator[tuple[str, str]]:
    """Yield the files of the maps in a sample expression about the host, and how they compare."""
    for found in _MAP.finditer(text):
        yield found["file"].strip(), found["how"] or "str"
