"""Addresses of what is elsewhere, as they may be shown."""

from __future__ import annotations

import re

# Before an @ stand a user and a password.
_USER = re.compile(r"(?<=//)[^/@\s]*+@")
# After a question mark stand keys, if more than a version.
_KEYS = re.compile(r"\?(?!ref=[^&?\s]*+$)\S*+")


def without_secrets(address: str) -> str:
    """Return an address without users, passwords and keys in it."""
    return _KEYS.sub("", _USER.sub("", address))


def names_user(line: str) -> bool:
    """Whether a line has an address in it with a user, and perhaps a password."""
    return _USER.search(line) is not None
