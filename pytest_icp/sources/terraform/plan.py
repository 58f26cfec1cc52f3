"""Source kind ``terraform-plan``: the output of ``terraform show -json``."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from pytest_icp.facts.derived import Gap
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.listing import listed
from pytest_icp.sources.terraform.configuration import Configuration, read_configuration
from pytest_icp.sources.terraform.document import Document, DocumentPlaces, Form
from pytest_icp.sources.terraform.outcome import EVERY_LIST, derived, unread_gaps
from pytest_icp.sources.terraform.plan_links import PlanLinks
from pytest_icp.sources.terraform.plan_resources import Changes
from pytest_icp.sources.terraform.tables import row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from pytest_icp.facts.derived import Derived
    from pytest_icp.sources.request import Request


def read_plan(request: Request) -> Derived:
    """Derive facts from a plan (计划) of Terraform or OpenTofu.

    Settings: ``region`` and ``regions`` (by alias) for providers without a region in the plan.

    Raises `InputError` if it is not a plan: a state, a log, a binary or encrypted plan, or JSON
    that is broken or cut off.
    """
    plan = _PlanReader(request)
    changes = plan.changes
    places = DocumentPlaces(request, PLAN, plan.document, changes.keys)
    variables = plan.variables if isinstance(plan.variables, dict) else {}
    links = PlanLinks(changes.resources, plan.configuration, variables, places.place)
    return derived(
        request,
        changes.resources,
        links,
        gaps=plan.gaps(),
        unread=changes.unmapped,
        remarks=tuple(plan.document.remarks),
    )


class _PlanReader:
    """Reads the relevant members of one plan."""

    def __init__(self, request: Request) -> None:
        self._path = request.path
        self.document = Document(request.path, request.read(), PLAN)
        self.document.find()
        self.changes = Changes(self.document)
        self.configuration: Configuration | None = None
        self.variables = self.document.in_utf8(self.document.value("variables"))
        written = self.document.in_utf8(self.document.value("configuration"))
        if isinstance(written, dict):
            self.configuration = read_configuration(written, self.document.kept)
        if not self.changes.take():
            self.changes.take_values(self.document.value("planned_values"), whole=False)
        prior = self.document.value("prior_state") if '"data.' in self.document.text else None
        if isinstance(prior, dict):
            # Of what was there before, only data sources are read.
            self.changes.take_values(prior.get("values"), managed=False)

    def gaps(self) -> Iterator[Gap]:
        """Yield what the plan does not tell of, or not yet."""
        place = Place(path=self._path)
        yield from unread_gaps(self.changes.unmapped, lambda _: place)
        if self.document.value("errored") is True:
            yield Gap(message=_ERRORED, place=place, kinds=EVERY_LIST)
        elif self.document.value("complete") is False:
            yield Gap(message=_INCOMPLETE, place=place, kinds=EVERY_LIST)
        deferred = self.document.value("deferred_changes")
        if isinstance(deferred, list) and deferred:
            message = _DEFERRED.format(n=len(deferred))
            yield Gap(message=message, place=place, kinds=EVERY_LIST)
        if lacking := self._lacking():
            message = _LACKING.format(which=listed(lacking))
            yield Gap(message=message, place=place, kinds=frozenset(chain(*lacking.values())))

    def _lacking(self) -> dict[str, frozenset[str]]:
        """Return what is declared and neither changes nor stays, with the lists that it gives."""
        declared = self.configuration.once() if self.configuration else ()
        return {
            address: row.lists
            for address in declared
            if address not in self.changes.bases
            and (row := row_of(address.split(".")[-2]))
            and row.lists
        }


_ERRORED = Text(
    zh="计划在出错后中止，可能缺少资源；请修正错误后重新生成",
    en="the plan stopped at an error, so resources may be missing; fix it and plan again",
)
_INCOMPLETE = Text(
    zh="计划不完整（complete: false，例如用了 -target），可能缺少资源；请生成完整的计划",
    en="the plan is incomplete (complete: false, as with -target), so resources may be missing; "
    "plan without a target",
)
_DEFERRED = Text(
    zh="计划推迟了 {n} 项变更，其资源不在计划中；请先应用，再重新生成",
    en="the plan defers {n:change}, whose resources are not in it; apply it, then plan again",
)


_LACKING = Text(
    zh="已声明而计划中没有的资源：{which}（例如用了 -target）；请生成完整的计划",
    en="resources that are declared but not in the plan, as with -target: {which}; plan without a "
    "target",
)


def _not_a_plan(members: Collection[str], _: Callable[[str], Any]) -> Text | None:
    names = set(members)
    if {"planned_values", "resource_changes"} & names:
        return None
    if "encrypted_data" in names:
        return _ENCRYPTED
    if {"lineage", "serial"} & names or "values" in names or {"version", "resources"} <= names:
        return _STATE
    return _LOG if "@level" in names or "@message" in names else _OTHER


_SHOW = Text(
    zh="用 terraform show -json 计划文件 > plan.json（OpenTofu 用 tofu show -json）生成",
    en="make it with: terraform show -json PLANFILE > plan.json (OpenTofu: tofu show -json)",
)
_ENCRYPTED = Text(
    zh="计划是加密的，无法读取；请在能解密的地方生成 JSON",
    en="the plan is encrypted, so it cannot be read; make the JSON where it can be decrypted",
)
_STATE = Text(
    zh="这是状态（state），不是计划：其中没有将要发生的变更",
    en="this is a state, not a plan: it does not show planned changes",
)
_LOG = Text(
    zh="这是 plan -json 的运行日志，不是计划", en="this is the log of plan -json, not a plan"
)
_OTHER = Text(
    zh="不是计划：既没有 planned_values 也没有 resource_changes",
    en="not a plan: it has neither planned_values nor resource_changes",
)
PLAN = Form(_not_a_plan, _SHOW, (("change", "after_unknown"), ("change", "after")))
