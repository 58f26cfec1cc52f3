"""Kind ``dated`` (期日): duties with a date: an act, an anchor, and a bound between the two.

`spec` says what a policy writes, `when` finds the days, `core` judges one act by its anchor and
`periods` one that comes back; `say` puts the answer into words. `term` derives the term of the
licence, which is the anchor of some: `licence` asks whether it is in force, `yearly` for what is
done every year while it is. `reach` asks how far records go back, as they are set to be kept and as
they are there.
"""

from __future__ import annotations

from pytest_icp.kinds.dated.core import check_dated
from pytest_icp.kinds.dated.spec import Dated
from pytest_icp.kinds.kind import Kind

KIND = Kind("dated", Dated, check_dated)
