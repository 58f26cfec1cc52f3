"""Changes to vary."""

from __future__ import annotations

from datetime import date

from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import Text
from pytest_icp.reports.forecast import Change

CHANGE = Change(
    description="infra/prod.icp.yaml",
    rule_id="SP12/renewal",
    title=Text("提前90日申请延续", "Renewal is applied for 90 days ahead"),
    day=date(2023, 12, 8),
    days=17,
    before=Standing.SATISFIED,
    after=Standing.VIOLATED,
    why=Text("逾期未办理", "not done, and overdue"),
    fix=Text("立即申请。", "Apply now."),
    subject="renewal",
    as_of="2023-11-20T23:59:59+08:00",
)
