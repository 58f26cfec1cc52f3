"""Tools for people who write policies: strategies, fuzzing, lint, mutation and cases."""
