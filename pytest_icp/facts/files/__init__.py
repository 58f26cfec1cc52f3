"""Files in: YAML and JSON with the place of every value, checked against the published schemas."""
