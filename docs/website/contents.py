"""All pages of the site in one language, out of policies, schemas, options, cases and ``docs``."""

from __future__ import annotations

from collections import defaultdict

from handbook.markdown import Lang
from handbook.provisions import CASES

from pytest_icp.authoring.cases import Case, read_cases
from pytest_icp.kinds.policies import default_policies
from website.command_pages import command_pages
from website.examples import examples
from website.fact_pages import fact_pages
from website.handwritten import handwritten_pages
from website.home import home_page, with_sources_listed
from website.kind_pages import kind_pages
from website.option_pages import option_pages
from website.provision_pages import provision_pages
from website.rule_pages import rule_pages
from website.seeking import called
from website.text import Pages


class Contents:
    """What the pages of both languages are made of, read once."""

    def __init__(self) -> None:
        self.policies = default_policies()
        self.cases: dict[str, list[Case]] = defaultdict(list)
        for file in read_cases(CASES):
            for case in file.cases:
                self.cases[case.rule.partition("#")[0]].append(case)
        self.examples = examples(self.policies, self.cases)
        self.words = called()

    def pages(self, lang: Lang) -> Pages:
        """Return every page in one language, by its name."""
        made = {
            **rule_pages(self.policies, lang, self.cases, self.examples, self.words),
            **provision_pages(self.policies, lang, self.cases),
            **fact_pages(self.policies, lang),
            **kind_pages(self.policies, lang),
            **command_pages(lang),
            **option_pages(lang),
        }
        made |= handwritten_pages(lang, made)
        with_sources_listed(made)
        return made | home_page(lang, made)
