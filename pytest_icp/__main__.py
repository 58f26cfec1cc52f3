"""``python -m pytest_icp``: the console script under another name."""

import sys

from pytest_icp.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
