"""Adapters: facts of a description out of files that other tools read, one module for each kind."""
