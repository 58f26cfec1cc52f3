"""Source kind ``compose``: hosts of proxies, and databases, from docker-compose files."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, object_of
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.databases import is_unnamed, only_asks, store_of
from pytest_icp.sources.documents import Document, DocumentPlaces, Setting, Value
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.hosts import OWN_HOSTS, has_pattern, hosts_of, keeps_hosts, without_secrets
from pytest_icp.sources.request import Request


def services_of(document: Value) -> dict[str, Value]:
    """Return the services (服务) of a file by name; their data may contain secrets."""
    written = document.get("services")
    found = written.members() if isinstance(written.data, dict) else ()
    return {
        name: one.named(f"services.{name}") for name, one in found if isinstance(one.data, dict)
    }


def settings(service: Value, *path: str) -> dict[str, Setting]:
    """Return labels or variables by name, written as a mapping or as ``name=value``.

    A variable without a value has that of the variable of its name where the services are started.
    """
    written, found = service.get(*path), dict[str, Setting]()
    for key, one in written.members():
        name, value = key, one.data
        if isinstance(written.data, list):
            name, equals, text = str(value).partition("=")
            value = text if equals else None
        if value is None:
            value = f"${{{name}}}" if path == ("environment",) else ""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        found[name] = Setting(text, one.at())
    return found


_RULE = re.compile(
    r"traefik\.(?:http|tcp)\.routers\.[^.]+\.rule|traefik(?:\.[^.]+)?\.frontend\.rule"
)
_HOST = re.compile(r"Host(?:SNI|Header)?[(:]")
"""Of hosts, none may be left: they had variables, or are those of other protocols."""
_ROUTER = re.compile(r"traefik\.(http|tcp|udp)\.routers\.([^.]+)\.[^.]+(?:\..*)?")


def _without_rule(labels: Mapping[str, Setting], ruled: Collection[str]) -> Iterator[Setting]:
    """Yield a label of each router that has no rule: the default of Traefik decides its hosts."""
    routers: dict[str, Setting] = {}
    named = bool(ruled)
    for name, setting in labels.items():
        if router := _ROUTER.fullmatch(name):
            named = True
            if router[1] == "http" and f"traefik.http.routers.{router[2]}.rule" not in ruled:
                routers.setdefault(router[2], setting)
    yield from routers.values()
    if _enabled(labels) == "true" and not named:
        yield labels["traefik.enable"]


def _enabled(labels: Mapping[str, Setting]) -> str:
    switch = labels.get("traefik.enable")
    return switch.value.lower() if switch else ""


_VARIABLE = re.compile(
    r"\$(?:(?P<sign>\$)|(?P<plain>[A-Za-z_]\w*+)"
    r"|\{(?P<name>[A-Za-z_]\w*+)(?:(?P<how>:?[-?])(?P<word>[^${}]*+))?\})?"
)
_END = r"[ \t]*+(?:(?<=[ \t])#.*+)?\r?$"
_LINE = re.compile(
    r"^[ \t]*+(?:export[ \t]++)?([A-Za-z_][\w.]*+)[ \t]*+=[ \t]*+"
    rf"""(?:"([^"]*+)"{_END}|'([^']*+)'{_END}|([^#\r\n]*+){_END})""",
    re.MULTILINE,
)


def interpolate(text: str, variables: Mapping[str, str], *, partly: bool = False) -> str | None:
    """Fill in the variables of a text; None if one has no value, which ``partly`` leaves alone.

    ``variables`` are those of the file ``.env``. The environment in which the services are
    started takes precedence, but is not known. A default with a variable in it is not read.
    """
    unknown = False

    def filled(found: re.Match[str]) -> str:
        nonlocal unknown
        if found["sign"]:
            return "$"
        value = variables.get(found["plain"] or found["name"] or "")
        how = found["how"] or ""
        if value is None or (value == "" and how.startswith(":")):
            value = found["word"] if how.endswith("-") else None
        unknown |= value is None
        return found[0] if value is None else value

    made = _VARIABLE.sub(filled, text)
    return None if unknown and not partly else made


def variables_of(text: str) -> dict[str, str]:
    """Return the variables of a file ``.env``. They may be secrets: never show their values."""
    return {
        name: next((value for value in (*quoted, plain.rstrip(" \t")) if value), "")
        for name, *quoted, plain in _LINE.findall(text)
    }


