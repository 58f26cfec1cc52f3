"""The pytest plugin: its hooks and fixtures; other modules implement them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_icp.plugin import collection, outcome, progress, recorder
from pytest_icp.plugin.collection import RECORDER, collected_in
from pytest_icp.plugin.flags import add_options
from pytest_icp.plugin.options import for_workers, read_options
from pytest_icp.plugin.session import drop_session, session_key

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_icp.facts.description import Description
    from pytest_icp.law.jsontypes import JsonObject


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--icp-…`` and the ini twins."""
    add_options(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the hooks that others may implement."""
    from pytest_icp.plugin import hookspec, reach

    pluginmanager.add_hookspecs(hookspec)
    # Its hook is the first of all; here, `conftest.py` and other plugins may come first.
    pluginmanager.register(reach, "icp-reach")


def pytest_configure(config: pytest.Config) -> None:
    """Read the options, so that a wrong one stops the run at once."""
    config.addinivalue_line("markers", "icp(rule): this test decides a rule of pytest-icp")
    config.addinivalue_line("markers", "icp_fuzz(rule): this test fuzzes a rule of pytest-icp")
    read_options(config)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(recorder.Recorder(config), RECORDER)
    progress.configure(config)


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop what was read."""
    progress.unconfigure(config)
    drop_session(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Send the as-of instant of the controller, and its standard input, to an xdist worker."""
    node.workerinput.update(for_workers(read_options(node.config)))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a description; return None for other files."""
    if not any(file_path.match(glob) for glob in read_options(parent.config).files):
        return None
    from pytest_icp.plugin.items import described

    return described(parent, file_path)


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Note the tests that options of pytest leave out, to name them as not run."""
    if items:
        collected_in(items[0].config).note(items)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Report what cannot be used, deselect rules, and add the items of what weakens the run."""
    collected = collected_in(config)
    collected.note(items)
    collected.finished = True
    collection.select(config, items)
    if session_key in config.stash:
        from pytest_icp.plugin.weakening import name_weakening

        name_weakening(session, items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Give the report of an obligation its verdict, place and outcome."""
    report = yield
    return outcome.finish(item, report, call.excinfo.value if call.excinfo else None)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable(
    config: pytest.Config, report: Any
) -> Generator[None, dict[str, Any] | None, dict[str, Any] | None]:
    """Serialize a result with its report."""
    written = yield
    return outcome.packed(config, report, written)


@pytest.hookimpl(wrapper=True)
def pytest_report_from_serializable() -> Generator[None, Any, Any]:
    """Deserialize a result with its report."""
    report = yield
    return outcome.unpacked(report)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, Any] | None:
    """Give an unknown and an advisory their own category and letter."""
    return outcome.status(report)


@pytest.fixture(scope="session")
def icp_as_of(pytestconfig: pytest.Config) -> datetime:
    """The instant that the run evaluates as of (核对日), in Asia/Shanghai."""
    return read_options(pytestconfig).as_of


@pytest.fixture
def icp_description(request: pytest.FixtureRequest) -> Description:
    """The description (基础设施描述) nearest above the test, as of the run's instant."""
    from pytest_icp.plugin.fixtures import nearest_description

    return nearest_description(request)


@pytest.fixture
def icp_licence(icp_description: Description) -> JsonObject:
    """The licence (许可证) of the description."""
    return icp_description.licence
