"""Gateways whose routes are documents of YAML, JSON or TOML: Traefik, Kong, APISIX (网关)."""
