"""Which description an ordinary Python test is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.loading.description import Description
from pytest_icp.options import read_options
from pytest_icp.session import session_of


def nearest_description(request: pytest.FixtureRequest) -> Description:
    """Return the description named by the ini option, else the one nearest above the test.

    Its facts are as of the run's instant, as they are for every rule.

    Fails the test when there is none, or more than one in the nearest folder that has any.
    """
    config = request.config
    options, session = read_options(config), session_of(config)
    path = options.description or _nearest(request.path.parent, config)
    read = session.descriptions
    if path not in read:
        read[path] = session.load(path).as_of(options.as_of)
    return read[path]


def _nearest(folder: Path, config: pytest.Config) -> Path:
    for up in (folder, *folder.parents):
        found = sorted({path for glob in read_options(config).files for path in up.glob(glob)})
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            pytest.fail(f"{up} has several descriptions ({names}); name one in icp_description")
        if found:
            return found[0]
        if up == config.rootpath:
            break
    pytest.fail(f"there is no description in {folder} or above it; name one in icp_description")
