"""Adapters that derive facts from files of other tools, one module per kind of source."""
