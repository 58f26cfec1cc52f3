"""Source kind ``haproxy``: the hosts that rules of HAProxy ask for (HAProxy 配置).

Setting ``roots`` maps folders of the server to folders of the repository, for lists and maps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.budget import Meter
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.haproxy.conditions import Criterion, Term, criterion, maps, names, terms
from pytest_icp.sources.haproxy.lexing import parse
from pytest_icp.sources.home_pages import Home, Proxied, Redirect
from pytest_icp.sources.homes import Hosts, provenance
from pytest_icp.sources.hosts import is_private
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import Included, ServerFiles
from pytest_icp.sources.statements import (
    ConfigText,
    Spot,
    Statement,
    Word,
    configuration_text,
    statement,
)

_SECTIONS = frozenset(
    "global defaults frontend backend listen userlist peers resolvers mailers program cache ring "
    "http-errors fcgi-app log-forward log-profile crt-store traces acme".split()
)
_REFUSALS = frozenset({"block", "deny", "reject", "tarpit", "silent-drop"})
_TARGET = re.compile(r"(?:https?://|//)(?:[^/?#@]*+@)?+([^/:?#]++)")
_SET = re.compile(r"set-var(?:-fmt)?\(([\w.]++)(?:,[^()]*+)?\)")
_OF_HOST = re.compile(r"hdr\([ ]*+host|ssl_sni|ssl_fc_sni|var\(", re.IGNORECASE)


class Answer(Struct, frozen=True, eq=False):
    """What a section answers to the hosts of a rule."""

    found: Home | None
    secure: bool
    reachable: bool
    logs_nothing: None = None

    def home(self) -> Home | None:
        """Return what a visitor of ``/`` gets."""
        return self.found


class Section(Struct, frozen=True, eq=False):
    """A section: its kind, its lines with those of the defaults before it, and its addresses."""

    begins: Statement
    lines: Sequence[Statement]
    mode: str
    secure: bool
    """Whether it uses TLS; one that listens nowhere does not say."""
    reachable: bool
    """Whether it listens on any address that is not local or private."""

    @property
    def is_off(self) -> bool:
        """Whether it is switched off."""
        return any(one.name == "disabled" for one in self.lines)

    def answer(self, home: Home | None) -> Answer:
        """Return what it answers to the hosts of a rule."""
        return Answer(home, self.secure, self.reachable)


def read_haproxy(request: Request) -> Derived:
    """Read a configuration, or a folder of them: hosts in conditions of rules that are used.

    Raises `InputError` with file and line for a quotation mark that is not closed.
    """
    reader = _Reader(request)
    statements = [one for path in _files(request) for one in reader.statements(path)]
    sections = list(_sections(reader.certain(statements)))
    if not sections:
        raise InputError(_NONE, place=Place(path=request.path))
    for section in sections:
        if section.begins.name not in {"frontend", "listen", "backend"}:
            continue
        if section.is_off:
            reader.into.remark(section.begins, *_IS_OFF)
        else:
            reader.add(section)
    if not reader.into.homes:
        reader.into.into.remark(_NO_SITE)
    return reader.into.derived()


def _files(request: Request) -> Sequence[Path]:
    files = list(request.files(".cfg"))
    return [file for file in files if file == request.path / "haproxy.cfg"] or files


def _sections(statements: Sequence[Statement]) -> Iterator[Section]:
    """Yield the sections; the mode of one is its own, or that of the defaults before it."""
    starts = [i for i, one in enumerate(statements) if one.name in _SECTIONS]
    mode = "tcp"
    for start, end in pairwise((*starts, len(statements))):
        lines = statements[start + 1 : end]
        own = next((one.args[0] for one in lines if one.name == "mode" and one.args), None)
        if statements[start].name == "defaults":
            mode = own or mode
        binds = list(_binds(statements[start], lines))
        secure = any(tls or address.endswith(":443") for address, tls in binds)
        inner = bool(binds) and all(_is_inner(address) for address, _ in binds)
        yield Section(statements[start], lines, own or mode, secure or not binds, not inner)


def _binds(begins: Statement, lines: Sequence[Statement]) -> Iterator[tuple[str, bool]]:
    """Yield the addresses that a section listens on, each with whether it uses TLS."""
    names = (begins.name, "bind")
    for one in (begins, *[line for line in lines if line.name in names]):
        own = one.args[1:2] if one is begins else one.args[:1]
        for address in own[0].split(",") if own else ():
            yield address, "ssl" in one.args


class _Reader:
    def __init__(self, request: Request) -> None:
        self._request = request
        folders = r"/(?:usr/local/)?etc/haproxy/"
        self._files = ServerFiles(request, ("haproxy.cfg",), folders)
        self._included = Included(request, parse)
        self._lists = Included(request, _lines_of)
        self.into = Hosts(request, self._files)

    def statements(self, path: Path) -> Sequence[Statement]:
        """Return the lines of a file."""
        self._files.begin(path)
        return self._included.main(path)[0]

    def certain(self, statements: Sequence[Statement]) -> Sequence[Statement]:
        """Return the lines without those that a condition of the preprocessor may leave out."""
        if not any(name.startswith(".") for name in {one.name for one in statements}):
            return statements
        kept, depth = list[Statement](), 0
        for one in statements:
            name = one.name
            if name == ".if":
                depth += 1
            elif name == ".endif":
                depth -= depth > 0
            elif not depth and not name.startswith("."):
                kept.append(one)
            elif name in {"acl", "use_backend", "frontend", "listen"}:
                self.into.into.gap(_DOUBTFUL, one.place(), "sites")
        return kept

    def add(self, section: Section) -> None:
        """Add the hosts that the rules of a section ask for."""
        rules = [one for one in section.lines if one.name != "acl"]
        setting = [one for one in rules if len(one.words) > 1 and one.words[1].text[:4] == "set-"]
        variables = frozenset(
            found[1]
            for one in setting
            for found in [_SET.fullmatch(one.words[1].text)]
            if found and _OF_HOST.search(" ".join(one.args[1:]))
        )
        acls: dict[str, list[Criterion]] = {}
        for one in section.lines:
            if one.name == "acl" and len(one.words) > 1:
                read = criterion(one, one.words[2:], variables)
                acls.setdefault(one.words[1].text, []).extend([read] if read else [])
        asked = refused = False
        for one in rules:
            found = list(terms(one, acls, variables))
            action = _action(one)
            asks = self._rule(section, one, action, found)
            asked |= asks or self._mapped(section, one)
            refused |= asks and (action in _REFUSALS or _spares(action, found))
        if section.begins.name != "backend" and section.mode == "http" and not refused:
            self._others(section, asked=asked)

    def _others(self, section: Section, *, asked: bool) -> None:
        """Add a remark on what answers for the hosts that no rule asks for."""
        if not asked:
            answer = section.answer(Proxied(section.begins))
            self.into.homes.catch_all(answer, section.begins.place())
            return
        for one in section.lines:
            if one.name == "default_backend" and len(one.words) > 1:
                self.into.remark(one, *_OTHERS)
                return

    def _rule(self, section: Section, one: Statement, action: str, found: Sequence[Term]) -> bool:
        """Add the hosts that a rule is for; return whether it asks for any."""
        # What a redirect leaves alone is answered by another rule, or the default.
        spares = _spares(action, found)
        negated = spares or action in _REFUSALS
        counted = [term for term in found if term.negated == negated]
        asked = [read for term in counted for read in term.criteria if read.about_host]
        if not asked:
            return False
        answer = section.answer(Proxied(one) if spares else self._home(one, action, found))
        for read in asked:
            for word in read.values:
                self._host(read.how, word.text, read.at(word), answer)
            for word in read.files:
                self._list(word.text, read.how, read.at(word), answer)
        return True

    def _mapped(self, section: Section, one: Statement) -> bool:
        """Add the hosts in the maps that a backend is looked up in."""
        dynamic = one.args[0] if one.name == "use_backend" and one.args else ""
        if "%[" not in dynamic or not _OF_HOST.search(dynamic):
            return False
        answer = section.answer(Proxied(one))
        spot = one.at(one.words[1])
        files = list(maps(dynamic))
        for file, how in files:
            self._list(file, how, spot, answer)
        if not files:
            self.into.into.pattern(provenance(section.begins.name, one)())
        return True

    def _host(self, how: str, value: str, spot: Spot, answer: Answer) -> None:
        found, complete = names(how, value)
        for host in found:
            self.into.add(host, spot, lambda _: answer)
        if not complete:
            self.into.into.pattern(provenance(value, spot)())

    def _list(self, written: str, how: str, spot: Spot, answer: Answer) -> None:
        """Add the hosts of a file, one on each line."""
        files = self._files.matching(written)
        if not files:
            self.into.missing(written, spot, harmless=False)
        for file in files or ():
            lines, _ = self._lists.inner(file, (), spot.place)
            for line in lines:
                self._host(how, line.name, line.at(line.words[0]), answer)

    def _home(self, one: Statement, action: str, found: Sequence[Term]) -> Home | None:
        """Return what a rule answers to ``/``; None if that hangs on more than the host."""
        for term in found:
            about = [read.about_host or read.fetch.text[:6] == "ssl_fc" for read in term.criteria]
            if not about or not all(about):
                return None
        if action == "redirect":
            to = next((b for a, b in pairwise(one.args) if a in {"prefix", "location"}), "")
            target = _TARGET.match(to)
            return Redirect(target[1] if target and "%" not in target[1] else None, one)
        return Proxied(one) if one.name == "use_backend" else None


def _action(one: Statement) -> str:
    """Return what a rule does: its first word, or what ``http-request`` or ``tcp-request`` says.

    Elsewhere the next word is a name that somebody chose.
    """
    if one.name.startswith("http-"):
        return one.args[0] if one.args else ""
    return "".join(one.args[1:2]) if one.name.startswith("tcp-") else one.name


def _spares(action: str, found: Sequence[Term]) -> bool:
    """Whether a rule redirects all hosts but those that it asks for."""
    if action != "redirect":
        return False
    about = [term.negated for term in found if any(read.about_host for read in term.criteria)]
    return bool(about) and all(about)


def _lines_of(path: Path, raw: bytes, meter: Meter) -> tuple[Statement, ...]:
    """Return the first word of each line of a list or a map."""
    file = ConfigText(path, configuration_text(path, raw))
    found = re.finditer(r"^[ \t]*+([^\s#]\S*+)", file.text, re.MULTILINE)
    lines = tuple(statement(file, (Word(one[1], *one.span(1)),)) for one in found)
    meter.spend("elements", len(lines))
    return lines


def _is_inner(address: str) -> bool:
    """Whether an address to listen on is a socket, local or private."""
    if address.startswith(("/", "unix@", "abns@", "abnsz@", "fd@", "sockpair@")):
        return True
    host = re.sub(r"^(?:ipv[46]|quic[46])@", "", address).rpartition(":")[0].strip("[]")
    try:
        # All addresses are written as *, 0.0.0.0 or ::, or are left out.
        everywhere = host in {"", "*", "0.0.0.0", "::"}  # noqa: S104 - compared only
        return host == "localhost" or (not everywhere and is_private(host))
    except ValueError:
        return False


_NONE = Text(
    zh="没有 HAProxy 配置的段落（frontend、listen、backend）",
    en="no sections of HAProxy found (`frontend`, `listen`, `backend`)",
)
_NO_SITE = Text(zh="没有规则写有公网主机名", en="no rule asks for a public host name")
_IS_OFF = ("已停用（disabled），其主机名没有作为网站", "switched off, so its hosts are no sites")
_OTHERS = (
    "解析到本机的其他域名都由 default_backend 应答",
    "`default_backend` answers for every other name that points here",
)
_DOUBTFUL = Text(
    zh="文件没有说明 .if 是否成立，其中的主机名没有读取",
    en="the file does not say whether this `.if` holds, so the hosts in it are not known",
)
