"""Builds the site: ``python docs/website``, or ``python docs/website links`` to try its links."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "examples" / "broken")]

from website.building import SITE, build  # noqa: E402  (found by the path above)

if failed := build("linkcheck" if sys.argv[1:] == ["links"] else "html"):
    sys.exit(failed)
sys.stdout.write(f"{SITE}/index.html\n")
