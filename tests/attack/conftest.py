"""The repository that real pytest runs attack."""

from __future__ import annotations

from tests.plugin.conftest import infra

__all__ = ["infra"]
