"""Services of Compose files: their labels, variables and ports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.jsontypes import Json, JsonObject, escape, tokens

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
