"""Terraform and OpenTofu: plans (``show -json``) and ``.tf`` source, by tables of mapped types."""
