"""``pytest-icp attest``: enters a document, with its hash, as evidence for a rule."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

from msgspec import Struct

from pytest_icp.cli.editing import Pointer, set_values
from pytest_icp.cli.files import relative_to_folder
from pytest_icp.facts.asof import NONE
from pytest_icp.facts.evidence_files import LARGEST
from pytest_icp.facts.files.source import Source, read_bytes
from pytest_icp.facts.written import read_written
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.reads import facts_read
from pytest_icp.rules.rule_ids import no_part_named, no_such_rule
from pytest_icp.sources.register.cells import CellError, value_of
from pytest_icp.sources.register.columns import registers

LIST = "attestations"

_TAKES_NONE = Text(
    zh="规则 {rule} 不读取 attestations 中的证明材料",
    en="{rule} reads no document of `attestations`",
)
_ITS_OWN = Text(
    zh="它读取的文件写在 {path}", en="the document that it reads is written at `{path}`"
)
_NO_OWNER = Text(zh="没有写明负责岗位", en="no post is named that is responsible for the document")
_OWNER = Text(
    zh="加上 --owner-role，例如 --owner-role 合规负责人",
    en="add --owner-role, such as --owner-role 'compliance officer'",
)
_OPTION = Text(zh="{option}：{why}", en="{option}: {why}")
_ENTERED = Text(
    zh="已登记 {document}（{rule}），写入 {path}。\n  sha256: {sha256}",
    en="Entered {document} for {rule} in {path}.\n  sha256: {sha256}",
)
_UPDATED = Text(
    zh="已更新 {document}（{rule}），写入 {path}。\n  sha256: {sha256}",
    en="Updated {document} for {rule} in {path}.\n  sha256: {sha256}",
)
_UNCHANGED = Text(
    zh="{document}（{rule}）已登记在 {path}，没有变化。",
    en="{document} is entered for {rule} in {path} already; nothing changed.",
)
_TAKEN = Text(
    zh="\n  {words}：文件写明了的，请更正",
    en="\n  {words}: correct this if the document states any",
)
_NO_DATE = Text(
    zh="\n  还没有出具日期：加上 --issued-on，例如 --issued-on 2023-03-31",
    en="\n  It has no date of issue yet: add --issued-on, such as --issued-on 2023-03-31",
)


_STATED_BY_FEW = ("expires_on", "max_age_days")
"""What is entered as ``none`` where nothing else is stated of a document."""


class Document(Struct, frozen=True, kw_only=True):
    """A document to enter: for which rule, its file, and what is stated about it.

    ``stated`` has properties of an attestation by name; those left open are None.
    """

    rule: str
    file: Path
    stated: Mapping[str, str | None]


def run_attest(document: Document, description: Path, policies: Iterable[Policy]) -> Text:
    """Enter a document into the description, or update it; return a summary.

    Raises `InputError` if there is no such rule or if it reads no such document, if the file
    is not inside the repository or cannot be read, and if the description cannot be edited.
    """
    obligation = _obligation(document.rule, policies)
    written = read_written(description)
    raw = read_bytes(document.file, root=written.root, limit=LARGEST)
    name = relative_to_folder(document.file, written.path.parent)
    source, index, entry = _entry_of(written.files, obligation, name)
    stated = _stated(document)
    taken = {name: NONE for name in _STATED_BY_FEW if name not in {**entry, **stated}}
    wanted: JsonObject = {
        **entry,
        **({} if entry else {"id": _free_id(written.files, obligation.own_id)}),
        "rule": obligation.own_id,
        "document": name,
        "sha256": hashlib.sha256(raw).hexdigest(),
        **stated,
        **taken,
    }
    if not wanted.get("owner"):
        raise InputError(_NO_OWNER, hint=_OWNER)
    changes: dict[Pointer, Json] = {
        (LIST, index, name): value for name, value in wanted.items() if entry.get(name) != value
    }
    if changes:
        set_values(source.path, changes if entry else {(LIST, index): wanted})
    done = _UPDATED if entry else _ENTERED
    told = (done if changes else _UNCHANGED).format(
        document=name,
        rule=obligation.own_id,
        path=relative_to_folder(source.path, Path()),
        sha256=str(wanted["sha256"]),
    )
    if taken:
        told += _TAKEN.format(words=", ".join(f"{name}: {word}" for name, word in taken.items()))
    return told if wanted.get("issued_on") else told + _NO_DATE


def _obligation(rule: str, policies: Iterable[Policy]) -> Obligation:
    """Return the rule or part with an id, if it reads the entries of ``attestations``."""
    rules = [one for policy in policies for one in policy.obligations]
    every = {one.own_id: one for rule in rules for one in (rule, *rule.parts)}
    obligation = every.get(rule)
    if obligation is None:
        raise no_such_rule(rule, every)
    if obligation.parts:
        takes = [one.own_id for one in obligation.parts if f"{LIST}.document" in facts_read(one)]
        if takes:
            raise no_part_named(rule, takes)
    facts = list(facts_read(obligation))
    if f"{LIST}.document" not in facts:
        own = next((one for one in facts if one.endswith(".document")), "")
        hint = _ITS_OWN.format(path=own.removesuffix(".document")) if own else ""
        raise InputError(_TAKES_NONE.format(rule=obligation.own_id), hint=hint)
    return obligation


def _entry_of(
    files: Sequence[Source], obligation: Obligation, document: str
) -> tuple[Source, int, JsonObject]:
    """Return the file and the number of the entry of a document, or of the one to be added."""
    for source in files:
        for i, entry in enumerate(_entries(source)):
            if entry.get("document") == document and entry.get("rule") == obligation.own_id:
                return source, i, entry
    source = next((one for one in files if _entries(one)), files[0])
    return source, len(_entries(source)), {}


def _entries(source: Source) -> Sequence[JsonObject]:
    entries = source.data.get(LIST) if isinstance(source.data, Mapping) else None
    return (
        [each for each in entries if isinstance(each, Mapping)] if isinstance(entries, list) else []
    )


def _free_id(files: Iterable[Source], rule: str) -> str:
    """Return an id for a document of a rule that no other document has."""
    taken = {entry.get("id") for source in files for entry in _entries(source)}
    name = re.sub("[/#]", "-", rule).lower()
    return next(one for one in _numbered(name) if one not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _stated(document: Document) -> JsonObject:
    """Return what is stated about a document, read as in a register of documents."""
    stated: dict[str, Json] = {}
    for name, written in document.stated.items():
        column = registers()[LIST].column(name)
        if written is None or column is None:
            continue
        try:
            value = value_of(written, column)
        except CellError as error:
            option = "--" + name.replace(".", "-").replace("_", "-")
            message = _OPTION.format(option=option, why=error.message)
            raise InputError(message, hint=error.hint) from None
        top, _, below = name.partition(".")
        stated[top] = {below: value} if below else value
    return stated
