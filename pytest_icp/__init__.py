"""The special provisions of a Chinese telecom licence (特别规定事项) as tests.

The names here are stable. They are imported when first used, so that installing the plugin
costs a test run next to nothing. The word PYTEST_DONT_REWRITE tells pytest that nothing is lost
where this package was imported before it, as the commands do.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from pytest_icp.authoring import strategies as strategies
    from pytest_icp.engine import evaluate as evaluate
    from pytest_icp.facts.description import Description as Description
    from pytest_icp.facts.pages import find_numbers as find_numbers
    from pytest_icp.facts.workdays import due as due
    from pytest_icp.kinds import Kind as Kind
    from pytest_icp.kinds.context import Context as Context
    from pytest_icp.kinds.finding import Outcome as Outcome
    from pytest_icp.kinds.finding import Verdict as Verdict
    from pytest_icp.kinds.judgement import NOT_APPLICABLE as NOT_APPLICABLE
    from pytest_icp.kinds.judgement import SATISFIED as SATISFIED
    from pytest_icp.kinds.judgement import Judgement as Judgement
    from pytest_icp.kinds.judgement import missing as missing
    from pytest_icp.kinds.judgement import violated as violated
    from pytest_icp.kinds.policies import load_policies as load_policies
    from pytest_icp.kinds.result import Result as Result
    from pytest_icp.kinds.selection import judge_each as judge_each
    from pytest_icp.kinds.subjects import Fact as Fact
    from pytest_icp.kinds.subjects import Subject as Subject
    from pytest_icp.law.deadline import Due as Due
    from pytest_icp.law.domains import HostError as HostError
    from pytest_icp.law.domains import host_under as host_under
    from pytest_icp.law.errors import IcpError as IcpError
    from pytest_icp.law.errors import InputError as InputError
    from pytest_icp.law.numbers import Numbers as Numbers
    from pytest_icp.law.scope import Scope as Scope
    from pytest_icp.law.scope import ScopeError as ScopeError
    from pytest_icp.law.scope import parse_scope as parse_scope
    from pytest_icp.law.text import Text as Text
    from pytest_icp.law.times import TimeError as TimeError
    from pytest_icp.rules.policy import Obligation as Obligation
    from pytest_icp.rules.policy import Spec as Spec
    from pytest_icp.rules.settings import Settings as Settings
    from pytest_icp.sources.loading import load as load

_HOMES = {
    "Context": "kinds.context",
    "Description": "facts.description",
    "Due": "law.deadline",
    "Fact": "kinds.subjects",
    "HostError": "law.domains",
    "IcpError": "law.errors",
    "InputError": "law.errors",
    "Judgement": "kinds.judgement",
    "Kind": "kinds",
    "NOT_APPLICABLE": "kinds.judgement",
    "Numbers": "law.numbers",
    "Obligation": "rules.policy",
    "Outcome": "kinds.finding",
    "Result": "kinds.result",
    "SATISFIED": "kinds.judgement",
    "Scope": "law.scope",
    "ScopeError": "law.scope",
    "Settings": "rules.settings",
    "Spec": "rules.policy",
    "Subject": "kinds.subjects",
    "Text": "law.text",
    "TimeError": "law.times",
    "Verdict": "kinds.finding",
    "due": "facts.workdays",
    "evaluate": "engine",
    "find_numbers": "facts.pages",
    "host_under": "law.domains",
    "judge_each": "kinds.selection",
    "load": "sources.loading",
    "load_policies": "kinds.policies",
    "missing": "kinds.judgement",
    "parse_scope": "law.scope",
    "strategies": "authoring.strategies",
    "violated": "kinds.judgement",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - the names are the keys, written once


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"{__name__}.{_HOMES[name]}")
    return home if name == "strategies" else getattr(home, name)


def __dir__() -> list[str]:
    return [*globals(), *_HOMES]


class _Plainly:
    """Finds the modules of this package as any other is found.

    pytest rewrites the assertions of installed plugins, and to do so looks at every module, a
    fifth of a run that decides, and compiles all of them anew in each run where it may not
    write beside them. Here are no assertions.
    """

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not name.startswith("pytest_icp."):
            return None
        return PathFinder.find_spec(name, path, target)


if "pytest" in sys.modules:
    sys.meta_path.insert(0, _Plainly)
