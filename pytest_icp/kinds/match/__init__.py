"""Kind ``match`` (对照): every value is found among others.

What is asked for is each value of ``fact``, or of those the ``values`` alone, each as long as the
law asks for it; without ``fact``, all ``values``. It is found ``among`` what stands at one of some
paths, or in records: in those that count (``where``), are the subject's (``match``), say so
(``at``, compared as ``how`` says) and are ``valid`` on the days needed. What is certain of all four
decides for it, what is impossible of one against it; between the two the answer is not known.

`spec` has the fields, `records` and `search` answer the four questions, `naming` compares names,
`judging` decides a value, `say` puts it into words. `changing` asks whether a difference is only
one ``while_open``.
"""

from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.match.judging import check_match
from pytest_icp.kinds.match.spec import Match

KIND = Kind("match", Match, check_match)
