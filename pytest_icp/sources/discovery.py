"""Finds files of a repository that look like sources (来源), by their names and first bytes (识别).

So are those found that no kind reads, although they say something that a description needs. A
source of manifests is a Kustomization that no other includes; elsewhere it is the topmost folder
of which half is manifests or more: what else is in it, the reader skips and says so.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from pytest_icp.facts.derived import environment_in
from pytest_icp.facts.files.budget import OverBudgetError
from pytest_icp.facts.files.disk import read_start
from pytest_icp.facts.files.walking import MOST_FILES, folders_below, is_hidden
from pytest_icp.law.domains import host_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, plain
from pytest_icp.sources.documents import Document, read_documents
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.kubernetes import NAMES, files_of, is_kustomization
from pytest_icp.sources.kubernetes.objects import GIVES, LOGS, MANIFESTS, kinds_giving
from pytest_icp.sources.nginx import WHOLE
from pytest_icp.sources.request import Request
from pytest_icp.sources.serverless import FRAMEWORK
from pytest_icp.sources.zone import STOCK, SUFFIXES

_VERSION = re.compile(r"^apiVersion:[ \t]*\S", re.MULTILINE)
_KIND = re.compile(r"^kind:[ \t]*\S", re.MULTILINE)


class ManifestFiles:
    """The files of a repository that a reader of manifests would read, one by one."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._told: dict[Path, None] = {}
        self._kustomizations: list[Path] = []
        self._files: Counter[Path] = Counter()
        self._objects: Counter[Path] = Counter()
        self._closed = {root, *root.parents}
        self._charts: set[Path] = set()

    def enter(self, folder: Path, names: Collection[str], *, whole: bool) -> None:
        """Begin with a folder, of which perhaps not the ``whole`` is looked at."""
        if not whole:
            self.close(folder)
        if folder != self._root and environment_in([folder.name]):
            # Two environments are two sources.
            self.close(folder.parent)
        if not {"Chart.yaml", "Chart.yml"}.isdisjoint(names):
            # What is in there is no manifest before it is rendered.
            self._charts.add(folder / "templates")
            self.close(folder)

    def add(self, path: Path, beginning: str, *, told: bool) -> None:
        """Add a file; ``told`` if an object in it may tell something."""
        if not self._charts.isdisjoint(path.parents):
            return
        if path.name in NAMES:
            self._kustomizations.append(path)
            self.close(path.parent)
        elif path.name.lower().endswith(MANIFESTS):
            self._files.update(path.parents)
            if told or (_VERSION.search(beginning) and _KIND.search(beginning)):
                self._objects.update(path.parents)
            if told:
                self._told[path] = None

    def close(self, folder: Path) -> None:
        """Say that neither a folder nor one around it is a folder of manifests."""
        self._closed.update((folder, *folder.parents))

    def entries(self) -> Iterator[Path]:
        """Yield the sources."""
        known = {*self._told, *self._kustomizations}
        links = {path: self._links(path) & known for path in self._kustomizations}
        included = set[Path]().union(*links.values())
        tops: list[Path] = []
        reached: set[Path] = set()
        # Those come first that none includes; of some that go in a circle, one is the top.
        for path in sorted(links, key=included.__contains__):
            tops += () if path in reached else (path,)
            for one in (waiting := [path]):
                waiting += () if one in reached else links.get(one, ())
                reached.add(one)
        around = {up for path in tops for up in path.parent.parents}
        whole = {path.parent for path in tops} - {*around, self._root}
        yield from (path.parent if path.parent in whole else path for path in tops)
        for path in self._told:
            if path not in reached and whole.isdisjoint(path.parents):
                mostly = [up for up in path.parents if self._is_mostly_manifests(up)]
                yield mostly[-1] if mostly else path

    def _links(self, path: Path) -> set[Path]:
        """Return the files that a Kustomization includes, if it can be read."""
        found: set[Path] = set()
        try:
            for document in read_documents(Request(path=path, root=self._root), path):
                if isinstance(document, Document) and is_kustomization(document):
                    request = Request(path=document.path, root=self._root)
                    files = files_of(document, Gathering(request), request)
                    found.update(Path(os.path.normpath(file)) for file in files)
        except (InputError, OverBudgetError):
            pass
        return found

    def _is_mostly_manifests(self, folder: Path) -> bool:
        return folder not in self._closed and self._objects[folder] * 2 >= self._files[folder]


