"""The law as pure functions: no files but its own tables, no clock, no pytest."""
