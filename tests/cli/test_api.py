"""One request to a service: where its token goes, and what its answers mean."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from pytest_icp.cli import api
from pytest_icp.cli.api import Api, ApiError, DeniedError, UnavailableError
from pytest_icp.law.errors import InputError
from tests.stand_in import TOKEN, Service, service

NAMED = ("ADDRESS", "TOKEN")


@pytest.fixture
def stands(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("no_proxy", "*")
    with service() as one:
        yield one


def ask(address: str, path: str = "", **more: str) -> object:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return Api(address, headers, named=NAMED).ask(path, **more).value  # type: ignore[arg-type]  # a method


def test_the_token_goes_to_the_service(stands: Service) -> None:
    assert ask(stands.address, "/user") == {"id": 5}
    (asked,) = stands.asked
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["User-Agent"] == "pytest-icp"


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_token_goes_nowhere_else(stands: Service, code: int, method: str) -> None:
    with service() as other:
        stands.failing = [(code, {"Location": f"{other.address}/user"})]
        with pytest.raises(ApiError, match="redirects elsewhere") as caught:
            ask(stands.address, "/user", method=method)
        assert other.asked == []
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "headers", "kind", "said"),
    [
        (403, {}, DeniedError, "403 Forbidden"),
        (403, {"X-RateLimit-Remaining": "0"}, UnavailableError, "403"),
        (403, {"Retry-After": "7"}, UnavailableError, "403"),
        (429, {"Retry-After": "7000"}, UnavailableError, "429 Too Many Requests"),
        (500, {"Retry-After": "soon"}, UnavailableError, "500"),
        (503, {}, UnavailableError, "503 Service Unavailable"),
        (401, {}, ApiError, "401 Unauthorized"),
        (404, {}, ApiError, "404 Not Found"),
        (499, {}, ApiError, "499$"),
    ],
)
def test_what_a_refusal_means(
    stands: Service, code: int, headers: dict[str, str], kind: type[ApiError], said: str
) -> None:
    stands.failing = [(code, headers)]
    with pytest.raises(ApiError, match=said) as caught:
        ask(stands.address, "/user")
    assert type(caught.value) is kind
    # Whatever a service says in its error, which may be the token, is not quoted.
    assert TOKEN not in str(caught.value)
    if isinstance(caught.value, UnavailableError):
        assert caught.value.seconds == {"7": 7, "7000": 60}.get(headers.get("Retry-After", ""), 0)


def test_a_service_that_does_not_answer(stands: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UnavailableError, match="cannot be reached: ConnectionRefusedError"):
            ask(address)
        silent.listen()
        monkeypatch.setattr(api, "_SECONDS", 0.05)
        with pytest.raises(UnavailableError, match=r"cannot be reached: Timeout|timeout"):
            ask(address)
    assert stands.asked == []


def test_an_answer_that_is_none(stands: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    stands.answer = b"<html>"
    with pytest.raises(ApiError, match="the answer is no JSON"):
        ask(stands.address)
    monkeypatch.setattr(api, "_LARGEST", 3)
    with pytest.raises(ApiError, match="the answer is too long"):
        ask(stands.address)


@pytest.mark.parametrize(
    "address", ["", "file:///etc/passwd", "ftp://a.cn", "https://", "https://me@evil.example/"]
)
def test_an_address_is_one_of_the_web(address: str) -> None:
    with pytest.raises(InputError, match="ADDRESS is no"):
        ask(address)


@pytest.mark.parametrize("token", ["a\nX-Other: b", "a b", "令牌"])
def test_a_token_that_cannot_be_one_is_not_quoted(token: str) -> None:
    with pytest.raises(InputError, match="TOKEN has characters") as caught:
        Api("https://a.cn", {"Authorization": f"Bearer {token}"}, named=NAMED)
    assert token not in str(caught.value)