_NEVER = r"(?!)"
_LOGS = "log-retention"
# What manifests are known by: the objects that tell something, and those that are beside them.
_OBJECTS = (
    *GIVES,
    *("IngressClass", "GatewayClass", "ConfigMap", "PersistentVolumeClaim", "List"),
    *("Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"),
)


class Sign(Struct, frozen=True):
    """Files with such a name and such a beginning are of a kind.

    ``name`` matches the whole name; the beginning contains each of ``marks``, and not ``unless``.
    ``advice`` is what to do with files that no kind of source reads.
    """

    kind: str
    name: re.Pattern[str]
    marks: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str]
    advice: Text | None = None

    def is_on(self, beginning: str) -> bool:
        """Whether a file of such a name, with a beginning, is of the kind."""
        marked = all(mark.search(beginning) for mark in self.marks)
        return marked and not self.unless.search(beginning)


def _sign(
    kind: str, name: str, *marks: str, unless: str = _NEVER, advice: Text | None = None
) -> Sign:
    flags = re.MULTILINE
    patterns = tuple(re.compile(mark, flags) for mark in marks)
    return Sign(kind, re.compile(name, re.IGNORECASE), patterns, re.compile(unless, flags), advice)


_ANSWER = (
    r'\A\s*+\{(?:\s*+"Response"\s*+:\s*+\{)?[^\[]{0,1000}'
    r'"(?:InstanceSet|LoadBalancerSet|AddressSet|DiskSet|RecordList|DomainList|DomainSet'
    r"|LoadBalancers|LoadBalancerDescriptions|Reservations|HostedZones|ResourceRecordSets|logGroups"
    r"|DBInstances|loadbalancers|publicips|recordsets|log_groups|log_streams|EipAddresses"
    r"|(?:Instances|LoadBalancers|EipAddresses|DomainRecords|Domains|Items|Disks|Buckets)"
    r'"\s*+:\s*+\{\s*+"(?:Instance|KVStoreInstance|LoadBalancer|EipAddress|Record|Domain|PageData'
    r'|DBInstance|DBCluster|Disk|Bucket))"\s*+:\s*+\['
    r'|"OS-EXT-AZ:availability_zone"\s*+:|\A\s*+\{\s*+"ResponseMetadata"\s*+:'
)
"""The lists that the answers of the clouds' tools begin with."""

