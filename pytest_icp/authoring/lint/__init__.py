"""Mistakes in policies that can be seen without a description."""
