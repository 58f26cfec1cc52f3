"""Services of Compose files after ``extends``, their variables, the routers in their labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.jsontypes import Json, JsonObject, escape, tokens
from pytest_icp.sources.hosts import has_pattern, hosts_of

if TYPE_CHECKING:
    from pytest_icp.sources.documents import Document


class Service(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """One service (服务) as written in a file, with its place; its data may contain secrets."""

    _shown = ("name",)

    document: Document
    name: str
    pointer: str
    body: JsonObject

    def provenance(self, pointer: str = "") -> Provenance:
        """Return the provenance of a value, by its pointer inside the service."""
        attribute = ".".join(tokens(pointer))
        place = self.document.place(self.pointer + pointer)
        return Provenance(place=place, address=f"services.{self.name}", attribute=attribute)


class Setting(Confidential, Struct, frozen=True):
    """A label or variable: its value and its provenance."""

    _shown = ()

    value: str
    provenance: Callable[[], Provenance]


def services_of(document: Document) -> Iterator[Service]:
    """Yield the services of a file; in version 1 they are at the top level."""
    data = document.data
    if not isinstance(data, Mapping):
        return
    listed = data.get("services")
    pointer = "/services"
    if not isinstance(listed, Mapping):
        if "services" in data or not is_first_version(data):
            return
        listed, pointer = data, ""
    for name, body in listed.items():
        if isinstance(body, Mapping):
            place = f"{pointer}/{escape(name)}"
            yield Service(document=document, name=name, pointer=place, body=body)


def is_first_version(data: JsonObject) -> bool:
    """Whether a file has its services at the top level, as in version 1."""
    parts = [value for value in data.values() if isinstance(value, Mapping)]
    return bool(parts) and all("image" in part or "build" in part for part in parts)


def settings(service: Service, *path: str) -> dict[str, Setting]:
    """Return labels or variables by name, written as a mapping or as ``name=value``.

    A variable without a value has that of the variable of its name where the services are started.
    """
    body: Json = service.body
    for key in path:
        body = body.get(key) if isinstance(body, Mapping) else None
    pointer = "".join(f"/{escape(key)}" for key in path)
    written: list[tuple[str, str, Json]] = []
    if isinstance(body, Mapping):
        written = [(name, f"{pointer}/{escape(name)}", value) for name, value in body.items()]
    elif isinstance(body, list):
        for index, line in enumerate(body):
            name, equals, text = str(line).partition("=")
            written.append((name, f"{pointer}/{index}", text if equals else None))
    found: dict[str, Setting] = {}
    for name, at, value in written:
        passed = f"${{{name}}}" if path == ("environment",) else ""
        found[name] = _setting(service, at, passed if value is None else value)
    return found


def _setting(service: Service, pointer: str, value: Json) -> Setting:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Setting(text, lambda: service.provenance(pointer))


def ports(service: Service) -> Iterator[tuple[str, str]]:
    """Yield the published ports (``8080:80``, ``127.0.0.1:22:22/tcp``), with pointers.

    The long form is returned in the short form; ports that are open only to other services are
    left out.
    """
    listed = service.body.get("ports")
    for index, port in enumerate(listed if isinstance(listed, list) else ()):
        pointer = f"/ports/{index}"
        if isinstance(port, Mapping):
            address = f"{port['host_ip']}:" if port.get("host_ip") else ""
            yield pointer, f"{address}{port.get('published', '')}:{port.get('target', '')}"
        else:
            yield pointer, str(port)


_RULE = re.compile(
    r"traefik\.(?:http|tcp)\.routers\.[^.]+\.rule|traefik(?:\.[^.]+)?\.frontend\.rule"
)
_HOST = re.compile(r"Host(?:SNI|Header)?[(:]")
"""Of hosts, none may be left: they had variables, or are those of other protocols."""
_ROUTER = re.compile(r"traefik\.(http|tcp|udp)\.routers\.([^.]+)\.[^.]+(?:\..*)?")


def is_off(labels: Mapping[str, Setting]) -> bool:
    """Whether Traefik leaves the service out."""
    return _enabled(labels) == "false"


def rules(labels: Mapping[str, Setting]) -> Iterator[Setting]:
    """Yield the rules of routers."""
    yield from (setting for name, setting in labels.items() if _RULE.fullmatch(name))


def without_rule(labels: Mapping[str, Setting]) -> Iterator[Setting]:
    """Yield a label of each router that has no rule: the default of Traefik decides its hosts."""
    routers: dict[str, Setting] = {}
    ruled = set(filter(_RULE.fullmatch, labels))
    named = bool(ruled)
    for name, setting in labels.items():
        if router := _ROUTER.fullmatch(name):
            named = True
            if router[1] == "http" and f"traefik.http.routers.{router[2]}.rule" not in ruled:
                routers.setdefault(router[2], setting)
    yield from routers.values()
    if _enabled(labels) == "true" and not named:
        yield labels["traefik.enable"]


def takes_any(rule: str) -> bool:
    """Whether a rule of HTTP says nothing of hosts."""
    return not (hosts_of(rule) or has_pattern(rule) or _HOST.search(rule))


def _enabled(labels: Mapping[str, Setting]) -> str:
    switch = labels.get("traefik.enable")
    return switch.value.lower() if switch else ""


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-?+]")
_END = r"[ \t]*+(?:(?<=[ \t])#.*+)?\r?$"
_LINE = re.compile(
    r"^[ \t]*+(?:export[ \t]++)?([A-Za-z_][\w.]*+)[ \t]*+=[ \t]*+"
    rf"""(?:"([^"]*+)"{_END}|'([^']*+)'{_END}|([^#\r\n]*+){_END})""",
    re.MULTILINE,
)
_DEEPEST = 10


