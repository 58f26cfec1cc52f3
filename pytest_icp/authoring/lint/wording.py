"""Finds texts of a policy that lack a translation, and quotations that the licence lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.authoring.lint.written import WrittenObligation
from pytest_icp.law.jsontypes import Json, pointer
from pytest_icp.law.text import Text
from pytest_icp.rules.parts import PARTS
from pytest_icp.rules.policies import WrittenPolicy

_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_NO_ZH = Text(zh="中文文本中没有汉字", en="the Chinese text has no Chinese characters")
_NO_EN = Text(zh="没有英文译文", en="there is no English translation")
_TRANSLATE = Text(zh="补上译文", en="translate it")
_NOT_PRINTED = Text(zh="引文不在 text 之中", en="the quoted words are not in `text`")
_CUT = Text(zh="从 text 中逐字摘取", en="copy them from `text` exactly")
_NO_LAW = Text(zh="以法规为依据，却没有引用任何法条", en="it is based on a statute, but cites none")
_CITE = Text(
    zh="在 cites 中写上 statutes.yaml 中的法条", en="list an article of statutes.yaml in `cites`"
)


def untranslated(written: WrittenPolicy) -> Iterator[Remark]:
    """Yield each text of a policy that has one language only."""
    for path, text in _texts(written.data, ()):
        wrong = None
        if not _HAN.search(text["zh"]):
            wrong = ("zh", _NO_ZH)
        elif text["en"] == text["zh"] or not _LATIN.search(text["en"]):
            wrong = ("en", _NO_EN)
        if wrong:
            yield Remark(
                code="translation",
                about=_about(written, path),
                place=written.file.place(pointer((*path, wrong[0]))),
                message=wrong[1],
                hint=_TRANSLATE,
            )


def _texts(
    value: Json, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, str]]]:
    if isinstance(value, Mapping):
        if value.keys() == {"zh", "en"}:
            yield path, {lang: str(words) for lang, words in value.items()}
            return
        for key, member in value.items():
            yield from _texts(member, (*path, key))
    elif isinstance(value, list):
        for i, member in enumerate(value):
            yield from _texts(member, (*path, i))


def _about(written: WrittenPolicy, path: tuple[str | int, ...]) -> str:
    if path[0] != "obligations":
        return written.policy.id
    rule = written.policy.obligations[int(path[1])]
    return rule.parts[int(path[3])].own_id if path[2] == PARTS else rule.rule_id


def uncited(entry: WrittenObligation) -> Iterator[Remark]:
    """Yield the mistakes in what an obligation quotes and cites."""
    obligation, policy = entry.obligation, entry.written.policy
    for lang in ("zh", "en"):
        texts = (policy.text, *(one.text for one in policy.editions if one.text))
        printed = " ".join(_flat(text[lang]) for text in texts)
        if obligation.quote and _flat(obligation.quote[lang]) not in printed:
            yield entry.remark("quote", ("quote", lang), _NOT_PRINTED, _CUT)
    if obligation.basis == "statute" and not obligation.cites:
        yield entry.remark("citation", ("cites",), _NO_LAW, _CITE)


def _flat(words: str) -> str:
    return " ".join(words.split())