SIGNS = (
    _sign(
        "terraform-plan",
        r"(?!.*\.(?:tf|tofu)\.json).*\.json",
        r'"(?:planned_values|resource_changes)"\s*:'
        r'|"configuration"\s*:\s*\{\s*"(?:provider_config|root_module)"'
        r'|"format_version"\s*:\s*"[01]\.[^{]{0,200}"variables"\s*:',
    ),
    _sign("terraform-state", r".*\.tfstate", r'"version"\s*:\s*4\b'),
    _sign("cloud-export", r".*\.json", _ANSWER),
    _sign("serverless", r"s(?:\.[\w.-]+)?\.ya?ml", r"^edition:", r"^(?:services|resources):"),
    _sign("serverless", r"serverless\.ya?ml", r"^[ ]*component:"),
    _sign("serverless", r"cloudbaserc\.json", r'"envId"\s*:'),
    _sign("compose", r"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml", r"^services:"),
    _sign(
        "kubernetes",
        r"(?!.*\.icp\.ya?ml).*\.ya?ml",
        r"^apiVersion:[ \t]*[\"']?(?!pytest-icp/)[\w./-]+",
        rf"^kind:[ \t]*[\"']?(?:{'|'.join(_OBJECTS)})\b",
        # A template is not a manifest until it is rendered.
        unless=r"\{\{",
    ),
    # The image of nginx fills in the variables of its templates.
    _sign("nginx", r".*\.conf(?:\.template)?|nginx\.conf.*", r"^[^\S\n]*+(?:server|http)\s*+\{"),
    _sign("apache", r".*\.(?:conf|vhost)", r"(?i:^[^\S\n]*+<VirtualHost\b)"),
    _sign(
        "apache",
        r"(?:httpd|apache2?)\.conf",
        r"(?i:^[^\S\n]*+(?:Listen|Include|IncludeOptional|ServerRoot)\b)",
    ),
    # An address or a snippet that opens a block, or a file without any.
    _sign("caddy", r"caddyfile(?:\..+)?|.*\.caddy(?:file)?", r"^[^\s#]"),
    _sign("html", r"(?:index/)?(?:index|home|default)\.html?", r"(?i:<!doctype html|<html)"),
    _sign("zone", r".*\.(?:zone|hosts|db)|db\..*|.*\.zone\..*", r"\bSOA\b"),
    _sign(
        "ansible",
        r"[\w-]+(?:\.(?:ini|cfg|inventory|ya?ml))?",
        r"^\[[^\]\n]+\]|^[ ]*(?:hosts|children):",
        r"\bansible_(?:(?:ssh_)?(?:host|user|port|pass|private_key_file)|connection)[ \t]*+[=:]",
        # A play names hosts, and the modules that they are given to.
        unless=r"^-|^kind:",
    ),
    _sign("ansible", r"(?:hosts|inventory)(?:\.(?:ini|inventory))?", r"^\[[\w.:-]+\]"),
    _sign("app", r"project\.(?:config|tt|swan)\.json", r'"(?:qq)?appid"\s*:\s*"(?!tourist)\w'),
    _sign("app", r"manifest\.json", r'"mp-[a-z]+"\s*:\s*\{[^{}]{0,500}"appid"\s*:\s*"\w'),
    _sign("app", r"build\.gradle(?:\.kts)?", r"\bapplicationId\b"),
    _sign("app", r"project\.pbxproj", r"\barchiveVersion\b"),
    _sign("app", r"app\.json5", r'"bundleName"'),
    # What is for tests alone keeps no log.
    _sign(
        _LOGS,
        r"logback(?!-test).*\.xml|.*logback(?:-spring)?\.xml",
        r"FileAppender|<include\b(?![^>]{0,200}org/springframework)",
    ),
    _sign(_LOGS, r"log4j2(?!-test).*\.(?:xml|properties|ya?ml|json)", r"(?i:RollingFile|<File\b)"),
    _sign(
        _LOGS,
        r"(?:application|bootstrap)(?!-test).*\.(?:ya?ml|properties)",
        r"^[^\S\n]*+[\w.-]{0,60}(?i:max-?history|accesslog)",
    ),
    # What Nacos keeps of a service is called after it.
    _sign(
        _LOGS,
        r"(?!application-?test).*\.(?:ya?ml|properties)",
        r"^(?:logging|server)[.:]",
        r"^[^\S\n]*+(?:[\w-]{1,60}\.){0,6}(?i:max-?history|accesslog)[ \t]*+[:=.]",
    ),
    _sign(
        _LOGS,
        r"logrotate\.d/.+|logrotate[\w.-]*\.conf|.*\.logrotate",
        r"^[^\S\n]*+(?:rotate[ \t=]++[-\d]|(?:dai|week|month|year)ly\s)",
    ),
    # Whatever it is called: paths, and below them how many files are kept.
    _sign(
        _LOGS,
        r"[\w-]+(?:\.conf|\.cfg|\.txt)?",
        r"^[^\S\n]*+[\"']?/[^{}#\n]{1,400}\{[^\S\n]*+$",
        r"^[^\S\n]*+rotate[ \t=]++\d+[^\S\n]*+$",
    ),
    _sign(
        _LOGS,
        r"cron\.d/.+|crontab.*|.*\.(?:sh|cron)",
        r"-[acm]time\b[^\n]{0,200}(?:-delete|\brm)\b",
        r"(?i:log)",
    ),
    _sign(_LOGS, r".*\.json", r'"(?:phases|default_state)"\s*+:', r'"(?:actions|transitions)"'),
    _sign(_LOGS, r".*loki.*\.ya?ml", r"^(?:limits_config|schema_config|table_manager):"),
    _sign(_LOGS, r".*filebeat.*\.ya?ml", r"^setup\.ilm", r"^output\.elasticsearch"),
)
"""The signs of all kinds; the first that a file bears tells its kind.

Registers are known by their headings (`register.files.recognised`), Terraform by its folder.
"""


_SITES = Text(
    zh="{what} 配置不读取，其网站请在描述中手写，或者列入登记表（sites）",
    en="configurations of {what} are not read: declare their sites by hand or in a register "
    "(`sites`)",
)


