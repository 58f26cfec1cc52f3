"""A folder of policies of a company's own, with its cases, as `mutate` and `lint` are given it."""

from __future__ import annotations

from pathlib import Path

HEAD = """\
id: ACME
article: 公司一
title: {zh: 公司制度, en: Company rules}
text: {zh: 服务器须标明用途。, en: Servers are labelled.}
obligations:
"""

BACKUPS = """\
  - id: answered
    title: {zh: 十日内答复, en: Answered within ten days}
    meaning: {zh: 投诉在十日内答复。, en: Complaints are answered within ten days.}
    fix: {zh: 立即答复。, en: Answer now.}
    kind: dated
    level: mandatory
    basis: own
    each: complaints
    where: {kind: {enum: [service, illegal_content]}}
    act: answered_at
    anchor: received_at
    within: acme.answer
"""

NUMBERS = """\
parameters:
  - id: acme.answer
    title: {zh: 答复期限, en: Time to answer}
    unit: days
    values: [{value: 10, source: {zh: 公司制度, en: Company rules}, confidence: default}]
"""

LATEST = """\
  - id: acme.latest
    title: {zh: 最迟停止, en: Time to stop at the latest}
    unit: hours
    values: [{value: 72, source: {zh: 公司制度, en: Company rules}, confidence: default}]
"""

STOPPED = """\
  - id: stopped
    title: {zh: 停止传输违法信息, en: Illegal information is stopped}
    meaning: {zh: 发现违法信息的，立即停止传输。, en: Illegal information is stopped at once.}
    fix: {zh: 立即停止传输。, en: Stop it now.}
    kind: dated
    basis: own
    each: illegal_content_cases
    where: {confirmed: true}
    act: stopped_at
    anchor: discovered_at
    parts:
      - name: at-all
        title: {zh: 已经停止传输, en: It is stopped}
        level: mandatory
        kind: condition
        require: {stopped_at: {not: never}}
      - name: latest
        title: {zh: 72小时内停止传输, en: It is stopped within 72 hours}
        level: review
        within: acme.latest
      - name: within-24h
        title: {zh: 24小时内停止传输, en: It is stopped within 24 hours}
        level: advisory
        within: {hours: 24}
      - name: at-once
        title: {zh: 1小时内停止传输, en: It is stopped within one hour}
        fix: {zh: 安排值班，一键下线。, en: Have somebody on duty who can stop it.}
        level: advisory
        within: {hours: 1}
"""

REPORT = """\
  - id: report
    title: {zh: 报告事件, en: Incidents are reported}
    meaning: {zh: 事件第一时间报告。, en: Incidents are reported at the first moment.}
    fix: {zh: 立即报告。, en: Report now.}
    kind: dated
    basis: own
    each: incidents
    where: {grade: {enum: [较大, 重大, 特别重大]}}
    act: {of: reports, at: at, where: {to: {enum: [CA, MIIT]}}}
    parts:
      - {name: latest, level: review, anchor: detected_at, within: {hours: 4}}
      - {name: first-hour, level: advisory, anchor: detected_at, within: {hours: 1}}
      - {name: at-once, level: advisory, anchor: detected_at, within: {minutes: 30}}
"""

CASES = """\
provision: ACME
working_days_until: 2024
parts:
  asked: &asked {id: c, kind: service, received_at: 2024-03-04}
cases:
  - name: answered on the tenth day
    rule: ACME/answered
    as_of: 2024-06-03
    facts: {complaints: [{<<: *asked, answered_at: 2024-03-14}]}
    verdict: satisfied
  - name: answered on the eleventh day
    rule: ACME/answered
    as_of: 2024-06-03
    facts: {complaints: [{<<: *asked, answered_at: 2024-03-15}]}
    verdict: violated
"""


CASE = {
    "id": "fraud",
    "confirmed": True,
    "discovered_at": "2024-03-04T10:00+08:00",
    "stopped_at": "2024-03-04T10:20+08:00",
}
"""A case of illegal information that was stopped within the hour."""


def own_policies(folder: Path, *, cases: str = CASES, obligations: str = BACKUPS) -> Path:
    """Write the folder ``rules`` and, beside it, ``cases``; return the first."""
    (folder / "rules").mkdir()
    (folder / "rules" / "ACME.yaml").write_text(HEAD + obligations, "utf-8")
    numbers = NUMBERS + (LATEST if "id: stopped" in obligations else "")
    (folder / "rules" / "parameters.yaml").write_text(numbers, "utf-8")
    (folder / "cases").mkdir()
    (folder / "cases" / "ACME.yaml").write_text(cases, "utf-8")
    return folder / "rules"
