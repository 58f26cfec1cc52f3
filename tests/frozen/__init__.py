"""The verdicts on all known situations, frozen: what a change of the code changes is seen.

``python -m tests.frozen compare`` decides all situations anew and shows every line that differs
from `verdicts.txt` without an entry in `differences.yaml`. CONTRIBUTING.md says how to use it.
"""
