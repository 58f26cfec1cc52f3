"""A standing attack on every reader and on valid descriptions.

``python -m tests.attack.fuzzing [--minutes N] [--inputs N] [--seed N]`` goes on for so long, and
prints figures: inputs, how many were read, crashes, the slowest and the largest. What is found is
made small and kept in ``tests/attack/found``, whose files a test reads again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import sys
import tempfile
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
from pytest_icp.facts.pages.templates import certain
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
from tests.attack.mutating import Mutator, shrunk
from tests.attack.reading import trace
from tests.helpers import REAL, ROOT, kind_of_folder
from tests.sources.terraform.language.test_functions import KNOWN

FOUND = ROOT / "tests" / "attack" / "found"
EXAMPLES = ROOT / "examples"
SETTINGS: Mapping[str, Mapping[str, Json]] = {
    "cloud-export": {"origin": "a.cn"},
    "zone": {"origin": "a.cn"},
    "html": {"host": "www.a.cn"},
    "app": {"host": "www.a.cn"},
}
INVENTORIES = (
    "[a:vars]\ncloud=aliyun\n[a]\nb[1:3] region=cn-beijing ansible_host=203.0.113.1\n",
    "a: {hosts: {b: {idc: 北京}}, children: {c: {hosts: {'d[a:c]': }, vars: {dc: 上海}}}}\n",
)
APPS = (
    '{"appid": "wx1234", "mp-alipay": {"appid": "2021"}, /* a */ "app": {"bundleName": "a.b"}}\n',
)
BUILDS = ('PRODUCT_BUNDLE_IDENTIFIER = "a.b.c"; // d\nPRODUCT_BUNDLE_IDENTIFIER = a.b.c.d;\n',)
ALSO = {
    "nginx": ["examples/**/*.conf"],
    "zone": ["examples/repository/dns/*"],
    "html": ["examples/**/*.html"],
}
"""Files beside the real ones that texts are made from."""
AS_OF = "2023-11-20"
SLOW = 5.0
"""Seconds of the processor that no input of this size may take."""
HANGS = 60
"""After so many of them a reader is interrupted."""
LARGE = 1024
"""MiB of memory that nothing takes."""
ADDRESSES = 4096
"""MiB of address space, as a child process has it."""

Read = Callable[[str, Path], bool]
"""Reads a text, with a folder to write it to; says if it was not refused."""


class Reader(Struct, frozen=True):
    """What reads texts, and how they are made; ``seeds`` are those that they are made from.

    ``turns`` is how often it is asked in a round: what takes a hundredth of a second, less often.
    """

    read: Read
    seeds: tuple[str, ...]
    make: Callable[[Mutator], str] | None = None
    turns: int = 20

    def text(self, mutator: Mutator) -> str:
        """Return a new text."""
        return self.make(mutator) if self.make else mutator.text(self.seeds)


def _source(kind: str, settings: Mapping[str, Json], text: str, folder: Path) -> bool:
    raw = text.encode("utf-8", "surrogatepass")
    request = Request(path=Path("-"), root=folder, folder=folder, given=raw, settings=settings)
    try:
        trace(KINDS[kind].read(request))
    except (InputError, OverBudgetError):
        return False
    return True


def _from_file(name: str, read: Callable[[Path], object], text: str, folder: Path) -> bool:
    path = folder / name
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        read(path)
    except InputError as error:
        return not error.text("zh")
    return True


def _register(path: Path) -> None:
    request = Request(path=path, root=path.parent, folder=path.parent)
    trace(KINDS["register"].read(request))


_COMPONENTS = (
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


def _component(text: str, _: Path) -> bool:
    for name in ("a.vue", "a.tsx"):
        path = Path("src", name)
        for code in (text, *_COMPONENTS[:3]):
            certain(path, completed(path, code, lambda _: text.encode("utf-8", "surrogatepass")))
    return True


def _build(path: Path) -> None:
    request = Request(path=path, root=path.parent, settings=SETTINGS["app"])
    trace(KINDS["app"].read(request))


def _places(path: Path) -> None:
    source = read_source(path)
    source.place("/sites/0/domains", of="key")
    source.place_to_write(("company", "name"))


def _decided(path: Path) -> None:
    for result in evaluate(load(path, root=path.parent), as_of=AS_OF):
        assert result.reason.zh


def _words(text: str, _: Path) -> bool:
    numbers_in(text)
    parse_addresses(text)
    hosts_of(text)
    has_pattern(text)
    try:
        normal_host(text)
    except HostError:
        return False
    return True


def _texts(*patterns: str) -> tuple[str, ...]:
    found = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    files = [path for path in found if path.is_file()]
    about = {".tsv", ".md"}
    kept = [
        path
        for path in files
        if ".facts." not in path.name and path.suffix not in about and path.stat().st_size < 60_000
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


def _plan(plans: list[Any], mutator: Mutator) -> str:
    return json.dumps(mutator.document(mutator.random.choice(plans)))


def _sources() -> Iterator[tuple[str, Reader]]:
    """Yield a reader for each kind of source that there are real files of."""
    for folder in sorted(path for path in REAL.iterdir() if path.is_dir()):
        kind = kind_of_folder(folder.name)
        texts = _texts(f"tests/data/real/{folder.name}/**/*", *ALSO.get(kind, ()))
        yield kind, Reader(partial(_source, kind, SETTINGS.get(kind, {})), texts)


@cache
def readers() -> Mapping[str, Reader]:
    """Return every reader but that of PDF, which is a library of others in a child process."""
    plans = _texts("tests/data/real/plan/doc_*.json")
    answers = _texts("tests/data/real/cloud-export/*.json")
    document = whole_document()
    whole = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    descriptions = (whole, *_texts("examples/etaoche/*.yaml", "examples/etaoche/facts/*.yaml"))
    licences = _texts("tests/data/paper/*.txt")
    terraform = _texts("examples/*/infra/main.tf")
    rows = [json.dumps(document), *descriptions[:1], '{"apiVersion": "pytest-icp/v1"}', ""]
    tables = (packed.parquet(rows), packed.parquet(rows, use_dictionary=False, compression="zstd"))
    book, archive = packed.parts_of(packed.book()), (packed.book().decode("latin-1"),)
    return {
        **dict(_sources()),
        "ansible": Reader(partial(_source, "ansible", {}), INVENTORIES),
        "app": Reader(partial(_source, "app", SETTINGS["app"]), APPS),
        "app, of a build": Reader(partial(_from_file, "project.pbxproj", _build), BUILDS),
        "export, by value": Reader(
            partial(_source, "cloud-export", SETTINGS["cloud-export"]),
            answers,
            partial(_plan, [json.loads(answer) for answer in answers]),
        ),
        "plan, by value": Reader(
            partial(_source, "terraform-plan", {}),
            plans,
            partial(_plan, [json.loads(plan) for plan in plans]),
        ),
        "register": Reader(
            partial(_from_file, "投诉登记表.csv", _register),
            (
                "标识,种类,收到时间,答复时间\nc-1,service,2023/9/1,2023年9月10日\nc-2,fee,,未发生\n",
                "id,kind,received_at\nc-1,service,45170\n",
            ),
        ),
        "workbook": Reader(packed.read_parts, book, partial(packed.part_changed, book), turns=5),
        "archive": Reader(packed.read_archive, archive, partial(packed.flipped, archive), turns=5),
        "JSON Lines": Reader(packed.lines, ("\n".join(rows),), turns=1),
        "Parquet": Reader(packed.columns, tables, partial(packed.flipped, tables), turns=5),
        "Parquet, by value": Reader(packed.columns, tables, partial(packed.table, rows), turns=1),
        "Terraform source": Reader(packed.read_terraform, terraform, turns=5),
        "Terraform functions": Reader(
            packed.read_terraform,
            terraform,
            partial(packed.functions, terraform, [*KNOWN]),
            turns=5,
        ),
        "YAML": Reader(partial(_from_file, "a.icp.yaml", _places), descriptions),
        "JSON": Reader(
            partial(_from_file, "a.icp.json", _places), (json.dumps(document["licence"]),)
        ),
        "description": Reader(partial(_from_file, "a.icp.yaml", load), descriptions, turns=1),
        "valid description": Reader(
            partial(_from_file, "a.icp.json", _decided),
            (json.dumps(document),),
            partial(valid, document),
            turns=1,
        ),
        "licence": Reader(
            partial(_from_file, "licence.txt", lambda path: read_licence(read_pages(path)[1])),
            licences,
            turns=2,
        ),
        "component": Reader(_component, _COMPONENTS),
        "words": Reader(
            _words,
            (
                *(
                    "京ICP备12345678号-1 京公网安备 11010502000001号",
                    "京B2-20210001、粤B1.B2-20190002",
                ),
                *(
                    "Host(`a.cn`) || !HostSNI(`b.cn`)",
                    "http://www.例子.cn:8080/",
                    "北京市海淀区中关村大街1号院2号楼",
                ),
            ),
        ),
    }


class Figures(Struct):
    """What came of one reader."""

    inputs: int = 0
    read: int = 0
    crashes: int = 0
    slowest: float = 0.0
    largest: int = 0


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


def memory() -> int:
    """Return the most MiB that this process has had; 0 where nobody can tell."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)


