"""The tables of a fleet in figures: as text, as Markdown, and as a page with pictures."""