def interpolate(
    text: str, variables: Mapping[str, str], depth: int = 0, *, partly: bool = False
) -> str | None:
    """Fill in the variables of a text; None if one has no value, which ``partly`` leaves alone.

    ``variables`` are those of the file ``.env``. The environment in which the services are
    started takes precedence, but is not known.
    """
    out: list[str] = []
    at = 0
    while (sign := text.find("$", at)) >= 0:
        out.append(text[at:sign])
        if text.startswith("$$", sign):
            out.append("$")
            at = sign + 2
            continue
        value, at = _variable(text, sign + 1, variables, depth)
        if value is None and partly:
            value = text[sign:at]
        if value is None:
            return None
        out.append(value)
    return "".join([*out, text[at:]])


def _variable(
    text: str, at: int, variables: Mapping[str, str], depth: int
) -> tuple[str | None, int]:
    """Return the value of the variable that begins at an offset, and where it ends."""
    braced = text.startswith("{", at)
    name = _NAME.match(text, at + braced)
    if name is None or depth > _DEEPEST:
        return None, at
    given = variables.get(name[0])
    if not braced:
        return given, name.end()
    end = _closing(text, name.end())
    if end is None:
        return None, at
    rest = text[name.end() : end]
    operator = _OPERATOR.match(rest)
    if rest and operator is None:
        return None, at
    if operator is None:
        return given, end + 1
    word = rest[operator.end() :]
    is_set = given is not None and (given != "" or not operator[0].startswith(":"))
    if operator[0].endswith("+"):
        return (interpolate(word, variables, depth + 1) if is_set else ""), end + 1
    if is_set or operator[0].endswith("?"):
        return (given if is_set else None), end + 1
    return interpolate(word, variables, depth + 1), end + 1


def _closing(text: str, at: int) -> int | None:
    """Return the offset of the brace that closes the one opened before ``at``."""
    open_braces = 1
    for found in re.finditer(r"[{}]", text[at:]):
        open_braces += 1 if found[0] == "{" else -1
        if not open_braces:
            return at + found.start()
    return None


def variables_of(text: str) -> dict[str, str]:
    """Return the variables of a file ``.env``. They may be secrets: never show their values."""
    return {
        name: next((value for value in (*quoted, plain.rstrip(" \t")) if value), "")
        for name, *quoted, plain in _LINE.findall(text)
    }
