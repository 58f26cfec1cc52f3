"""Read a licence (许可证) from its text, extracted from a PDF or by OCR."""

from __future__ import annotations

from pytest_icp.sources.paper.pages import read_pages as read_pages
from pytest_icp.sources.paper.reading import read_licence as read_licence