_PYTHON = Text(zh="Python logging 的配置", en="the configuration of Python's `logging`")
_STORES = Text(
    zh="{what}：不读取，其日志库请在描述中手写，或者列入登记表（log_stores）",
    en="{what} is not read: declare its stores of logs by hand or in a register (`log_stores`)",
)


def _without_stores(what: Text, name: str, *marks: str) -> Sign:
    return _sign(_LOGS, name, *marks, advice=_STORES.format(what=what))


_CHART = Text(zh="Helm 图表", en="a Helm chart")
_MANIFESTS = r".*\.ya?ml"
_RENDER = Text(
    zh="{what}不渲染：运行 {command}，把输出写为 kubernetes 类型的来源",
    en="{what} is not rendered here: name the output of `{command}` as a source of kind kubernetes",
)


def _rendered(what: Text, command: str, name: str, *marks: str) -> Sign:
    return _sign("kubernetes", name, *marks, advice=_RENDER.format(what=what, command=command))


_FILLED_IN = Text(
    zh="{what}在这里不填充：请把服务器上生成的文件保存到仓库，再写为来源",
    en="{what} is not filled in here: save the file that it becomes on a server, and name that "
    "as a source",
)
_SERVED = Text(
    zh="主页由程序生成：请保存访问者得到的页面（curl -L https://HOST/ > index.html），写为 html "
    "类型的来源；其中直接写有编号的，也可以写它本身",
    en="a home page is made by a program: save the page that visitors get (`curl -L https://HOST/ "
    "> index.html`), and name it as a source of kind html; one in which the number itself stands "
    "may be named as it is",
)
_COMPONENT = Text(
    zh="组件中直接写有许可证编号：主页是单页应用外壳的，把它写为 html 类型的来源，并写明 host",
    en="a component in which a licence number stands: where the home page is the shell of an "
    "application, name this as a source of kind html, with its `host`",
)
_INCLUDES = (
    r"<%@\s*+(?:page|include|taglib)\b|<jsp:|\bget_(?:header|footer)\s*+\(|<(?:include|extend)\s"
    r"|\{(?:include|extend|template|layout)\b|\{%-?\s*+(?:extends|include)\b|@(?:extends|include)\b"
    r"|<#(?:include|import)\b|#parse\s*+\("
)
"""How a page that a program makes takes its head and foot from other files."""


def _template(what: Text, kind: str, *marks: str) -> Sign:
    name = r".*\.(?:j2|jinja2?|erb|tmpl|tpl)"
    return _sign(kind, name, *marks, advice=_FILLED_IN.format(what=what))


def _without_sites(what: str, name: str, *marks: str, unless: str = _NEVER) -> Sign:
    return _sign(what, name, *marks, unless=unless, advice=_SITES.format(what=what))


