"""Descriptions of infrastructures: read, validated, joined, and seen as of a day."""
