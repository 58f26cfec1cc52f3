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
from pytest_icp.sources.log_retention.journald import read_journald
from pytest_icp.sources.log_retention.kept import Format
from pytest_icp.sources.log_retention.log4j1 import read_log4j1
from pytest_icp.sources.log_retention.log4j2 import read_log4j2
from pytest_icp.sources.log_retention.logback import read_logback
from pytest_icp.sources.log_retention.logrotate import read_logrotate
from pytest_icp.sources.log_retention.loki import read_loki
from pytest_icp.sources.log_retention.lumberjack import read_lumberjack
from pytest_icp.sources.log_retention.python_logging import read_logging_ini, read_logging_yaml
from pytest_icp.sources.log_retention.spring import read_spring
from pytest_icp.sources.log_retention.tomcat import read_tomcat

_DOCUMENTS = re.compile(r"\.(?:json|ya?ml)$", re.IGNORECASE)

FORMATS = (
    Format(
        name="Logback",
        paths=re.compile(r"(?:^|/)logback[^/]*\.xml$|logback(?:-spring)?\.xml$", re.IGNORECASE),
        words=("<appender", "springframework/boot/logging"),
        signs=re.compile(r"<appender\b|springframework/boot/logging", re.IGNORECASE),
        read=read_logback,
    ),
    Format(
        name="Spring Boot",
        paths=re.compile(
            r"(?:^|/)(?:application|bootstrap)[^/]*\.(?:ya?ml|properties)$", re.IGNORECASE
        ),
        words=("logging", "accesslog"),
        signs=re.compile(r"\b(?:logging|accesslog)\b", re.IGNORECASE),
        read=read_spring,
    ),
    Format(
        name="Python logging",
        paths=re.compile(r"\.(?:conf|ini|cfg)$", re.IGNORECASE),
        signs=re.compile(r"^\[handler_", re.MULTILINE),
        read=read_logging_ini,
    ),
    Format(
        name="dictConfig",
        paths=_DOCUMENTS,
        signs=re.compile(r"FileHandler\b"),
        read=read_logging_yaml,
    ),
    Format(
        name="lumberjack",
        paths=re.compile(r"\.(?:json|ya?ml|toml)$", re.IGNORECASE),
        words=("max_age", "maxage", "max-age", "keepday", "keep_day", "keep-day", "retention"),
        signs=re.compile(r"\b(?:max[-_]?age|keep[-_]?days|retention[-_]?days?)", re.IGNORECASE),
        read=read_lumberjack,
    ),
    Format(
        name="Tomcat",
        paths=re.compile(r"(?:^|/)(?:server|context)\.xml$", re.IGNORECASE),
        words=("AccessLogValve",),
        signs=re.compile(r"AccessLogValve"),
        read=read_tomcat,
    ),
    Format(
        name="Log4j 1",
        paths=re.compile(r"log4j[^/]*\.(?:xml|properties)$", re.IGNORECASE),
        words=("log4j.appender.", "org.apache.log4j."),
        signs=re.compile(r"^log4j\.appender\.|\borg\.apache\.log4j\.\w+Appender\b", re.MULTILINE),
        read=read_log4j1,
    ),
    Format(
        name="Log4j 2",
        paths=re.compile(r"log4j[^/]*\.(?:xml|properties|ya?ml|jsn|json)$", re.IGNORECASE),
        signs=re.compile(r"\b(?:RollingFile|(?:\w{0,20}Access|MappedFile)?File)\b", re.IGNORECASE),
        read=read_log4j2,
    ),
    Format(
        name="logrotate",
        paths=re.compile(r"logrotate[^/]*+(?:/[^/]++)?+(?<!\.yaml)(?<!\.yml)(?<!\.json)(?<!\.sh)$"),
        signs=re.compile(
            r"^[ \t]*+(?:rotate[ \t=]++[-\d{]"
            r"|(?:hour|dai|week|month|year)ly(?:[ \t\r]*+$|[ \t]++rotate\b)"
            r"|(?:max|min)?+(?:size|age)[ \t=]++[\d{]"
            r"|(?:missingok|notifempty|delaycompress|copytruncate|sharedscripts)\b"
            r"|include[ \t]++[^;\r\n]++$)",
            re.MULTILINE,
        ),
        read=read_logrotate,
    ),
    Format(
        name="ILM, ISM",
        paths=_DOCUMENTS,
        words=("phases", "default_state", "data_retention"),
        signs=re.compile(
            r"\"phases\"\s*+:|^[ \t]*+phases:|\b(?:default_state|data_retention)\"?+\s*+:",
            re.MULTILINE,
        ),
        read=read_index_policies,
    ),
    Format(
        name="Loki",
        paths=_DOCUMENTS,
        words=("limits_config", "schema_config", "table_manager", "overrides:"),
        signs=re.compile(
            r"\b(?:limits_config|schema_config|table_manager)\"?+\s*+:|^overrides:[ \t\r]*+$",
            re.MULTILINE,
        ),
        read=read_loki,
    ),
    Format(
        name="journald",
        paths=re.compile(r"journald(?:@[^/.]++)?+\.conf(?:\.d/[^/]*\.conf)?$"),
        signs=re.compile(r"^[ \t]*+\[Journal\]", re.MULTILINE),
        read=read_journald,
    ),
    Format(
        name="Fluent Bit",
        paths=re.compile(r"\.(?:conf|ya?ml)$", re.IGNORECASE),
        words=("[output]", "pipeline:"),
        signs=re.compile(r"^\[output\]|^pipeline:", re.IGNORECASE | re.MULTILINE),
        read=read_fluent_bit,
    ),
    Format(
        name="Filebeat",
        paths=re.compile(r"\.ya?ml$", re.IGNORECASE),
        words=("filebeat", "output."),
        signs=re.compile(r"^(?:filebeat[.:]|output\.(?:elasticsearch|file)\b)", re.MULTILINE),
        read=read_filebeat,
    ),
    Format(
        name="Kubernetes",
        paths=_DOCUMENTS,
        words=("kind", "victoria"),
        signs=re.compile(
            r"\bkind\"?+\s*+:\s*+[\"']?(?:(?:Cluster)?AliyunPipelineConfig"
            r"|AliyunLogConfig|LogConfig|LogGroup|LokiStack|StackConfigPolicy|Open[Ss]earchISMPolicy"
            r"|VLogs|VLSingle|VLCluster|ConfigMap)\b|\bvictoria-?logs\b"
        ),
        read=read_manifests,
    ),
)


@lru_cache(maxsize=16)
def formats_of(called: str) -> tuple[Format, ...]:
    """Return the formats that know files of a name, with ``/`` between the folders above."""
    near = "/".join(called.split("/")[-2:])
    return tuple([one for one in FORMATS if one.paths.search(near)])
