"""The commands of ``pytest-icp``: one module for a command, or for those that share a run."""
