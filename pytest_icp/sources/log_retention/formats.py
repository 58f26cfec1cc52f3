"""The formats in which applications and log systems say how long logs are kept.

A new one is a module with a function `(File) -> Iterable[Kept | Gap]` and a row here. Every row
whose path and signs fit reads the file; if no path fits, the signs alone decide.
"""

from __future__ import annotations

import re

from pytest_icp.sources.log_retention.kept import Format
from pytest_icp.sources.log_retention.log4j2 import read_log4j2
from pytest_icp.sources.log_retention.logback import read_logback

FORMATS = (
    Format(
        name="Logback",
        paths=re.compile(r"(?:^|/)logback[^/]*\.xml$|logback(?:-spring)?\.xml$", re.IGNORECASE),
        signs=re.compile(r"<appender\b", re.IGNORECASE),
        read=read_logback,
    ),
    Format(
        name="Log4j 2",
        paths=re.compile(r"log4j2[^/]*\.(?:xml|properties|ya?ml|jsn|json)$", re.IGNORECASE),
        signs=re.compile(r"\b(?:RollingFile|(?:\w{0,20}Access|MappedFile)?File)\b", re.IGNORECASE),
        read=read_log4j2,
    ),
)
