"""Addresses as they may be shown."""

from __future__ import annotations

import pytest

from pytest_icp.sources.remote import names_user, without_secrets


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ci:S3CRET@git.cn/a.git", "https://git.cn/a.git"),
        ("git::https://S3CRET@git.cn/a.git?ref=v1", "git::https://git.cn/a.git?ref=v1"),
        ("git@git.cn:a/b.git", "git@git.cn:a/b.git"),
        ("https://git.cn/a?ref=v1&sshkey=S3CRET", "https://git.cn/a"),
        ("https://git.cn/a?sshkey=S3CRET&ref=v1", "https://git.cn/a"),
        ("https://git.cn/@scope/a", "https://git.cn/@scope/a"),
        ("hashicorp/vpc/aws", "hashicorp/vpc/aws"),
        ("https://x/?" + "ref=?" * 50_000, "https://x/"),
    ],
)
def test_an_address_shows_neither_passwords_nor_keys(address: str, shown: str) -> None:
    assert without_secrets(address) == shown
    assert names_user(address) == ("@git.cn/" in address)
