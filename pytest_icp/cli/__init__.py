"""The commands of ``pytest-icp``, one module each: what it takes and what it answers."""
