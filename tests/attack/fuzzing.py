"""Every reader, and broken texts for it, made from given ones."""

from __future__ import annotations

import json
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from pytest_icp.authoring.strategies.trial import is_valid
from pytest_icp.engine import evaluate
from pytest_icp.facts.files.budget import OverBudgetError
from pytest_icp.facts.files.source import read_source
from pytest_icp.facts.merging import NOT_FACTS
from pytest_icp.facts.pages import completed
from pytest_icp.facts.pages.rendering import certain
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.numbers import numbers_in
from pytest_icp.law.places import parse_addresses
from pytest_icp.sources.hosts import has_pattern, hosts_of
from pytest_icp.sources.loading import KINDS, load
from pytest_icp.sources.paper import read_licence, read_pages
from pytest_icp.sources.request import Request
from tests.attack import packed
from tests.attack.mutating import Mutator
from tests.attack.reading import trace
from tests.helpers import REAL, ROOT, kind_of_folder
from tests.sources.terraform.language.test_functions import KNOWN

EXAMPLES = ROOT / "examples"
SETTINGS: Mapping[str, Mapping[str, Json]] = {
    "cloud-export": {"origin": "a.cn"},
    "zone": {"origin": "a.cn"},
    "html": {"host": "www.a.cn"},
    "app": {"host": "www.a.cn"},
}
ALSO = {
    "nginx": ["examples/**/*.conf"],
    "zone": ["examples/repository/dns/*"],
    "html": ["examples/**/*.html"],
}
"""Files beside the real ones that texts are made from."""
INVENTORIES = (
    "[a:vars]\ncloud=aliyun\n[a]\nb[1:3] region=cn-beijing ansible_host=203.0.113.1\n",
    "a: {hosts: {b: {idc: 北京}}, children: {c: {hosts: {'d[a:c]': }, vars: {dc: 上海}}}}\n",
)
APPS = (
    '{"appid": "wx1234", "mp-alipay": {"appid": "2021"}, /* a */ "app": {"bundleName": "a.b"}}\n',
)
BUILDS = ('PRODUCT_BUNDLE_IDENTIFIER = "a.b.c"; // d\nPRODUCT_BUNDLE_IDENTIFIER = a.b.c.d;\n',)
COMPLAINTS = (
    "标识,种类,收到时间,答复时间\nc-1,service,2023/9/1,2023年9月10日\nc-2,fee,,未发生\n",
    "id,kind,received_at\nc-1,service,45170\n",
)
COMPONENTS = (
    (
        "<template><p v-if='site.icp'>{{ site.icp }}</p></template>\n"
        "<script setup>\nimport site, { a as b } from './a.js'\nconst c = '京B2-20990001'</script>"
    ),
    (
        "<template><p>{{ site.icp }}</p></template><script>import site from '@/a'\n"
        "export default { data() { return { site } }, methods: { f() { return this.a } } }</script>"
    ),
    "import site from './a.js'\nexport default () => (<p a={b}>{site.icp}{/* c */}</p>)",
    (
        "// a\nconst a: A<B> = { icp: '京B2-20990001', b: [{}], c() { } } as const;\n"
        "export default a\nexport const b = `c`\nexport { a as c }\nmodule.exports = { d: 'e' }"
    ),
)
"""Components, and a module that they may import."""
WORDS = (
    "京ICP备12345678号-1 京公网安备 11010502000001号",
    "京B2-20210001、粤B1.B2-20190002",
    "Host(`a.cn`) || !HostSNI(`b.cn`)",
    "http://www.例子.cn:8080/",
    "北京市海淀区中关村大街1号院2号楼",
)
AS_OF = "2023-11-20"
SLOW = 5.0
"""Seconds of the processor that no input of this size may take."""
HANGS = 60
"""After so many of them a reader is interrupted."""

Read = Callable[[str, Path], object]
"""Reads a text, with a folder to write it to; raises `InputError` where it is refused."""


class Reader(Struct, frozen=True):
    """What reads texts, how they are made of ``seeds``, and whether it takes long for each."""

    read: Read
    seeds: tuple[str, ...]
    make: Callable[[Mutator], str] | None = None
    takes_long: bool = False

    def text(self, mutator: Mutator) -> str:
        """Return a new text."""
        return self.make(mutator) if self.make else mutator.text(self.seeds)


def _source(kind: str, settings: Mapping[str, Json], text: str, folder: Path) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    request = Request(path=Path("-"), root=folder, folder=folder, given=raw, settings=settings)
    trace(KINDS[kind].read(request))


def _file(name: str, read: Callable[[Path], object], text: str, folder: Path) -> None:
    path = folder / name
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    read(path)


def _source_file(kind: str, path: Path) -> None:
    settings = SETTINGS.get(kind, {})
    request = Request(path=path, root=path.parent, folder=path.parent, settings=settings)
    trace(KINDS[kind].read(request))


def _component(text: str, _: Path) -> None:
    for name in ("a.vue", "a.tsx"):
        path = Path("src", name)
        for code in (text, *COMPONENTS[:3]):
            certain(path, completed(path, code, lambda _: text.encode("utf-8", "surrogatepass")))


def _places(path: Path) -> None:
    source = read_source(path)
    source.place("/sites/0/domains", of="key")
    source.place_to_write(("company", "name"))


def _decided(path: Path) -> None:
    for result in evaluate(load(path, root=path.parent), as_of=AS_OF):
        assert result.reason.zh


def _words(text: str, _: Path) -> None:
    numbers_in(text)
    parse_addresses(text)
    hosts_of(text)
    has_pattern(text)
    try:
        normal_host(text)
    except HostError as refused:
        raise InputError("no host") from refused


