"""The law as pure functions: no files, no clock, no pytest."""
