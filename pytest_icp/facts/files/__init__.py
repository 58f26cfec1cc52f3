"""YAML and JSON files, with the place of every value, validated against the published schemas."""