UNREAD = (
    _without_sites(
        "HAProxy", r".*\.cfg", r"^(?:frontend|listen)[ \t]", r"^[ \t]++(?:bind|mode|server)[ \t]"
    ),
    _without_sites("Caddy JSON", r"(?:.*[._-])?caddy\.json", r'"apps"\s*+:'),
    _without_sites("Kong", r".*\.(?:ya?ml|json)", r"^[ \t{]*+[\"']?_format_version[\"']?[ \t]*+:"),
    _without_sites(
        "APISIX",
        r"(?:apisix|adc)(?:[._-].*)?\.ya?ml",
        r"^(?:routes|services|ssls|stream_routes):",
        unless=r"^(?:apiVersion|_format_version):",
    ),
    _without_sites(
        "APISIX", r".*\.ya?ml", r"^(?:routes|services|ssls|stream_routes):", r"^#END[ \t]*+$"
    ),
    _without_sites(
        "Traefik",
        r".*\.ya?ml",
        r"^(?:http|tcp):[ \t]*+(?:#[^\n]*+)?\n(?:[ \t]++[^\n]*+\n|\n|#[^\n]*+\n)*?[ \t]++routers:",
        unless=r"^(?:apiVersion|openapi):",
    ),
    _without_sites(
        "Traefik",
        r".*\.toml",
        r"^[ \t]*+\[(?:http|tcp)\.routers\b|^[ \t]*+\[frontends\]",
    ),
    _without_stores(
        Text(zh="Tomcat 的 server.xml", en="server.xml of Tomcat"), r"server\.xml", "AccessLogValve"
    ),
    _without_stores(
        Text(zh="Log4j 1 的配置", en="the configuration of Log4j 1"),
        r"log4j\.(?:xml|properties)",
        r"^log4j\.appender\.\S{1,200}FileAppender|<appender\b",
    ),
    _without_stores(
        plain("journald.conf"),
        r"journald\.conf",
        r"^(?:Storage|SystemMaxUse|MaxRetentionSec)\s*+=",
    ),
    _without_stores(
        plain("Fluent Bit"), r".*fluent.*\.(?:conf|ya?ml)", r"(?i:^\[output\])|^pipeline:"
    ),
    _without_stores(
        plain("Logstash"), r".*\.conf", r"^[ \t]*+output[ \t]*+\{", r"\belasticsearch[ \t]*+\{"
    ),
    _without_stores(
        Text(zh=".NET 程序的日志配置", en="the configuration of logs of a .NET program"),
        r"appsettings[\w.-]*\.json|(?:nlog|log4net|app|web)[\w.-]*\.config",
        r"\bretainedFileCountLimit\b|\bmaxArchiveFiles\b|\bRollingFileAppender\b",
    ),
    _without_stores(_PYTHON, r".*\.(?:conf|ini|cfg)", r"^\[handler_", r"FileHandler"),
    _without_stores(_PYTHON, r".*log.*\.(?:ya?ml|json)", r"\bhandlers[\"']?\s*+:", r"FileHandler"),
    _without_stores(
        Text(zh="Go 程序的日志配置", en="the configuration of logs of a Go program"),
        r"(?:app|conf|config|log|settings)[\w.-]*\.(?:ya?ml|toml|json)",
        r"(?i:max[-_]?age\b[^{}]{0,300}\bmax[-_]?backups?\b|max[-_]?backups?\b[^{}]{0,300}\bmax[-_]?age\b)",
    ),
    _without_stores(
        Text(zh="Kubernetes 中日志服务的自定义资源", en="a custom resource of a log service"),
        _MANIFESTS,
        rf"^kind:[ \t]*[\"']?(?:{'|'.join(kinds_giving(LOGS))})\b",
    ),
    _rendered(
        Text(zh="Argo CD 部署的内容", en="what Argo CD deploys"),
        "argocd app manifests",
        _MANIFESTS,
        r"^apiVersion:[ \t]*[\"']?argoproj\.io/",
        r"^kind:[ \t]*[\"']?Application(?:Set)?\b",
    ),
    _rendered(
        Text(zh="Flux 部署的内容", en="what Flux deploys"),
        "flux build kustomization",
        _MANIFESTS,
        r"^apiVersion:[ \t]*[\"']?kustomize\.toolkit\.fluxcd\.io/",
    ),
    _rendered(
        _CHART,
        "helm template",
        _MANIFESTS,
        r"^apiVersion:[ \t]*[\"']?helm\.toolkit\.fluxcd\.io/",
        r"^kind:[ \t]*[\"']?HelmRelease\b",
    ),
    _sign("serverless", r"serverless\.ya?ml", r"^provider:", advice=FRAMEWORK),
    _rendered(_CHART, "helm template", r"Chart\.ya?ml", r"^name:"),
    _template(
        Text(zh="网站服务器配置的模板", en="a template of a web server's configuration"),
        "nginx",
        r"^[^\S\n]*+(?:(?:server|http)\s*+\{|<VirtualHost\b)",
    ),
    _template(
        Text(zh="logrotate 配置的模板", en="a template of logrotate's configuration"),
        _LOGS,
        r"^[^\S\n]*+rotate[ \t]",
    ),
    _sign(
        "html",
        r"index/index\.html?|(?:index|home|default|welcome)\.(?:phtml|(?:blade\.)?php|jspx?|aspx?"
        r"|cshtml|ftlh?|vm|tpl|twig|ejs)",
        rf"(?i:<html|<body|<footer)|{_INCLUDES}",
        advice=_SERVED,
    ),
    _sign(
        "html",
        r".*(?:foot|copyright|beian|icp).*\.(?:vue|jsx|tsx)",
        r"[AB][12]\s?-\s?(?:19|20)[0-9]{6}",
        advice=_COMPONENT,
    ),
)
"""The signs of files that are named to whoever begins a description, and not read."""


