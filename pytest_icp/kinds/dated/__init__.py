"""Duties with a date (期日义务): an act, an anchor, and a bound between the two.

`when` finds the days, `core` judges one act by its anchor and `periods` one that comes back;
`say` puts the answer into words.
"""
