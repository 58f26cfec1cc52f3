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
    mend: {zh: 立即答复。, en: Answer now.}
    kind: deadline
    level: mandatory
    basis: own
    each: complaints
    where: {kind: {enum: [service, illegal_content]}}
    within: {days: {parameter: acme.answer}, after: received_at}
    done: answered_at
"""

NUMBERS = """\
parameters:
  - id: acme.answer
    title: {zh: 答复期限, en: Time to answer}
    unit: days
    values: [{value: 10, source: {zh: 公司制度, en: Company rules}, confidence: default}]
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


def own_policies(folder: Path, *, cases: str = CASES, obligations: str = BACKUPS) -> Path:
    """Write the folder ``rules`` and, beside it, ``cases``; return the first."""
    (folder / "rules").mkdir()
    (folder / "rules" / "ACME.yaml").write_text(HEAD + obligations, "utf-8")
    (folder / "rules" / "parameters.yaml").write_text(NUMBERS, "utf-8")
    (folder / "cases").mkdir()
    (folder / "cases" / "ACME.yaml").write_text(cases, "utf-8")
    return folder / "rules"
