"""Environments of tox are filled by uv where it is installed beside tox: in a tenth of pip's time.

virtualenv makes them as before: it tries one interpreter after another, which tox-uv does not.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from tox.config.loader.memory import MemoryLoader
from tox.config.types import Command
from tox.plugin import impl

if TYPE_CHECKING:
    from tox.config.sets import EnvConfigSet


@impl
def tox_add_env_config(env_conf: EnvConfigSet) -> None:
    """Let an environment be filled by uv."""
    if find_spec("uv") is None:
        return
    from uv import find_uv_bin

    uv = find_uv_bin()
    env_conf["allowlist_externals"].append(uv)
    # pip trusts the certificates of the system without being told.
    install = Command([uv, "pip", "install", "--system-certs", "{opts}", "{packages}"])
    freeze = Command([uv, "pip", "freeze"])
    memory = MemoryLoader(install_command=install, list_dependencies_command=freeze)
    env_conf.loaders.insert(0, memory)
