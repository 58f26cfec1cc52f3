"""How an obligation is decided, in words: its kind, and a row for each field of its policy.

The words stand in the schema of policies, Chinese and English with `` | `` between them:

- ``x-icp-label``: what the row of a field is called; a field without it has no row of its own.
- ``x-icp-says``: its sentence, with other fields in braces: ``{}`` is the field itself,
  ``{written}`` the same as it is written, ``{amount}`` the number of an object with its unit,
  ``{/licence/number}`` or ``{./status}`` a fact, ``{own_id}`` the rule or part; a field that is not
  written has no sentence.
- ``x-icp-words``: the sentence of each word that a policy can choose.
- ``x-icp-absent``: the sentence of a field that is not written, which otherwise has no row.
- ``x-icp-joined``: how the first of several facts is joined with the next.
- ``x-icp-unit``: the unit of a number.

The fields of a kind without these words are shown as they are written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import reduce

from msgspec import Struct

from pytest_icp.facts.fields import word_of
from pytest_icp.facts.files.properties import bilingual, schema_document
from pytest_icp.law.catalogue import name_of
from pytest_icp.law.jsontypes import Json, texts_of
from pytest_icp.law.sentences import sentence
from pytest_icp.law.text import Lang, Text, counted, plain, show
from pytest_icp.rules.fields import CONDITIONS, PATHS, Field, join_path
from pytest_icp.rules.policy import Applicability, Obligation, facts_read

_HOLE = re.compile(r"\{([^{}]*)\}")
_FACT = Text("“{title}”（{path}）", "“{title}” ({path})")
_SAME = Text("{record}与{subject}相同", "{record} is the same as {subject}")
_AND = Text("，", " and ")

Row = tuple[Text, Text]
"""One line of an explanation: a label and its text."""

Title = Callable[[str], Text]
"""Names a fact by its dotted path."""


def kind_sentence(obligation: Obligation) -> Text:
    """Return in a sentence what a kind requires; for a kind without words, its name."""
    shapes = [shape for shape in obligation.written.fields.shapes if "description" in shape]
    if len(shapes) == 1:
        return plain(obligation.kind)
    # The first shape is that of all obligations.
    title, description = (bilingual(shapes[1][name]) for name in ("title", "description"))
    en = description.en[:1].lower() + description.en[1:]
    return Text(f"{title.zh}：{description.zh}", f"{title.en[:1].upper()}{title.en[1:]}: {en}")


def gates(rule: Applicability, title: Title) -> Iterator[Row]:
    """Yield when a provision or an obligation applies at all (适用范围)."""
    for name, described in schema_document("policy")["$defs"]["Applies"]["properties"].items():
        given = getattr(rule, name)
        if given:
            said = (
                names_of(given) if isinstance(given, tuple) else sentence(given, "", title, word_of)
            )
            yield bilingual(described["x-icp-label"]), said


def names_of(codes: tuple[str, ...]) -> Text:
    """Return the names of catalogue codes."""
    return Text("、", "; ").join(map(name_of, codes))


def method(obligation: Obligation, title: Title) -> tuple[Row, ...]:
    """Return what an obligation reads and requires; ``title`` names a fact."""
    whole = obligation.written.fields
    common = whole.shapes[0]["properties"]
    own = [field for field in whole.described() if field.name not in common]
    writer = _Rows(obligation, title)
    rows = [*gates(obligation.applies, title)]
    rows += (row for name in common for row in writer.rows(whole.describe(name)))
    if any(
        shape.get("x-icp-label") for one in own for field in one.walk() for shape in field.shapes
    ):
        return (*rows, *(row for field in own for row in writer.rows(field)))
    return (*rows, *(_as_written(field) for field in own if field.value is not None))


def _as_written(field: Field) -> Row:
    title = field.mark("title")
    return bilingual(title) if title else plain(field.name), plain(show(field.value))


class _Rows(Struct, frozen=True):
    """Builds the rows of one rule's fields, each fact by its title and its path."""

    rule: Obligation
    title: Title

    def rows(self, field: Field) -> Iterator[Row]:
        """Yield the row of a field, and those of its members."""
        label = field.mark("x-icp-label")
        if label is not None:
            several = field.what in PATHS and not field.mark("x-icp-joined")
            for one in field.members if several and isinstance(field.value, list) else (field,):
                said = self._sentence(one)
                if said is not None:
                    yield self._filled(bilingual(label), field), said
        if field.what != "gates":
            for member in field.described():
                yield from self.rows(member)

    def _sentence(self, field: Field, about: Field | None = None) -> Text | None:
        """Say what a field says; None where there is nothing to say."""
        words, value = field.mark("x-icp-words"), field.value
        if value is None:
            absent = field.mark("x-icp-absent")
            return self._filled(bilingual(absent), field) if absent else None
        if words and not isinstance(value, Mapping) and not field.is_path:
            word = words.get(value if isinstance(value, str) else json.dumps(value))
            if word or field.what not in PATHS:
                return bilingual(word) if word else None
        says = field.mark("x-icp-says")
        return self._filled(bilingual(says), field, about) if says else self._plainly(field, about)

    def _filled(self, template: Text, field: Field, about: Field | None = None) -> Text:
        """Fill the holes of a template; ``about`` is the field that names the records."""

        def filled(lang: Lang) -> str:
            return _HOLE.sub(lambda hole: self._hole(hole[1], field, about)[lang], template[lang])

        return Text(filled("zh"), filled("en"))

    def _hole(self, name: str, field: Field, about: Field | None) -> Text:
        if name == "":
            return self._plainly(field, about)
        if name == "written":
            return plain(show(field.value).strip("[]"))
        if name == "own_id":
            return plain(self.rule.own_id)
        if name.startswith(("/", "./")):
            return self._fact(join_path(field.root.bases[0], name.removeprefix("./")))
        if name == "amount":
            found = next((one for one in field.members if one.mark("x-icp-unit")), None)
        else:
            known = any(name in shape.get("properties", ()) for shape in field.shapes)
            found = field.get(name) or (None if known else field.root.get(name))
        # What joins records to a subject is said of those that are spoken of around it.
        around = field if about is None or len(field.bases) == 1 else about
        return (found and self._sentence(found, around)) or plain("")

    def _plainly(self, field: Field, about: Field | None) -> Text:
        """Say a value without words of its own."""
        value, unit = field.value, field.mark("x-icp-unit")
        if field.is_path:
            return self._fact(join_path(_base(field, about), str(value)))
        if field.what in CONDITIONS:
            return sentence(field.node, field.bases[0], self.title, word_of)
        if field.what == "pairs":
            said = [self._plainly(one, None) for one in field.members]
            both = zip(said[::2], said[1::2], strict=True)
            return _AND.join(_SAME.format(record=one, subject=other) for one, other in both)
        if isinstance(value, list):
            return self._list(field, value)
        if isinstance(value, Mapping):
            return self._hole("amount", field, about)
        if isinstance(value, (int, float)) and unit:
            return counted(value, unit)
        return plain(show(value))

    def _list(self, field: Field, value: list[Json]) -> Text:
        joined = field.mark("x-icp-joined")
        if joined:
            facts = (self._plainly(member, None) for member in field.members)
            return reduce(lambda a, b: bilingual(joined).format(first=a, other=b), facts)
        if {member.what for member in field.members} == {"code"}:
            return names_of(texts_of(value))
        return Text("、", ", ").join([self._called(each) for each in value])

    def _called(self, value: Json) -> Text:
        """Return what a value is called at the facts that the rule reads."""
        words = (word_of(path, value) for path in facts_read(self.rule))
        return next(filter(None, words), plain(show(value)))

    def _fact(self, dotted: str) -> Text:
        title = self.title(dotted)
        return _FACT.format(title=title, path=dotted)


def _base(field: Field, about: Field | None) -> str:
    """Return what a path is to be named from: of several, the records that are spoken of."""
    spoken = [*about.bases, *(b for one in about.members for b in one.bases)] if about else []
    others = [base for base in field.bases[1:] if base in spoken]
    return others[0] if others else field.bases[0]