MOST_READ = 5_000
"""The search ends after reading the beginning of this many files."""

HEAD_BYTES = 64 * 1024
"""How many bytes of a file are read."""

_LEFT_OUT = {
    *("node_modules", "__pycache__", "venv", "site-packages", "vendor"),
    # Maven copies what it packs.
    "target",
    # Nothing in these is deployed.
    *("test", "tests", "testdata", "fixtures", "__tests__", "coverage", "htmlcov"),
}
_MAIN = {
    "nginx": {"nginx.conf"},
    "caddy": {"Caddyfile"},
    "apache": {"httpd.conf", "apache2.conf"},
}
"""The main files of configurations, beside which are their parts."""
_TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")
_ROTATED = "logrotate.d"
"""What the folder of logrotate is called where it is installed; in a repository also without .d."""
_REGISTERS = (".csv", ".tsv", ".xlsx", ".xlsm")
_ORIGIN = re.compile(r"^\$ORIGIN\s+\S+\.\s*$", re.MULTILINE)
_ZONE_NAME = re.compile(r"(?:db\.)?(?P<domain>[\w.-]+?)(?:\.zone|\.hosts|\.db)?(?:\.txt)?")


class SourceCandidate(Struct, frozen=True):
    """A file or folder that could be an entry of ``sources``.

    ``origin`` is the domain of a zone file that does not declare its own, ``list`` the list of a
    register whose name does not tell it. One that is ``whole`` is a part of no other.
    """

    kind: str
    path: Path
    origin: str = ""
    list: str = ""
    whole: bool = False


class Search(Struct, frozen=True):
    """The result of a search, by kind and path; ``complete`` is False if it ended early.

    ``unread`` are files that no kind of source reads, by what to do with them instead.
    """

    sources: tuple[SourceCandidate, ...]
    complete: bool
    unread: Mapping[Text, Sequence[Path]] = field(default_factory=dict)


def find_sources(
    root: Path, told: Callable[[int, int], object] = lambda _done, _every: None
) -> Search:
    """Find plans, Terraform, manifests, nginx, zones, home pages and registers below a folder.

    Hidden folders, folders of packages and tests, and symbolic links are skipped. Nothing outside
    the folder is read, and of what is found only registers and Kustomizations are parsed. How many
    folders are done of how many is ``told``.
    """
    folders, complete = _folders(root)
    left = MOST_READ
    found: list[SourceCandidate] = []
    unread = defaultdict[Text, list[Path]](list)
    manifests = ManifestFiles(root)
    for done, (folder, names, is_whole) in enumerate(folders):
        told(done, len(folders))
        if left <= 0:
            complete = False
            break
        manifests.enter(folder, names, whole=is_whole)
        if any(name.endswith(_TERRAFORM) for name in names):
            found.append(SourceCandidate("terraform", folder))
        here: list[SourceCandidate] = []
        for path in (folder / name for name in names):
            is_register = path.name.lower().endswith(_REGISTERS)
            signs = [sign for sign in (*SIGNS, *UNREAD) if sign.name.fullmatch(_called(path))]
            left -= bool(signs or is_register)
            text = _beginning(path, root) if signs else ""
            sign = next((one for one in signs if one.is_on(text)), None)
            is_manifest = sign is not None and sign.kind == "kubernetes" and not sign.advice
            manifests.add(path, text, told=is_manifest)
            if is_register:
                here += _register(path, root, unread)
            elif sign and sign.advice:
                unread[sign.advice].append(path)
            elif sign and not is_manifest:
                here += _source(sign.kind, path, text)
        # Of a folder, the zone of tomorrow is read as well.
        kind = "" if folder == root else _of_folder(names, here)
        found += [SourceCandidate(kind, folder)] if kind else here
    found += [SourceCandidate("kubernetes", path) for path in manifests.entries()]
    known = dict.fromkeys(found)
    sources = (source for source in known if not _is_included(source, known))
    in_order = sorted(sources, key=lambda source: (source.kind, source.path))
    return Search(tuple(in_order), complete=complete, unread=unread)


