"""What a scope text (业务覆盖范围) states about one line of business, and why it cannot be read."""

from __future__ import annotations

from msgspec import Struct, field

from pytest_icp.law.errors import IcpError


class ScopeError(ValueError, IcpError):
    """A scope text or a line of business that cannot be read.

    ``residue`` are the words at fault, ``position`` their offset in the original text
    (in characters, from 0), ``suggestion`` the nearest known word (or empty).
    """

    def __init__(self, problem: str, residue: str, position: int, suggestion: str = "") -> None:
        super().__init__(problem, residue, position, suggestion)
        self.problem = problem
        self.residue = residue
        self.position = position
        self.suggestion = suggestion

    def __str__(self) -> str:
        """Return what is wrong, with which words, where, and a suggestion."""
        hint = f"; did you mean {self.suggestion!r}?" if self.suggestion else ""
        return f"{self.problem}: {self.residue!r} at character {self.position}{hint}"


class Clause(Struct):
    """What a text states about one line of business, while it is read.

    ``root`` is the line's code; ``named`` whether the text names the line itself. The sets
    hold codes of the catalogue, those of content the Chinese names of pre-approvals; ``bare``
    are those of ``only`` that are named without a sign.
    """

    root: str
    named: bool = False
    heading: str = ""
    at: int = 0
    only: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    included: set[str] = field(default_factory=set)
    excluded: set[str] = field(default_factory=set)
    with_content: set[str] = field(default_factory=set)
    without_content: set[str] = field(default_factory=set)
    areas: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def grants(self) -> bool:
        """Whether it names what is permitted; else it only limits what others name."""
        return self.named or bool(self.bare)

    @property
    def states_something(self) -> bool:
        """Whether it states anything but areas."""
        return self.named or any(
            (self.only, self.included, self.excluded, self.with_content, self.without_content)
        )