_FILE = re.compile(r"(?:.*[._-])?(?:compose|stack)(?:[._-].*)?\.ya?ml", re.IGNORECASE)
_CADDY = re.compile(r"caddy(?:_[0-9]+)?")
_HOSTS = ("VIRTUAL_HOST", "LETSENCRYPT_HOST")
_BY_PATH = "VIRTUAL_HOST_MULTIPORTS"
_MOST_EXTENDED = 20
_GIVES = ("sites", "data_stores")
# The one of several hosts that contains a variable.
_WITH_VARIABLE = re.compile(r"(?<![^`'\",\s()])[^`'\",\s()$]*+\$[^`'\",\s)]*+")


def read_compose(request: Request) -> Derived:
    """Read docker-compose files (Compose 文件): the hosts that proxies serve are sites.

    The proxies are traefik, nginx-proxy and Caddy, configured by labels and variables of the
    services. A service whose image is that of a database is a data store.

    A variable has its value in the file ``.env`` next to it, or its default; a variable without a
    value is a gap.

    Raises `InputError` if there is no Compose service.
    """
    reader = _ComposeReader(request)
    reader.read()
    return reader.into.derived()


def _is_client(parts: list[Value]) -> bool:
    """Whether a service with the image of a database only asks another one."""
    keys = ("entrypoint", "command")
    runs = [next((part.get(key) for part in parts if part.get(key).data), None) for key in keys]
    return only_asks(one.data for one in runs if one)


def _reads_files(parts: list[Value]) -> bool:
    """Whether a Traefik is told by its command to read routers from files, too."""
    return any("--providers.file" in str(part.get("command").data) for part in parts)


