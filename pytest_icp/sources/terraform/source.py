"""Source kind ``terraform``: a folder of ``.tf`` files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Gap
from pytest_icp.law.text import Text
from pytest_icp.sources.remote import without_secrets
from pytest_icp.sources.terraform.outcome import EVERY_LIST, derived, unread_gaps
from pytest_icp.sources.terraform.source_files import Evaluation, evaluate
from pytest_icp.sources.terraform.source_places import SourceLinks, SourcePlaces
from pytest_icp.sources.terraform.source_resources import Blocks
from pytest_icp.sources.terraform.tables import row_of

if TYPE_CHECKING:
    from pytest_icp.facts.derived import Derived
    from pytest_icp.sources.request import Request


def read_source(request: Request) -> Derived:
    """Derive facts from a folder of ``.tf`` files (源码).

    Settings: ``vars``, files of variables in addition to those that Terraform loads by itself;
    ``region`` and ``regions`` (by alias) for providers without a region in the source.

    Raises `InputError` for a syntax error, for a folder without such files, and if the parser is
    not installed.
    """
    evaluated = evaluate(request)
    places = SourcePlaces(request, evaluated)
    blocks = Blocks(evaluated.resources)
    return derived(
        request,
        blocks.resources,
        SourceLinks(blocks, evaluated, places),
        gaps=(*_unread(blocks, places), *_gaps(evaluated, places)),
        unread=blocks.unmapped,
    )


def _unread(blocks: Blocks, places: SourcePlaces) -> Iterator[Gap]:
    first = {which[0].address: which[0] for which in blocks.unmapped.values()}
    addresses = {kind: [one.address for one in which] for kind, which in blocks.unmapped.items()}
    return unread_gaps(addresses, lambda one: places.at(first[one].file, first[one].line))


def _gaps(evaluated: Evaluation, places: SourcePlaces) -> Iterator[Gap]:
    """Yield a gap for each module that is not in the repository, and each block left open."""
    for call in evaluated.calls:
        source = without_secrets(call.source)
        shown = source == call.source
        yield Gap(
            message=_LACKING[call.why].format(module=call.address, source=source or "?"),
            place=places.of_block(call, "source", shown=shown),
            kinds=EVERY_LIST,
        )
    for one in evaluated.open:
        row = row_of(one.type)
        lists = row.lists if row else frozenset()
        kinds = EVERY_LIST if one.type == "module" else lists
        if kinds:
            place = places.at(one.file, one.line)
            yield Gap(message=_OPEN.format(block=one.address), place=place, kinds=kinds)


_LACKING = {
    "remote": Text(
        zh="{module} 来自远程（{source}），其中的资源不在仓库里；请改用计划（terraform-plan）",
        en="{module} is remote ({source}), so its resources are not in this repository; "
        "use a plan (terraform-plan) instead",
    ),
    "outside": Text(
        zh="{module} 的文件夹 {source} 在仓库之外，没有读取；请改用计划（terraform-plan）",
        en="the folder {source} of {module} is outside the repository, so it is not read; "
        "use a plan (terraform-plan) instead",
    ),
    "missing": Text(
        zh="{module} 的文件夹 {source} 不存在或没有 .tf 文件",
        en="the folder {source} of {module} does not exist or has no .tf files",
    ),
}
_OPEN = Text(
    zh="无法判断 {block} 有没有、有几个：count、for_each 或 enabled 取决于未知的值；"
    "请给出变量的值（vars），或改用计划（terraform-plan）",
    en="whether {block} exists, and how often, is not known: its `count`, `for_each` or `enabled` "
    "depends on unknown values; give the variables (`vars`), or use a plan (terraform-plan)",
)