def _bounded() -> None:
    """Let this process have no more memory than a child would."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES * 1024 * 1024, hard))


def failure(reader: Reader, text: str, folder: Path) -> str:
    """Return what is wrong with how a text is read: its exception and line, or that it is slow."""
    return outcome(reader, text, folder)[0]


def outcome(reader: Reader, text: str, folder: Path) -> tuple[str, bool, float]:
    """Return the failure, whether the text was read, and the seconds that it took."""
    begun, before = time.process_time(), memory()
    try:
        with _interrupted():
            was_read = reader.read(text, folder)
    except (Exception, _Hangs) as error:  # noqa: BLE001 - whatever is raised is what is looked for
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} {Path(frame.filename).name}:{frame.lineno}", False, 0.0
    took = time.process_time() - begun
    large = memory() > max(before, LARGE)
    return "slow" if took > SLOW else "large" if large else "", was_read, took


def attack(
    name: str, reader: Reader, mutator: Mutator, figures: Figures, folder: Path, found: Path
) -> None:
    """Read one new text; keep it, made small, if it fails in a way that was not seen before."""
    text = reader.text(mutator)
    failed, was_read, took = outcome(reader, text, folder)
    figures.inputs += 1
    figures.read += was_read
    figures.slowest = max(figures.slowest, took)
    figures.largest = max(figures.largest, len(text))
    if not failed:
        return
    figures.crashes += 1
    digest = hashlib.sha256(f"{name} {failed}".encode()).hexdigest()[:8]
    file = found / f"{name.replace(', ', '-').replace(' ', '-')}.{digest}.txt"
    if not file.exists():
        found.mkdir(exist_ok=True)
        small = text
        if failed not in {"slow", "large"} and not failed.startswith("_Hangs"):
            small = shrunk(text, lambda shorter: failure(reader, shorter, folder) == failed)
        file.write_bytes(small.encode("utf-8", "surrogatepass"))
        sys.stderr.write(f"{name}: {failed}: {file}\n")


def run(minutes: float, inputs: int, seed: int, found: Path) -> Mapping[str, Figures]:
    """Attack each reader in turn until time or the number of inputs is reached."""
    mutator = Mutator(seed)
    each = readers()
    figures = {name: Figures() for name in each}
    ends = time.monotonic() + minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".git").mkdir()
        total = 0
        while total < inputs and time.monotonic() < ends:
            for name, reader in each.items():
                for _ in range(reader.turns):
                    attack(name, reader, mutator, figures[name], Path(folder), found)
                    total += 1
    return figures


def table(figures: Mapping[str, Figures]) -> str:
    """Return the figures as text."""
    lines = [f"{'reader':20}{'inputs':>9}{'read':>9}{'crashes':>9}{'slowest':>10}{'largest':>10}"]
    for name, one in figures.items():
        slowest = f"{one.slowest:.2f} s"
        counts = f"{one.inputs:>9,}{one.read:>9,}{one.crashes:>9,}"
        lines.append(f"{name:20}{counts}{slowest:>10}{one.largest:>10,}")
    total = sum(one.inputs for one in figures.values())
    return "\n".join([*lines, f"{memory():,} MiB at most", f"{total:,} inputs in all"])


def main() -> int:
    """Attack, and return 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--inputs", type=int, default=10**9)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
    given = parser.parse_args()
    _bounded()
    sys.stdout.write(f"seed {given.seed}\n")
    figures = run(given.minutes, given.inputs, given.seed, FOUND)
    sys.stdout.write(table(figures) + "\n")
    return int(any(one.crashes for one in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
