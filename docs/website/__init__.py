"""The site (网站): a page for each rule, provision, fact and source, and the pages written by hand.

``python docs/website`` builds it into ``build/site``, in both languages.
"""
