"""The formats in which applications and log systems say how long logs are kept.

A new one is a module with a function `(File) -> Iterable[Kept | Gap]` and a row here. Every row
whose path and signs fit reads the file; if no path fits, the first that finds something does.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pytest_icp.sources.log_retention.filebeat import read_filebeat
from pytest_icp.sources.log_retention.fluent_bit import read_fluent_bit
from pytest_icp.sources.log_retention.index_policies import read_index_policies
from pytest_icp.sources.log_retention.inner import read_manifests
from pytest_icp.sources.log_retention.kept import Format, signs
from pytest_icp.sources.log_retention.log4j2 import read_log4j2
from pytest_icp.sources.log_retention.logback import read_logback
from pytest_icp.sources.log_retention.logrotate import read_logrotate
from pytest_icp.sources.log_retention.loki import read_loki
from pytest_icp.sources.log_retention.spring import read_spring

_DOCUMENTS = re.compile(r"\.(?:json|ya?ml)$", re.IGNORECASE)

FORMATS = (
    Format(
        name="Logback",
        paths=re.compile(r"(?:^|/)logback[^/]*\.xml$|logback(?:-spring)?\.xml$", re.IGNORECASE),
        signs=signs(r"(?i)<appender\b|springframework/boot/logging"),
        read=read_logback,
    ),
    Format(
        name="Spring Boot",
        paths=re.compile(
            r"(?:^|/)(?:application|bootstrap)[^/]*\.(?:ya?ml|properties)$", re.IGNORECASE
        ),
        signs=signs(r"(?i)\b(?:logging|accesslog)\b"),
        read=read_spring,
    ),
    Format(
        name="Log4j 2",
        paths=re.compile(r"log4j[^/]*\.(?:xml|properties|ya?ml|jsn|json)$", re.IGNORECASE),
        signs=signs(r"(?i)\b(?:Rolling|(?:Rolling)?RandomAccess|MemoryMapped)?File\b"),
        read=read_log4j2,
    ),
    Format(
        name="logrotate",
        paths=re.compile(r"logrotate[^/]*+(?:/[^/]++)?+(?<!\.yaml)(?<!\.yml)(?<!\.json)(?<!\.sh)$"),
        signs=signs(
            r"(?m)^[ \t]*(?:rotate[ \t=]+[-\d{]"
            r"|(?:hour|dai|week|month|year)ly(?:[ \t\r]*$|[ \t]+rotate\b)"
            r"|(?:max|min)?(?:size|age)[ \t=]+[\d{]"
            r"|(?:missingok|notifempty|delaycompress|copytruncate|sharedscripts)\b"
            r"|include[ \t]+[^;\r\n]+$)"
        ),
        read=read_logrotate,
    ),
    Format(
        name="ILM, ISM",
        paths=_DOCUMENTS,
        signs=signs(r"\b(?:phases|default_state|data_retention)\"?\s*:"),
        read=read_index_policies,
    ),
    Format(
        name="Loki",
        paths=_DOCUMENTS,
        signs=signs(
            r"(?m)\b(?:limits_config|schema_config|table_manager)\"?\s*:|^overrides:[ \t\r]*$"
        ),
        read=read_loki,
    ),
    Format(
        name="Fluent Bit",
        paths=re.compile(r"\.(?:conf|ya?ml)$", re.IGNORECASE),
        signs=signs(r"(?im)^\[output\]|^pipeline:"),
        read=read_fluent_bit,
    ),
    Format(
        name="Filebeat",
        paths=re.compile(r"\.ya?ml$", re.IGNORECASE),
        signs=signs(r"(?m)^(?:filebeat[.:]|output\.(?:elasticsearch|file)\b)"),
        read=read_filebeat,
    ),
    Format(
        name="ConfigMap",
        paths=_DOCUMENTS,
        signs=signs(r"\bkind\"?\s*:\s*[\"']?ConfigMap\b"),
        read=read_manifests,
    ),
)


@lru_cache(maxsize=16)
def formats_of(called: str) -> tuple[Format, ...]:
    """Return the formats that know files of a name, with ``/`` between the folders above."""
    near = "/".join(called.split("/")[-2:])
    return tuple([one for one in FORMATS if one.paths.search(near)])
