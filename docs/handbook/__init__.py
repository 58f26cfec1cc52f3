"""The pages that the policies say themselves, in Markdown and in both languages.

Run ``python docs/handbook`` after a change of a policy; a test fails while a page is stale.
"""