class _ComposeReader:
    """Reads Compose files one by one, with the files that they include or extend."""

    def __init__(self, request: Request) -> None:
        self.into = Gathering(request)
        self._request = request
        self._files: dict[str, list[Document]] = {}
        self._variables: dict[Path, Mapping[str, str]] = {}
        self._services: dict[DocumentPlaces, dict[str, Value]] = {}
        """The services of each document that was read."""

    def read(self) -> None:
        """Read the requested files and what they include."""
        request, found = self._request, False
        waiting = [
            path
            for path in request.files(".yaml", ".yml")
            if request.alone or _FILE.fullmatch(path.name)
        ]
        seen = set(map(os.path.realpath, waiting))
        for path in waiting:
            with self.into.reading(path, *_GIVES):
                for document in self._read(path):
                    for name, service in self._services[document.places].items():
                        found = True
                        self._add(name, service)
                    self._note_configurations(document.value)
                    for file in self._included(document.value):
                        real = os.path.realpath(file)
                        waiting += () if real in seen else (file,)
                        seen.add(real)
        if not (found or self.into.unread):
            raise InputError(_NONE, place=Place(path=request.path), hint=_KUBERNETES)

    def _read(self, path: Path) -> list[Document]:
        """Return the documents of a file, which is read once."""
        real = os.path.realpath(path)
        if real not in self._files:
            found = self._files[real] = list(self.into.documents(path, *_GIVES))
            for document in found:
                self.into.repeated(document, *_GIVES)
                self._services[document.places] = services_of(document.value)
        return self._files[real]

    def _note_configurations(self, document: Value) -> None:
        """Add a gap for the configuration of a web server that is written in the file itself."""
        for config in document.select("configs/*"):
            if _SERVING.search(config.get("content").text):
                said = _INSIDE.format(name=config.path[-1][:80])
                self.into.gap(said, config.place(), "sites")

    def _included(self, document: Value) -> Iterator[Path]:
        """Yield the files that a file includes; a remote or missing one is a gap."""
        for entry in document.select("include/*"):
            paths = entry.get("path").data if isinstance(entry.data, dict) else entry.data
            for written in paths if isinstance(paths, list) else [paths]:
                file = self._beside(document, written)
                if file is not None:
                    yield file
                else:
                    shown = without_secrets(str(written))[:80]
                    self.into.gap(_MISSING.format(written=shown), entry.place(), *_GIVES)

    def _beside(self, near: Value, written: Json) -> Path | None:
        if self._request.given is not None or not isinstance(written, str):
            return None
        filled = self._interpolated(written, near)
        file = Path(near.places.path.parent, filled) if filled else None
        return file if file and self._request.may_be_file(file) else None

    def _interpolated(self, text: str, near: Value, *, partly: bool = False) -> str | None:
        """Fill in the variables of a text by the file ``.env`` beside it; see `interpolate`."""
        variables = self._variables_of(near.places.path.parent / ".env")
        filled = interpolate(text, variables, partly=partly)
        self._request.meter.spend("expansions", len(filled or ""))
        return filled

    def _variables_of(self, file: Path) -> Mapping[str, str]:
        """Return the variables of a file, if it is there; it is read once."""
        if file not in self._variables:
            text = ""
            if self._request.given is None and self._request.may_be_file(file):
                try:
                    text = self._request.read(file).decode("utf-8-sig", "replace")
                except InputError as error:
                    self.into.gap(error.message, Place(path=file), "sites")
            self._variables[file] = variables_of(text)
        return self._variables[file]

    def _whole(self, service: Value, depth: int = 0) -> list[Value]:
        """Return a service and the services it extends, the nearest first."""
        extends = service.get("extends")
        if extends.data is None:
            return [service]
        name = (extends.get("service") if isinstance(extends.data, dict) else extends).data
        far = depth >= _MOST_EXTENDED
        base = None if far else self._base(service, name, extends.get("file").data)
        if base is None:
            message = _EXTENDS.format(service=service.path[-1], base=str(name)[:80])
            self.into.gap(message, extends.place(), *_GIVES)
            return [service]
        return [service, *self._whole(base, depth + 1)]

    def _base(self, service: Value, name: Json, written: Json) -> Value | None:
        places = [service.places]
        if written is not None:
            file = self._beside(service, written)
            try:
                places = [one.places for one in self._read(file)] if file else []
            except InputError:
                return None
        known = [self._services[one] for one in places] if isinstance(name, str) else ()
        return next((some[str(name)] for some in known if name in some), None)

    def _add(self, name: str, service: Value) -> None:
        """Add the sites of one service, and the database that it is."""
        parts = self._whole(service)
        labels: dict[str, Setting] = {}
        variables: dict[str, Setting] = {}
        for part in reversed(parts):
            labels |= settings(part, "labels") | settings(part, "deploy", "labels")
            variables |= self._in_files(part) | settings(part, "environment")
            if "label_file" in part:
                place = part.get("label_file").place()
                self.into.gap(_NO_LABELS.format(service=name), place, "sites")
        for host, setting in (*self._labelled(service, labels), *self._proxied(service, variables)):
            # A value of the file .env may be a secret: the variable is quoted instead.
            shown = setting.value if "$" in setting.value else host
            self.into.site(host, setting.at, shown=shown)
        self._add_store(name, service, parts)

    def _add_store(self, name: str, service: Value, parts: list[Value]) -> None:
        """Add the database that the image of a service is, if it is one.

        Files of one folder are one project, as Compose has it.
        """
        images = (part.get("image") for part in parts)
        part = next((one for one in images if one.data is not None), service.get("image"))
        filled = self._interpolated(str(part.data), part)
        if keeps_hosts(filled or str(part.data)) or _reads_files(parts):
            self.into.gap(OWN_HOSTS.format(name=name), part.place(), "sites")
        store = store_of(filled or part.data)
        # Those of Zabbix are called after the database that they ask.
        own = re.search(rf"(?<!zabbix/)(?<=[-_./]){re.escape(name)}(?:[:@]|\Z)", str(part.data))
        built = any("build" in part for part in parts)
        if store is None and (own or built or filled is None):
            # What is built of a database is mostly called like it, as shop-mysql is.
            store = store_of(name) or store_of(re.split("[-_]", name)[-1])
            known = self._interpolated(str(part.data), part, partly=True) or ""
            if store is None and not built and is_unnamed(known):
                self.into.gap(_UNNAMED.format(service=name), part.place(), "data_stores")
        if store and not _is_client(parts):
            folder = self._request.as_written(service.places.path.parent)
            id_ = name if folder == "." else f"{folder}/{name}"
            self.into.add("data_stores", id_, service.get("image").at(), kind=store)

    def _labelled(
        self, service: Value, labels: Mapping[str, Setting]
    ) -> Iterator[tuple[str, Setting]]:
        """Yield the hosts in labels of traefik and Caddy."""
        if _enabled(labels) != "false":
            yield from self._routed(service, labels)
        for name, setting in labels.items():
            if _CADDY.fullmatch(name):
                value = self._filled(service, setting)
                for word in re.split(r"[\s,]+", value):
                    host = re.sub(r"^https?://", "", word).partition("/")[0]
                    if host and not host.startswith((":", "(")):
                        yield host, setting

    def _routed(
        self, service: Value, labels: Mapping[str, Setting]
    ) -> Iterator[tuple[str, Setting]]:
        """Yield the hosts in rules of traefik; a router that may serve any host is a gap."""
        ruled = {name: setting for name, setting in labels.items() if _RULE.fullmatch(name)}
        for setting in ruled.values():
            rule = self._filled(service, setting)
            hosts = hosts_of(rule)
            yield from ((host, setting) for host in hosts)
            if has_pattern(rule):
                self.into.pattern(setting.at())
            elif not hosts and not _HOST.search(rule):
                message = _ANY_HOST.format(service=service.path[-1])
                self.into.gap(message, setting.at().place, "sites")
        for setting in _without_rule(labels, ruled):
            message = _DEFAULT_RULE.format(service=service.path[-1])
            self.into.gap(message, setting.at().place, "sites")

    def _proxied(
        self, service: Value, variables: Mapping[str, Setting]
    ) -> Iterator[tuple[str, Setting]]:
        """Yield the hosts in the variables of nginx-proxy."""
        if _BY_PATH in variables:
            place = variables[_BY_PATH].at().place
            self.into.gap(_PATHS.format(service=service.path[-1]), place, "sites")
        for name in _HOSTS:
            setting = variables.get(name)
            if setting is None:
                continue
            for host in self._filled(service, setting).split(","):
                if not host.strip():
                    continue
                if host.strip().startswith("~"):
                    self.into.pattern(setting.at())
                else:
                    yield host, setting

    def _filled(self, service: Value, setting: Setting) -> str:
        """Fill in the variables of a value; a host with an unset variable is a gap and left out."""
        filled = self._interpolated(setting.value, service)
        if filled is not None:
            return filled
        message = _NO_VALUE.format(service=service.path[-1])
        self.into.gap(message, setting.at().place, "sites")
        known = self._interpolated(setting.value, service, partly=True)
        return _WITH_VARIABLE.sub("", known or "")

    def _in_files(self, service: Value) -> dict[str, Setting]:
        """Return the hosts in files with variables; the last one counts.

        What else is in them may be secret. A file that is not there is left out: most are only
        where the services run.
        """
        listed = service.get("env_file")
        found: dict[str, Setting] = {}
        for entry in listed.select("*") if isinstance(listed.data, list) else [listed]:
            file = self._beside(service, object_of(entry.data).get("path", entry.data))
            own = self._variables_of(file) if file else {}
            found |= {name: Setting(own[name], entry.at()) for name in _HOSTS if name in own}
        return found


