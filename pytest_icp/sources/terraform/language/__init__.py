"""The language of Terraform and OpenTofu: syntax, expressions, functions, modules (语言).

Evaluated as ``plan`` does before anything is applied, with one rule above all: what depends on
something that is not known is `Unknown`. A function that is not here gives what is not known.
"""