def _texts(*patterns: str) -> tuple[str, ...]:
    found = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    kept = [
        path
        for path in found
        if path.is_file()
        and ".facts." not in path.name
        and path.suffix not in {".tsv", ".md"}
        and path.stat().st_size < 60_000
    ]
    assert kept, patterns
    return tuple(path.read_text("utf-8", "replace") for path in kept)


def whole_document() -> Any:
    """Return the facts of the example as one document, valid under the schema."""
    facts = load(EXAMPLES / "etaoche" / "etaoche.icp.yaml").facts
    kept = {key: value for key, value in facts.items() if key not in NOT_FACTS | {"licence_file"}}
    return json.loads(json.dumps({"apiVersion": "pytest-icp/v1"} | kept))


def valid(document: Any, mutator: Mutator) -> str:
    """Return a document that the schema allows, or what it refuses at the tenth attempt."""
    for _ in range(10):
        made = mutator.document(document)
        if is_valid(made):
            break
    return json.dumps(made)


def _by_value(kind: str, pattern: str) -> Reader:
    """A reader of JSON documents in which values are others."""
    texts = _texts(pattern)
    documents = [json.loads(text) for text in texts]

    def changed(mutator: Mutator) -> str:
        return json.dumps(mutator.document(mutator.random.choice(documents)))

    return Reader(partial(_source, kind, SETTINGS.get(kind, {})), texts, changed)


def _sources() -> Iterator[tuple[str, Reader]]:
    """Yield a reader for each kind of source that there are real files of."""
    for folder in sorted(path for path in REAL.iterdir() if path.is_dir()):
        kind = kind_of_folder(folder.name)
        texts = _texts(f"tests/data/real/{folder.name}/**/*", *ALSO.get(kind, ()))
        yield kind, Reader(partial(_source, kind, SETTINGS.get(kind, {})), texts)


def _described() -> Iterator[tuple[str, Reader]]:
    """Yield a reader of each form that a description has."""
    document = whole_document()
    written = json.dumps(document)
    whole = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    descriptions = (whole, *_texts("examples/etaoche/*.yaml", "examples/etaoche/facts/*.yaml"))
    rows = [written, whole, '{"apiVersion": "pytest-icp/v1"}', ""]
    tables = (packed.parquet(rows), packed.parquet(rows, use_dictionary=False, compression="zstd"))
    decided, made = partial(_file, "a.icp.json", _decided), partial(valid, document)
    table = partial(packed.table, rows)
    yield "YAML", Reader(partial(_file, "a.icp.yaml", _places), descriptions)
    licence = json.dumps(document["licence"])
    yield "JSON", Reader(partial(_file, "a.icp.json", _places), (licence,))
    read = partial(_file, "a.icp.yaml", load)
    yield "description", Reader(read, descriptions, takes_long=True)
    yield "valid description", Reader(decided, (written,), made, takes_long=True)
    yield "JSON Lines", Reader(packed.lines, ("\n".join(rows),), takes_long=True)
    yield "Parquet", Reader(packed.columns, tables, partial(packed.flipped, tables))
    yield "Parquet, by value", Reader(packed.columns, tables, table, takes_long=True)


@cache
def readers() -> Mapping[str, Reader]:
    """Return every reader but that of PDF, which is a library of others in a child process."""
    terraform = _texts("examples/*/infra/main.tf")
    functions = partial(packed.functions, terraform, [*KNOWN])
    book, archive = packed.parts_of(packed.book()), (packed.book().decode("latin-1"),)
    in_file = {kind: partial(_source_file, kind) for kind in ("app", "register")}
    return {
        **dict(_sources()),
        **dict(_described()),
        "ansible": Reader(partial(_source, "ansible", {}), INVENTORIES),
        "app": Reader(partial(_source, "app", SETTINGS["app"]), APPS),
        "app, of a build": Reader(partial(_file, "project.pbxproj", in_file["app"]), BUILDS),
        "export, by value": _by_value("cloud-export", "tests/data/real/cloud-export/*.json"),
        "plan, by value": _by_value("terraform-plan", "tests/data/real/plan/doc_*.json"),
        "register": Reader(partial(_file, "投诉登记表.csv", in_file["register"]), COMPLAINTS),
        "workbook": Reader(packed.read_parts, book, partial(packed.part_changed, book)),
        "archive": Reader(packed.read_archive, archive, partial(packed.flipped, archive)),
        "Terraform source": Reader(packed.read_terraform, terraform),
        "Terraform functions": Reader(packed.read_terraform, terraform, functions),
        "licence": Reader(
            partial(_file, "licence.txt", lambda path: read_licence(read_pages(path)[1])),
            _texts("tests/data/paper/*.txt"),
        ),
        "component": Reader(_component, COMPONENTS),
        "words": Reader(_words, WORDS),
    }


class _Hangs(BaseException):
    """A reader takes so long that it is interrupted; no reader catches it."""


def _interrupt(*_: object) -> None:
    raise _Hangs


@contextmanager
def _interrupted() -> Iterator[None]:
    """Interrupt what takes too long, where the system can."""
    if sys.platform == "win32":
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def failure(reader: Reader, text: str, folder: Path) -> str:
    """Return what is wrong with how a text is read: its exception and line, or that it is slow."""
    begun = time.process_time()
    try:
        with _interrupted():
            reader.read(text, folder)
    except InputError as refused:
        assert refused.text("zh")
    except OverBudgetError:
        pass
    except (Exception, _Hangs) as error:  # noqa: BLE001 - whatever is raised is what is looked for
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} {Path(frame.filename).name}:{frame.lineno}"
    return "slow" if time.process_time() - begun > SLOW else ""
