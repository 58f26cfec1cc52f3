"""Policies as typed rules: provisions, their obligations, the law and the numbers they rest on."""
