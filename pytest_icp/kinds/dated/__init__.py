"""Duties with a date (期日义务): an act, an anchor, and a bound between the two.

`when` finds the days, `core` judges one act by its anchor and `periods` one that comes back;
`say` puts the answer into words. `term` derives the term of the licence, which is the anchor of
some: `licence` asks whether it is in force, `yearly` for what is done every year while it is.
`reach` asks how far records go back, and `kept` how long they are set to be kept.
"""
