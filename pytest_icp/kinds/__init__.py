"""One pure function per kind of obligation: the facts as of a day in, an outcome out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pytest_icp.kinds.selection import Check


@cache
def kinds() -> Mapping[str, Check]:
    """Return the check of every kind of obligation that the product knows."""
    from pytest_icp.kinds.agreement import check_agreement
    from pytest_icp.kinds.attestation import check_attestation
    from pytest_icp.kinds.constraint import check_constraint
    from pytest_icp.kinds.containment import check_containment
    from pytest_icp.kinds.coverage import check_coverage
    from pytest_icp.kinds.deadline import check_deadline
    from pytest_icp.kinds.display import check_display
    from pytest_icp.kinds.grading import check_grading
    from pytest_icp.kinds.growth import check_growth
    from pytest_icp.kinds.holding import check_holding
    from pytest_icp.kinds.location import check_location
    from pytest_icp.kinds.order import check_order
    from pytest_icp.kinds.presence import check_presence
    from pytest_icp.kinds.recurrence import check_recurrence
    from pytest_icp.kinds.retention import check_retention
    from pytest_icp.kinds.scope import check_scope
    from pytest_icp.kinds.validity import check_validity

    return MappingProxyType(
        {
            "agreement": check_agreement,
            "attestation": check_attestation,
            "constraint": check_constraint,
            "containment": check_containment,
            "coverage": check_coverage,
            "deadline": check_deadline,
            "display": check_display,
            "grading": check_grading,
            "growth": check_growth,
            "holding": check_holding,
            "location": check_location,
            "order": check_order,
            "presence": check_presence,
            "recurrence": check_recurrence,
            "retention": check_retention,
            "scope": check_scope,
            "validity": check_validity,
        }
    )