def _folders(root: Path) -> tuple[list[tuple[Path, list[str], bool]], bool]:
    """Return folders with their files, and whether everything in each is looked at.

    They are those with the first `MOST_FILES` files; also returned is whether these are all.
    """
    found: list[tuple[Path, list[str], bool]] = []
    files = 0
    for folder, names, inside in folders_below(
        [root], passes=lambda name: is_hidden(name) or name in _LEFT_OUT
    ):
        shown = (name for name in names if not is_hidden(name))
        plain = [name for name in shown if not (folder / name).is_symlink()]
        files += len(plain)
        if files > MOST_FILES:
            return found, False
        found.append((folder, plain, _LEFT_OUT.isdisjoint(inside)))
    return found, True


def _beginning(path: Path, root: Path) -> str:
    try:
        raw = read_start(path, root=root, size=HEAD_BYTES)
    except InputError:
        return ""
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return raw.decode(encoding, errors="replace")


def _called(path: Path) -> str:
    """Return the name of a file, with that of its folder where the folder tells the format."""
    if path.parent.name.lower() == "index" and path.name.lower().endswith((".html", ".htm")):
        # The view of the controller that answers for the home page.
        return f"index/{path.name}"
    rotated = path.parent.name in {_ROTATED, _ROTATED.removesuffix(".d")}
    return f"{_ROTATED}/{path.name}" if rotated else path.name


def _source(kind: str, path: Path, text: str) -> Iterator[SourceCandidate]:
    if kind != "zone":
        whole = kind == "nginx" and re.search(WHOLE, text, re.MULTILINE) is not None
        yield SourceCandidate(kind, path, whole=whole)
    elif not STOCK.fullmatch(path.name):
        name = _ZONE_NAME.fullmatch(path.name)
        origin = name["domain"] if name and not _ORIGIN.search(text) else ""
        known = host_of(origin) if "." in origin else None
        yield SourceCandidate(kind, path, known or "")


def _register(
    path: Path, root: Path, unread: Mapping[Text, list[Path]]
) -> Iterator[SourceCandidate]:
    from pytest_icp.sources.register.files import recognised, tables_at, tells_something

    grids = tables_at(path, root)
    named = recognised(path, grids)
    if named is not None:
        yield SourceCandidate("register", path, list=named)
    elif tells_something(grids):
        unread[_TABLE].append(path)


_TABLE = Text(
    zh="表格的列名不是登记表的列名：解析记录请导出为区域文件，写为 zone 类型的来源；"
    "域名、服务器等的台账请改用登记表的列名，写为 register 类型的来源",
    en="a table whose headings are not those of a register: export records of DNS as a zone "
    "file, a source of kind zone; give a table of domains or servers the headings of a register, "
    "a source of kind register",
)


def _of_folder(names: Sequence[str], found: Sequence[SourceCandidate]) -> str:
    """Return the kind that a folder is as a whole; empty if its files are listed one by one.

    A folder of zones has nothing else, and each is named after its domain.
    """
    kinds = {source.kind for source in found}
    if len(kinds) != 1 or {source.path.name for source in found} != set(names):
        return ""
    # A record leads to the machine that stands in another answer.
    if kinds == {"cloud-export"} and len(found) > 1:
        return "cloud-export"
    named = all(name.endswith(SUFFIXES) and "." in Path(name).stem for name in names)
    return "zone" if kinds == {"zone"} and named else ""


def _is_included(source: SourceCandidate, others: Iterable[SourceCandidate]) -> bool:
    """Whether reading another source includes this one.

    A folder that calls a module includes it, and one of exports those below; the main file of a
    web server includes the parts of its configuration; a home page stands for those below it.
    """
    if source.kind in {"terraform", "cloud-export"}:
        above = {other.path for other in others if other.kind == source.kind}
        module = source.kind == "terraform" and "modules" in source.path.parts
        return module or any(up in above for up in source.path.parents)
    if source.kind in _MAIN:
        main = _MAIN[source.kind]
        mains = {other.path.parent for other in others if other.path.name in main}
        # What a template is filled into has another name.
        own = source.whole or source.path.suffix == ".template"
        part = source.path.name not in main and not own
        return part and any(up in mains for up in source.path.parents)
    if source.kind == "html":
        above = {other.path.parent for other in others if other.kind == "html"}
        return any(up in above for up in source.path.parent.parents)
    return False
