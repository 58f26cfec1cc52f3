from __future__ import annotations

from pytest_icp.facts.evidence import Evidence


def test_a_file_that_was_not_there_has_no_hash() -> None:
    assert not Evidence(path="a.txt", sha256=None).exists
    assert Evidence(path="a.txt", sha256="00").exists
    assert Evidence(path="a.html", sha256="00", text="<p>").text == "<p>"
