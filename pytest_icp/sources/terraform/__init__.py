"""Facts from Terraform and OpenTofu: plans (``show -json``) and ``.tf`` source.

The tables in ``providers/`` map the types of resources to facts.
"""
