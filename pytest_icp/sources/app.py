"""Source kind ``app``: the mini-programs and apps of a site, by their identifiers (应用标识).

Setting ``host`` is the host of the site that they go with: their files do not say. Read are the
settings of mini-programs and of uni-app, builds of Android, projects of iOS and HarmonyOS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.facts.files.disk import decode
from pytest_icp.facts.files.positions import Lines
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup, Value
from pytest_icp.sources.gathering import Gathering, listed
from pytest_icp.sources.hosts import host_set
from pytest_icp.sources.request import Request

SETTINGS = {
    "project.config.json": (("微信", ("appid",)), ("QQ", ("qqappid",))),
    "project.tt.json": (("抖音", ("appid",)),),
    "project.swan.json": (("百度", ("appid",)),),
    "manifest.json": (
        ("微信", ("mp-weixin", "appid")),
        ("支付宝", ("mp-alipay", "appid")),
        ("百度", ("mp-baidu", "appid")),
        ("抖音", ("mp-toutiao", "appid")),
        ("QQ", ("mp-qq", "appid")),
        ("快手", ("mp-kuaishou", "appid")),
        ("京东", ("mp-jd", "appid")),
        ("飞书", ("mp-lark", "appid")),
        ("", ("app-plus", "distribute", "google", "packagename")),
        ("", ("app-plus", "distribute", "apple", "appid")),
    ),
    "app.json5": (("", ("app", "bundleName")),),
}
"""Where settings have identifiers: of a mini-program with its platform, of an app without."""

# A text that does not end goes up to the end of its line; one of several lines is not a setting.
_COMMENT = re.compile(
    r"""\"{3}.*?(?:\"{3}|\Z)|'{3}.*?(?:'{3}|\Z)|"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?"""
    r"|/\*.*?(?:\*/|\Z)|//[^\n]*+",
    re.DOTALL,
)
_COMMENT_OF_XML = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BUILDS = {
    "build.gradle": re.compile(
        r"(?:^|[{;])[ \t]*+applicationId\b[ \t]*+=?[ \t]*+\(?[ \t]*+([^\n;})]++)", re.MULTILINE
    ),
    "project.pbxproj": re.compile(r"\bPRODUCT_BUNDLE_IDENTIFIER[ \t]*+=[ \t]*+([^;\n]++);"),
    "Info.plist": re.compile(r"<key>CFBundleIdentifier</key>\s*+<string>([^<]*+)</string>"),
}
_BUILDS["build.gradle.kts"] = _BUILDS["build.gradle"]
_IDENTIFIER = re.compile(r"[A-Za-z][\w-]*+(?:\.[\w-]++)++")
_TESTS = re.compile(r"tests?$", re.IGNORECASE)
# Of a form that platforms give: what stands for one is none, as YOUR_APPID and touristappid.
_APP_ID = re.compile(r"(?:wx|tt|ks|cli_)?[0-9a-f]{4,40}")
FILES = frozenset((*SETTINGS, *_BUILDS))
"""The names of the files that are read."""


def read_app(request: Request) -> Derived:
    """Read the identifiers in a file, or in the files of a folder: they are those of a site's apps.

    Raises `InputError` if the site is not named, and if there is no identifier.
    """
    reader = _Reader(request)
    for path in request.files(*FILES):
        if request.alone or path.name in FILES:
            with reader.into.reading(path, "sites"):
                reader.read(path)
    return reader.derived()


class _Reader:
    """Collects identifiers, each with its place."""

    def __init__(self, request: Request) -> None:
        self.into = Gathering(request)
        self._request = request
        self._programs: dict[str, tuple[str, ProvenanceLookup]] = {}
        self._packages: dict[str, ProvenanceLookup] = {}
        self._variable: list[Place] = []

    def derived(self) -> Derived:
        """Return the site with its apps."""
        place, into = Place(path=self._request.path), self.into
        known = [*self._packages.values(), *(at for _, at in self._programs.values())]
        for variable in self._variable if not self._packages else ():
            into.gap(_VARIABLE, variable, "sites")
        if not known and not self._variable:
            raise InputError(_NONE, place=place)
        host = _host(self._request)
        named = partial(Provenance, place=place, attribute="host")
        into.add("sites", host, next(iter(known), partial(Provenance, place=place)))
        into.set("sites", host, "domains", [host], named)
        if self._programs:
            programs = [
                {"id": name, "platform": platform, "app_id": name}
                for name, (platform, _) in self._programs.items()
            ]
            _, at = next(iter(self._programs.values()))
            into.set("sites", host, "mini_programs", programs, at)
        if self._packages:
            first, *others = self._packages
            into.set("sites", host, "app_package_id", first, self._packages[first])
            if others:
                into.remark(_OTHERS.format(first=first, others=listed(others)))
        return into.derived()

    def read(self, path: Path) -> None:
        """Read one file."""
        raw = self._request.read(path)
        comment = _COMMENT_OF_XML if path.suffix == ".plist" else _COMMENT
        text = comment.sub(_blank, decode(raw))
        self._request.meter.spend("elements", text.count("\n"))
        if build := _BUILDS.get(path.name):
            self._build(path, text, build)
            return
        for document in self.into.documents(path, "sites", raw=text.encode()):
            self._settings(path.name, document.value)

    def _settings(self, name: str, top: Value) -> None:
        # What is read from standard input has no name.
        for known in (name,) if name in FILES else FILES:
            for platform, keys in SETTINGS.get(known, ()):
                value = top.get(*keys)
                if platform and _APP_ID.fullmatch(value.text):
                    self._programs.setdefault(value.text, (platform, value.at(platform)))
                elif not platform and _IDENTIFIER.fullmatch(value.text):
                    self._packages.setdefault(value.text, value.at(value.text))

    def _build(self, path: Path, text: str, build: re.Pattern[str]) -> None:
        """Add the identifiers in a build; those of parts of an app begin with that of the app."""
        lines = Lines(text)
        found: dict[str, ProvenanceLookup] = {}
        for one in build.finditer(text):
            written, place = one[1].strip().strip("\"'"), lines.place(path, *one.span(1))
            # What else is on its line may be secret.
            place = replace(place, excerpt="")
            is_literal = one[1][0] in "\"'" or path.suffix not in {".gradle", ".kts"}
            if is_literal and _IDENTIFIER.fullmatch(written):
                found.setdefault(written, partial(Provenance, place=place, address=written))
            else:
                self._variable.append(place)
        for name in _apps(found):
            self._packages.setdefault(name, found[name])


def _apps(found: dict[str, ProvenanceLookup]) -> Iterator[str]:
    """Yield the identifiers of apps: not those of extensions in them, nor of tests."""
    begun = ""
    for name in sorted(found, key=lambda name: (name.lower(), name)):
        if not begun or not name.lower().startswith(begun):
            begun = name.lower()
            if not _TESTS.search(name) or len(found) == 1:
                yield name


def _blank(found: re.Match[str]) -> str:
    """Return a text as it is, and a comment as the same lines without words."""
    is_text = found[0][0] in "\"'" and not found[0].startswith(('"""', "'''"))
    return found[0] if is_text else re.sub(r"[^\n]", " ", found[0])


def _host(request: Request) -> str:
    written = request.settings.get("host")
    if not isinstance(written, str):
        raise InputError(_WHOSE, place=Place(path=request.path), hint=_HOST)
    return host_set(written, request.path)


_NONE = Text(
    zh="没有小程序的 AppID，也没有应用包名",
    en="there is no AppID of a mini-program and no package id",
)
_WHOSE = Text(zh="看不出应用属于哪个网站", en="it is not known which site the app goes with")
_HOST = Text(
    zh="写明 host，例如 host: www.etaoche.cn", en="add `host`, such as `host: www.etaoche.cn`"
)
_VARIABLE = Text(
    zh="应用包名是变量，无法判断", en="the package id is a variable, so it is not known"
)
_OTHERS = Text(
    zh="除 {first} 以外还有应用 {others}；每个网站只记一个应用包名，其余的请另列网站说明",
    en="beside {first} there are the apps {others}; a site has one package id, so declare the "
    "others as sites of their own",
)
