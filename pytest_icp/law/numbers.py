"""The numbers that Chinese sites print: licences, filings, police filings (编号).

======================  =========================  ============================================
licence                 经营许可证编号               京B2-20190486, 合字A1.B1.B2-20180017
certificate             ICP证 (before 2005)         京ICP证070359号
filing                  ICP备案号                   京ICP备18012699号-3, 粤B2-20090059-5
police filing           公安备案号                  京公网安备11010802026719号
======================  =========================  ============================================

A licence number with ``-N`` behind it is the filing number of the licensee's site N, not
another licence (粤B2-20090059-5 is filed under 粤B2-20090059); so it is with certificates. A
police filing keeps the site that is printed behind it (京公网安备110102000060-1).
The short names of provinces are the 31 of car plates and the four that filings use instead
(蜀, 黔, 滇, 陇).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from pytest_icp.law.divisions import SIGNS, simplified
from pytest_icp.law.folding import fold

Kind: TypeAlias = Literal["licence", "certificate", "filing", "police"]


class Occurrence(Struct, frozen=True):
    """One number in its normal form, and its offset in the text."""

    kind: Kind
    number: str
    offset: int


class NearMiss(Struct, frozen=True):
    """A text that looks like a number but is not one: as written, a suggestion, its offset."""

    written: str
    suggestion: str
    offset: int


class Numbers(Struct, frozen=True):
    """The numbers found in a text, in normal form, each once, in order of appearance.

    ``licences`` are numbers of telecom licences (经营许可证编号), also those that a filing
    number is derived from; ``certificates`` old ICP certificates (ICP证); ``filings`` numbers
    of ICP filings (ICP备案号); ``police`` those of public-security filings (公安备案号).
    ``found`` are all occurrences; ``near_misses`` are corrupt numbers.
    """

    licences: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    filings: tuple[str, ...] = ()
    police: tuple[str, ...] = ()
    found: tuple[Occurrence, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()


def numbers_in(text: str) -> Numbers:
    """Find the numbers in a plain text.

    Full-width forms, traditional characters, dashes of any width, no-break and zero-width spaces
    and line breaks inside a number do not matter; placeholders and corrupt numbers do not count.
    """
    folded = fold(text)
    text = _plain(folded.text)
    matches = sorted(_all(text), key=lambda match: match.offset)
    placed = tuple(Occurrence(f.kind, f.number, folded.origin(f.offset)) for f in matches)
    return Numbers(
        licences=_of(placed, "licence"),
        certificates=_of(placed, "certificate"),
        filings=_of(placed, "filing"),
        police=_of(placed, "police"),
        found=placed,
        near_misses=tuple(
            NearMiss(miss.written, miss.suggestion, folded.origin(miss.offset))
            for miss in _near_misses(text)
        ),
    )


def normal_form(number: str) -> str:
    """Return a number as numbers are compared: NFKC, no spaces, plain dashes, no last 号."""
    tight = "".join(_plain(fold(number).text).split())
    return re.sub("-+", "-", tight).removesuffix("号")


_PROVINCE = f"[{''.join(SIGNS)}]"
_DASHES = "−⁃─━ー"
_DASH = r"-(?:\s*-)?"


def _digits(least: int, most: int | None = None) -> str:
    """Match a run of digits of a length, or runs that make it up, wrapped over spaces."""
    more = f"{least - 1},{(most or least) - 1}"
    run = f"[0-9]{{{least},{most or least}}}(?![0-9])"
    return rf"(?:{run}|[0-9](?:\s*[0-9]){{{more}}}(?!\s*[0-9]))"


_LICENCE = re.compile(
    rf"(?:(?P<prefix>合\s*字|{_PROVINCE})\s*|(?<![A-Za-z0-9.\-]))"
    r"(?P<categories>[AB]\s*[12](?:\s*[.,、·・/&+]\s*[AB]\s*[12]){0,7})"
    rf"\s*{_DASH}\s*(?P<serial>{_digits(8)})"
)
_CERTIFICATE = re.compile(rf"{_PROVINCE}\s*I\s*C\s*P\s*证\s*(?P<serial>{_digits(6)})")
_BETWEEN = r"\s*+(?:案\s*+)?(?:号\s*+)?(?:[:第]\s*+)?"
"""What stands between the kind of a filing and its digits: 京ICP备案号：, 京公网安备第."""
_FILING = re.compile(
    rf"(?P<kind>{_PROVINCE}\s*I\s*C\s*P\s*备){_BETWEEN}"
    # Ten digits are tried first: the first eight of them would match as well.
    rf"(?P<serial>[0-9]{{10}}(?![0-9])|[0-9]{{8}}(?![0-9])|{_digits(10)}|{_digits(8)})"
)
_POLICE = re.compile(
    rf"(?P<kind>{_PROVINCE}\s*公\s*网\s*安\s*备){_BETWEEN}(?P<serial>{_digits(12, 15)})"
)
_SITE = re.compile(
    r"(?P<hao>\s*号)?(?P<before>\s*)-(?P<after>\s*)"
    r"(?P<site>[1-9][0-9]{0,3})(?![0-9]|-[0-9])(?P<letter>[A-Z](?![A-Za-z0-9]))?"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NOT_BEFORE = re.compile(
    rf"(?:[港澳台合字]|\(\s*{_PROVINCE}\s*\))\s*$"
    # what would be left of a broken list: 京A2 B1 B2-20090001
    r"|[AB]\s*[12][^\w\n]?[和及与]?[^\S\n]*\Z"
)
_LOOSE_LICENCE = re.compile(
    rf"(?:(?P<prefix>合\s*字|{_PROVINCE})\s*|(?<![A-Za-z0-9.\-]))"
    r"(?P<categories>[ABab]\s*[12lI](?:\s*[.,、·・/&+]\s*[ABab]\s*[12lI]){0,7})"
    r"\s*[-一_]\s*(?P<serial>[0-9A-Za-z]{8})(?![0-9A-Za-z])"
)
_LOOSE_FILING = re.compile(
    rf"(?P<province>{_PROVINCE})\s*(?i:icp)\s*备\s*(?P<serial>[0-9]{{8,10}})"
)
_LOOKALIKES = str.maketrans("oOQDCclIiLzZsS", "00000011112255")
_COUNTING = "123456789012345"
_ZEROS = re.compile("(?:20[0-9]{2}0{6}|0+)")
_LEAST_DIGITS = 5
_LONGEST_SPACED = 2
_NEAR = 8


def _all(text: str) -> Iterator[Occurrence]:
    for match in _LICENCE.finditer(text):
        if _is_licence(match):
            yield from _with_site("licence", match, text)
    for match in _CERTIFICATE.finditer(text):
        yield from _with_site("certificate", match, text)
    for match in _FILING.finditer(text):
        if _is_issued(match):
            yield Occurrence("filing", _filed(match) + _site(match, text), match.start())
    for match in _POLICE.finditer(text):
        if _is_issued(match):
            yield Occurrence("police", _filed(match) + _site(match, text), match.start())


def _with_site(kind: Kind, match: re.Match[str], text: str) -> Iterator[Occurrence]:
    """Yield a number and, if a site follows it, the filing number of that site."""
    if not _is_issued(match):
        return
    yield Occurrence(kind, _base(match), match.start())
    site = _site(match, text)
    if site:
        yield Occurrence("filing", _base(match) + site, match.start())


def _base(match: re.Match[str]) -> str:
    return normal_form(match.group())


def _filed(match: re.Match[str]) -> str:
    """Return the number of a filing without the words between its kind and its digits."""
    return normal_form(match["kind"] + match["serial"])


def _site(match: re.Match[str], text: str) -> str:
    """Return the site after a number: ``号-3``, ``-18``, or nothing."""
    site = _SITE.match(text, match.end())
    if site is None:
        return ""
    # 号 - 2019 and 号 - 400-…: a dash between spaces mostly separates.
    if site["before"] and site["after"] and len(site["site"]) > _LONGEST_SPACED:
        return ""
    return f"{'号' if site['hao'] else ''}-{site['site']}{site['letter'] or ''}"


def _is_licence(match: re.Match[str]) -> bool:
    """Check what a pattern cannot: categories ascend, the year is valid, no other prefix."""
    parts = _tight(match["categories"]).split(".")
    separate = all(len(part) == len("B2") for part in parts)
    if not separate or parts != sorted(set(parts)) or not _YEAR.match(_tight(match["serial"])):
        return False
    before = match.string[max(0, match.start() - _NEAR) : match.start()]
    return bool(match["prefix"]) or not _NOT_BEFORE.search(before)


def _is_issued(match: re.Match[str]) -> bool:
    """Return whether a number can have been issued: not zeros, also after a year, nor 12345678."""
    digits = _tight(match["serial"])
    return not (_COUNTING.startswith(digits) or _ZEROS.fullmatch(digits))


def _tight(words: str) -> str:
    return "".join(words.split())


def _near_misses(text: str) -> Iterator[NearMiss]:
    for match in _LOOSE_LICENCE.finditer(text):
        digits = sum(char.isdigit() for char in match["serial"])
        suggestion = _suggestion(match)
        if digits >= _LEAST_DIGITS and suggestion != _base(match):
            yield NearMiss(match.group(), suggestion, match.start())
    for match in _LOOSE_FILING.finditer(text):
        suggestion = f"{match['province']}ICP备{match['serial']}"
        if _FILING.fullmatch(suggestion) and suggestion != _base(match):
            yield NearMiss(match.group(), suggestion, match.start())


def _suggestion(match: re.Match[str]) -> str:
    """Return the licence number nearest to a corrupt one; empty if there is none."""
    categories = re.findall("[AB][12]", match["categories"].upper().translate(_LOOKALIKES))
    serial = match["serial"].translate(_LOOKALIKES)
    suggestion = f"{_tight(match['prefix'] or '')}{'.'.join(sorted(set(categories)))}-{serial}"
    whole = _LICENCE.fullmatch(suggestion)
    return suggestion if whole and _is_licence(whole) else ""


def _of(numbers: Iterable[Occurrence], kind: Kind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.number for match in numbers if match.kind == kind))


def _plain(text: str) -> str:
    """Return a text with one kind of dash and simplified characters, each where it was."""
    dashed = ("-" if c in _DASHES or unicodedata.category(c) == "Pd" else c for c in text)
    return simplified("".join(dashed))
