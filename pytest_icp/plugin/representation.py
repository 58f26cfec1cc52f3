"""How an item appears in other tools (表示): its full text, one line for summaries, properties."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from pytest_icp.reports.layout import inert, uncommanded

if TYPE_CHECKING:
    from pathlib import PurePath

    import pytest

    from pytest_icp.kinds.result import Result

_USUAL = 80


def columns_of(config: pytest.Config) -> int:
    """Return how wide the terminal of a run is; there may be none, as with ``-p no:terminal``."""
    if config.pluginmanager.has_plugin("terminalreporter"):
        return config.get_terminal_writer().fullwidth
    return shutil.get_terminal_size((_USUAL, 24)).columns


def represented(
    item: pytest.Item,
    excinfo: pytest.ExceptionInfo[BaseException],
    text: str,
    headline: str,
    path: PurePath | str,
    line: int | None,
) -> Any:
    """Return the text as pytest's representation of a failure, instead of a traceback.

    What pytest makes of the exception is filled in anew, since only objects of its own kinds
    travel to another process. The headline is what it prints where there is one line only:
    the short summary, the message in a JUnit file, and ``--tb=line``, where there is no more.
    """
    brief = item.config.getoption("tbstyle", default="") == "line"
    shown = excinfo.getrepr(style="value", chain=False)
    # pytest 8.2 colours the lines of an entry as Python; this one it prints as it is.
    shown.reprtraceback.reprentries[0].lines = []
    shown.reprtraceback.extraline = None if brief else text
    if shown.reprcrash:
        shown.reprcrash.message = inert(" ".join(headline.split()))
        shown.reprcrash.path, shown.reprcrash.lineno = uncommanded(inert(str(path))), line or 1
    return shown


def properties_of(result: Result) -> list[tuple[str, str]]:
    """Return the JUnit properties of a result."""
    found = result.binding
    due = min((f.due for f in found if f.due), default="")
    due = due or min((one.last for one in result.upcoming), default="")
    fields = {
        "icp.rule": result.rule_id,
        "icp.verdict": result.verdict.value,
        "icp.level": result.level,
        "icp.basis": result.basis,
        "icp.as_of": result.as_of,
        "icp.article": result.article,
        "icp.due": due,
        "icp.subject": ", ".join(sorted({f.subject for f in found})),
        "icp.parts": ", ".join(f"{part.name}={part.standing.value}" for part in result.parts),
        "icp.waiver": result.waived.expires if result.waived else "",
        "icp.decided": ", ".join(sorted({f.decided.day for f in found if f.decided})),
    }
    return [(name, inert(value)) for name, value in fields.items() if value]
