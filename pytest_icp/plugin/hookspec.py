"""Hooks by which other plugins and ``conftest.py`` files add to pytest-icp.

A plugin that may run without pytest-icp marks its implementations with
``@pytest.hookimpl(optionalhook=True)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_icp.facts.derived import Derived
    from pytest_icp.kinds import Kind
    from pytest_icp.law.jsontypes import JsonObject
    from pytest_icp.sources.loading import Kind as SourceKind


def pytest_icp_policies(config: pytest.Config) -> Iterable[Path]:  # type: ignore[empty-body]  # a hook's specification has no body
    """Return folders of more policies; they may use the product's citations and numbers.

    :param config: The pytest config object.

    Use in conftest plugins
    =======================

    Any conftest file that is loaded at start-up can implement this hook.
    """


def pytest_icp_checks(config: pytest.Config) -> Iterable[Kind]:  # type: ignore[empty-body]  # a hook's specification has no body
    """Return more kinds of obligation: the spec of each, its check and its part of the schema.

    The schema is an object schema of the fields that an obligation of the kind has beside the
    common ones (``each``, ``where``); the spec, a subclass of `pytest_icp.rules.policy.Spec`, is
    the type that these fields are read into, and the check finds it in ``obligation.spec``.
    No kind replaces another: a name that is there already stops the run.

    :param config: The pytest config object.

    Use in conftest plugins
    =======================

    Any conftest file that is loaded at start-up can implement this hook.
    """


def pytest_icp_adapters(config: pytest.Config) -> Mapping[str, SourceKind]:  # type: ignore[empty-body]  # a hook's specification has no body
    """Return more kinds of source: by name, what reads one and which facts it may give.

    A description may then name such sources in ``sources``, and ``--icp-source`` too. The keys
    of an entry beside ``kind`` and ``path`` are the ``settings`` of the request.
    No kind replaces another: a name that is there already stops the run.

    :param config: The pytest config object.

    Use in conftest plugins
    =======================

    Any conftest file that is loaded at start-up can implement this hook.
    """


def pytest_icp_facts(config: pytest.Config, path: Path) -> JsonObject | Derived | None:
    """Return facts that are derived from elsewhere, as a part of a description.

    The part is valid under the schema of descriptions, and joined with the others: elements of
    equal ids become one. `Derived` also gives the place of each fact. Return None to
    add nothing.

    :param config: The pytest config object.
    :param path: The description file.

    Use in conftest plugins
    =======================

    Any conftest file in the folder of the description or above it can implement this hook.
    """
