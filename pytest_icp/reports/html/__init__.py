"""The HTML report: templates, a style sheet, and what is made for them."""
