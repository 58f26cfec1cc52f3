"""What a serverless file gives: functions as servers, their domains as sites, their logs (汇集).

A variable has its value if that stands in the file; the tags of CloudFormation are variables too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from pytest_icp.facts.derived import Provenance, Status
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, read_documents
from pytest_icp.sources.terraform.tables import table, whole

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_icp.facts.files.budget import Meter
    from pytest_icp.law.jsontypes import Json, JsonObject
    from pytest_icp.law.location import Place
    from pytest_icp.sources.documents import ProvenanceLookup, Read
    from pytest_icp.sources.gathering import Gathering
    from pytest_icp.sources.request import Request

_TAG = re.compile(rb"(?<=[\s\[,])!(?=[A-Za-z])([\w:]*+)(?:([ \t]++)(['\"]|(?=[\w./*])))?")


def read(request: Request, path: Path) -> list[Read]:
    """Return the documents of a file.

    A value with a tag (``!Sub``, ``!Ref``) is known when it is deployed, like a variable.

    Raises `InputError` when the file cannot be read.
    """
    raw = request.read(None if path == request.path else path)
    plain = _TAG.sub(_untagged, raw)
    return list(read_documents(replace(request, path=path, given=plain), path))


def _untagged(tag: re.Match[bytes]) -> bytes:
    """Write a tag as the beginning of a text; that of a list or a block, as nothing."""
    if tag[3]:
        return b" " * (len(tag[0]) - 2) + tag[3] + b"$"
    return b"$" + tag[0][1:] if tag[2] else b" " * len(tag[0])


def documents_of(request: Request, path: Path) -> list[Document]:
    """Return the documents of a file that can be read."""
    return [one for one in read(request, path) if isinstance(one, Document)]


Lookup: TypeAlias = "Callable[[str], Json]"
"""Returns what a reference names in the file; None if that is not there."""

_REFERENCE = re.compile(r"\$\{([^${}]*+)\}")
_OPEN = re.compile(r"\$[{\w]|\{\{")
_DEEPEST = 16


class Variables:
    """Replaces references by what they name, as often as they lead to others."""

    def __init__(self, lookup: Lookup, meter: Meter) -> None:
        self._lookup = lookup
        self.meter = meter

    def value(self, written: Json) -> Json:
        """Return a value with what its references name; a reference without a value stays."""
        for _ in range(_DEEPEST):
            if not isinstance(written, str) or "${" not in written:
                break
            whole = _REFERENCE.fullmatch(written)
            found = self._lookup(whole[1].strip()) if whole else self._replaced(written)
            self.meter.spend("expansions", len(found) if isinstance(found, str) else 1)
            if found is None or found == written:
                break
            written = found
        return written

    def _replaced(self, written: str) -> str:
        def replaced(reference: re.Match[str]) -> str:
            found = self._lookup(reference[1].strip())
            text = isinstance(found, (str, int, float)) and not isinstance(found, bool)
            self.meter.spend("expansions", len(str(found)) if text else 1)
            return str(found) if text else reference[0]

        return _REFERENCE.sub(replaced, written)

    def text(self, written: Json) -> str | None:
        """Return a text without variables; None for anything else."""
        found = self.value(written)
        return found if isinstance(found, str) and found and not is_open(found) else None

    def members(self, written: Json) -> Mapping[str, Json]:
        """Return the members of an object; of anything else, none."""
        found = self.value(written)
        return found if isinstance(found, dict) else {}

    def elements(self, written: Json) -> list[Json]:
        """Return the elements of a list; of anything else, none."""
        found = self.value(written)
        return list(found) if isinstance(found, list) else []


def is_open(text: Json) -> bool:
    """Whether a text contains a variable without a value, or a template."""
    return isinstance(text, str) and _OPEN.search(text) is not None


def at(data: Json, path: str) -> Json:
    """Return the value at a path of keys with dots; None if there is none."""
    return value_at(data, path.split("."))


def value_at(data: Json, keys: Iterable[str]) -> Json:
    """Return the value at the end of some keys, numbers in lists; None if there is none."""
    for key in keys:
        if isinstance(data, list) and key.isdecimal() and int(key) < len(data):
            data = data[int(key)]
        elif isinstance(data, dict):
            data = data.get(key)
        else:
            return None
    return data


At: TypeAlias = tuple[str | int, ...]
"""The tokens of a pointer into a document."""

EVERY = ("servers", "sites", "log_stores", "data_stores")
"""The top-level facts that a serverless file may give."""


class Deployed:
    """Adds the elements of one file, which is deployed to one provider."""

    def __init__(
        self, into: Gathering, document: Document, variables: Variables, provider: str
    ) -> None:
        self.into = into
        self.document = document
        self.variables = variables
        self.provider = provider
        self._servers: set[str] = set()
        self._serving: dict[str, tuple[list[Json], set[str]]] = {}

    def found(self, at: At, status: Status = Status.KNOWN) -> ProvenanceLookup:
        """Return where something is."""
        place = partial(self._place, at)
        tokens = [*map(str, at)]
        address, attribute = ".".join(tokens[:2]), ".".join(tokens[2:])
        return lambda: Provenance(
            place=place(), status=status, address=address, attribute=attribute
        )

    def _place(self, at: At) -> Place:
        """Return a place; its line is quoted only for what was read, or a secret may be in it."""
        place = self.document.place(pointer(at))
        value = value_at(self.document.data, map(str, at))
        read = isinstance(value, (str, int)) and not is_open(value)
        return place if read else replace(place, excerpt="")

    def gap(self, at: At, *kinds: str) -> None:
        """Add a gap for what is written elsewhere, or is a variable."""
        key = next((token for token in reversed(at) if isinstance(token, str)), "")
        self.into.gap(_ELSEWHERE.format(key=key), self._place(at), *kinds)

    def server(self, name: str, at: At, region: Json, region_at: At) -> str:
        """Add a function or a container in a region, and return its id."""
        into = self.into
        name = name or _UNNAMED
        into.add("servers", name, self.found(at))
        self._servers.add(name)
        self.locate("servers", name, region, region_at)
        known = table(self.provider)
        operator = known.operator_in(self.variables.text(region)) if known else None
        if operator:
            into.set("servers", name, "provider", {"name": operator}, self.found(region_at))
        return name

    def locate(self, kind: str, name: str, region: Json, at: At) -> None:
        """Add where an element is; a region that is a variable is not known."""
        known = self.variables.text(region)
        location: JsonObject | None = None
        if known:
            location = {"cloud_region": {"provider": self.provider, "id": known}}
        status = Status.KNOWN if known else Status.AFTER_APPLY if region else Status.DEFAULT
        self.into.set(kind, name, "location", location, self.found(at, status))

    def site(self, host: Json, at: At, servers: list[str]) -> None:
        """Add a site with a domain of its own; one that is generated is a remark."""
        written = self.variables.value(host)
        if written in ("auto", "Auto", "AUTO"):
            self.into.remark(GENERATED)
            return
        if not isinstance(written, str):
            self.gap(at, "sites")
            return
        bare = written.partition("://")[2].rstrip("/") or written
        name = self.into.site(bare, self.found(at))
        if name is None:
            return
        self.into.set("sites", name, "public", value=True, provenance=self.found(at))
        self.variables.meter.spend("expansions", len(servers))
        # What another file deploys is no server here.
        serving, known = self._serving.setdefault(name, ([], set()))
        serving += [one for one in servers if one in self._servers and one not in known]
        known.update(servers)
        if serving:
            self.into.set("sites", name, "servers", serving, self.found(at))

    def logs(self, name: str, at: At, days: Json = None, unset: JsonObject | None = None) -> None:
        """Add a log store; ``days`` is how long it keeps logs, else that is ``unset``."""
        found = self.variables.value(days)
        known = whole(found)
        retention = {"days": known} if known else unset if found is None else None
        doubt = Status.DEFAULT if found is None else Status.AFTER_APPLY
        status = Status.KNOWN if retention else doubt
        into, name = self.into, name or _UNNAMED
        into.add("log_stores", name, self.found(at))
        into.set("log_stores", name, "retention", retention, self.found(at, status))

    def store(self, kind: str, name: str, at: At) -> str:
        """Add a bucket or a file system, and return its id."""
        name = name or _UNNAMED
        self.into.add("data_stores", name, self.found(at), kind=kind)
        return name


_UNNAMED = "?"
GENERATED = Text(
    zh="有的函数用自动生成的测试域名，没有作为网站",
    en="some functions have a generated domain for tests, which is not counted as a site",
)
_ELSEWHERE = Text(
    zh="“{key}”写在别处，或者是没有值的变量，无法读取；请写在文件中，或改用渲染后的文件",
    en="`{key}` is written elsewhere, or is a variable without a value; write it in the file, or "
    "use the rendered file",
)
