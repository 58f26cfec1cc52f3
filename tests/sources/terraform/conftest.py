"""Most tests of source ask what it tells: they evaluate it here, and start no child."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from pytest_icp.sources.terraform import source
from pytest_icp.sources.terraform.language import modules


@pytest.fixture(autouse=True)
def evaluated_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_: str, task: dict[str, Any], files: Mapping[str, bytes], **__: object) -> Any:
        with TemporaryDirectory() as root, monkeypatch.context() as here:
            for name, raw in files.items():
                copy = Path(root, name)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(raw)
            here.setattr(modules, "restrict", lambda _: True)
            return modules.answer({**task, "root": root})

    monkeypatch.setattr(source, "run", run)
