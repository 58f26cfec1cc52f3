from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.plugin import recorder
from pytest_icp.plugin.collection import WORKER_COLLECTED, Collected
from tests.results import RESULT


def config_of(pytester: pytest.Pytester) -> pytest.Config:
    config = pytester.parseconfig()
    # What the plugin has done when it was configured is not the subject.
    recorder.unconfigure(config)
    return config


def test_it_is_registered_and_taken_back(pytester: pytest.Pytester) -> None:
    config = config_of(pytester)
    recorder.configure(config)
    assert config.pluginmanager.get_plugin("icp-recorder") is config.stash[recorder.recorder_key]
    recorder.unconfigure(config)
    assert config.pluginmanager.get_plugin("icp-recorder") is None
    recorder.unconfigure(config)


def test_a_worker_has_none(pytester: pytest.Pytester) -> None:
    config = config_of(pytester)
    config.workerinput = {}  # type: ignore[attr-defined]  # as xdist does
    recorder.configure(config)
    assert recorder.recorder_key not in config.stash


def test_a_run_without_descriptions_has_no_header(pytester: pytest.Pytester) -> None:
    assert recorder.header(config_of(pytester), []) == []


class Report:
    outcome, passed, nodeid = "passed", True, "infra.icp.yaml::SP12::stop"

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


def test_results_come_in_the_order_of_file_provision_and_rule(pytester: pytest.Pytester) -> None:
    kept = recorder.Recorder(config_of(pytester))
    for rule in ("SP12/stop", "LIC/valid", "SP12/exit"):
        result = replace(RESULT, rule_id=rule, provision=rule.partition("/")[0])
        kept.pytest_runtest_logreport(Report(icp=result))  # type: ignore[arg-type]  # no more is read
    kept.pytest_runtest_logreport(Report())  # type: ignore[arg-type]  # an ordinary test
    assert [result.rule_id for result in kept.results()] == ["LIC/valid", "SP12/exit", "SP12/stop"]


def test_what_workers_refuse_stops_the_run_once(pytester: pytest.Pytester) -> None:
    kept, session = recorder.Recorder(config_of(pytester)), Report(exitstatus=0)
    kept.pytest_sessionfinish(session)  # type: ignore[arg-type]  # no more is read
    refused = {WORKER_COLLECTED: {**vars(Collected()), "refused": {"waivers cannot be read": None}}}
    for node in (Report(workeroutput=refused), Report(workeroutput=refused), Report()):
        kept.pytest_testnodedown(node, None)
    with pytest.raises(pytest.UsageError, match=r"^waivers cannot be read$"):
        kept.pytest_sessionfinish(session)  # type: ignore[arg-type]  # the same
