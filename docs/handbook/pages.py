"""Which pages there are, and what belongs in each; the schema that is put together is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from handbook import figures, legal_notes, provisions, schemas, terraform_types
from handbook.markdown import Lang

FOLDER = Path(__file__).parents[1]
ENDINGS: dict[Lang, str] = {"en": "md", "zh": "zh.md"}


def pages() -> Iterator[tuple[Path, str]]:
    """Return every page with its text."""
    # Policies are read by the schema, so it is made first.
    yield schemas.policy()
    yield from figures.pages()
    violated = provisions.examples()
    for lang, ending in ENDINGS.items():
        yield FOLDER / f"provisions.{ending}", provisions.page(lang, violated)
        yield FOLDER / f"legal-notes.{ending}", legal_notes.page(lang)
        types = FOLDER / "sources" / f"terraform-types.{ending}"
        yield types, terraform_types.page(lang)