_NONE = Text(zh="没有 Compose 服务", en="no Compose services found")
_KUBERNETES = Text(
    zh="Kubernetes 清单请用类型 kubernetes", en="use the kind `kubernetes` for Kubernetes manifests"
)
_SERVING = re.compile(r"\bserver_name\b|<VirtualHost\b|\breverse_proxy\b|\bfile_server\b")
_INSIDE = Text(
    zh="configs.{name} 中的 Web 服务器配置没有读取；请另存为文件，再写为来源",
    en="the configuration of a web server in configs.{name} is not read; save it as a file, and "
    "make that a source",
)
_MISSING = Text(
    zh="无法读取 include 的 {written}，无法判断其中的服务",
    en="{written} is included but cannot be read, so its services are not known",
)
_EXTENDS = Text(
    zh="无法读取服务 {service} 扩展的 {base}，无法判断其标签和变量",
    en="{base}, which the service {service} extends, cannot be read, so its labels are not known",
)
_NO_LABELS = Text(
    zh="服务 {service} 的 label_file 没有读取；请把标签写在 labels 中",
    en="the `label_file` of the service {service} is not read; write its labels in `labels`",
)
_PATHS = Text(
    zh="服务 {service} 的 VIRTUAL_HOST_MULTIPORTS 没有读取；请改用 VIRTUAL_HOST",
    en="`VIRTUAL_HOST_MULTIPORTS` of the service {service} is not read; use `VIRTUAL_HOST`",
)
_UNNAMED = Text(
    zh="服务 {service} 的镜像名称含有没有值的变量，无法判断是不是数据库；请在 .env 中写明",
    en="the image of the service {service} is a variable without a value, so whether it is a "
    "database is not known; set it in .env",
)
_ANY_HOST = Text(
    zh="服务 {service} 的路由规则没有写明主机名，任何主机名都由它提供",
    en="a rule of the service {service} names no host, so it serves any name",
)
_DEFAULT_RULE = Text(
    zh="服务 {service} 没有写明 Traefik 的路由规则，主机名由其 defaultRule 决定；请写明规则",
    en="the service {service} has a router of Traefik without a rule, so its `defaultRule` "
    "decides the hosts; write the rule",
)
_NO_VALUE = Text(
    zh="服务 {service} 的主机名含有没有值的变量；请在 .env 中写明，或写上默认值",
    en="the hosts of the service {service} use a variable without a value; set it in .env, or "
    "give it a default",
)
