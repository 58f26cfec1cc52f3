"""Asks the API of a service (接口): the one part of the package that opens a connection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pytest_icp.facts.files.source import MEGABYTE
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.reports.safe import one_line

_SECONDS = 20
_LARGEST = 64 * MEGABYTE
_LONGEST_WAIT = 60

_REFUSED = Text(zh="{host} 拒绝了请求：{why}", en="{host} refused the request: {why}")
_UNREACHED = Text(zh="无法访问 {host}：{why}", en="{host} cannot be reached: {why}")
_ELSEWHERE = Text(
    zh="{host} 转往别处（{why}），令牌不会随之发出",
    en="{host} redirects elsewhere ({why}), where the token is not sent",
)
_NO_ADDRESS = Text(
    zh="“{name}”不是 http 或 https 地址", en="{name} is not an http or https address"
)
_NO_TOKEN = Text(
    zh="“{name}”中有令牌不能有的字符，例如空格或换行",
    en="{name} has characters that no token has, such as a space or the end of a line",
)
_UNREADABLE = Text(zh="回答不是 JSON", en="the answer is no JSON")
_TOO_LONG = Text(zh="回答过长", en="the answer is too long")


class ApiError(InputError):
    """What a service does not do; nothing of what it says in an error is quoted but its number."""


class DeniedError(ApiError):
    """The token is not permitted to do it."""


class UnavailableError(ApiError):
    """It may work later; ``seconds`` is when, where the service says so."""

    seconds: int = 0


class Answer(NamedTuple):
    """A value of JSON, and the headers that came with it."""

    value: Any
    headers: HTTPMessage


class Api:
    """The API of one service, at an address that a variable of the environment gives.

    ``headers`` are those that carry the token, ``named`` the variables that both came from.
    Raises `InputError` for an address or a token that cannot be one.
    """

    def __init__(self, address: str, headers: Mapping[str, str], *, named: tuple[str, str]) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"https", "http"} or not parts.hostname or "@" in parts.netloc:
            raise InputError(_NO_ADDRESS.format(name=named[0]))
        for value in headers.values():
            # The library would quote it in its own error.
            if not value.isascii() or not value.isprintable() or value.count(" ") > 1:
                raise InputError(_NO_TOKEN.format(name=named[1]))
        self._address, self._host = address.rstrip("/"), one_line(parts.netloc)
        self._headers = {"Accept": "application/json", "User-Agent": "pytest-icp", **headers}
        self._opener = build_opener(_Stay)

    def ask(self, path: str = "", *, method: str = "GET", sent: object = None) -> Answer:
        """Return the answer to one request.

        Raises `ApiError`: `DeniedError` where the token may not, `UnavailableError` where it may
        work later.
        """
        data = None if sent is None else json.dumps(sent).encode()
        headers = self._headers | ({"Content-Type": "application/json"} if data else {})
        request = Request(  # noqa: S310 - the scheme was looked at
            f"{self._address}{path}", data=data, headers=headers, method=method
        )
        try:
            with self._opener.open(request, timeout=_SECONDS) as response:
                raw, found = response.read(_LARGEST + 1), response.headers
        except HTTPError as error:
            with error:
                raise self._refused(error) from None
        except (OSError, HTTPException) as error:
            why = type(getattr(error, "reason", None) or error).__name__
            raise UnavailableError(_UNREACHED.format(host=self._host, why=why)) from None
        if len(raw) > _LARGEST:
            raise self.error(_TOO_LONG)
        try:
            return Answer(json.loads(raw) if raw else None, found)
        except (ValueError, RecursionError):
            raise self.error(_UNREADABLE) from None

    def error(self, why: Text, kind: type[ApiError] = ApiError) -> ApiError:
        """Return the error for what the service says."""
        return kind(_REFUSED.format(host=self._host, why=why))

    def _refused(self, error: HTTPError) -> ApiError:
        code, wait = error.code, error.headers.get("Retry-After", "")
        why = f"{code} {_phrase(code)}".strip()
        if HTTPStatus.MULTIPLE_CHOICES <= code < HTTPStatus.BAD_REQUEST:
            return ApiError(_ELSEWHERE.format(host=self._host, why=why))
        message = _REFUSED.format(host=self._host, why=why)
        spent = error.headers.get("X-RateLimit-Remaining") == "0"
        if code == HTTPStatus.FORBIDDEN and not wait and not spent:
            return DeniedError(message)
        passing = {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
        if code not in passing and code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return ApiError(message)
        later = UnavailableError(message)
        later.seconds = min(int(wait), _LONGEST_WAIT) if wait.isdecimal() else 0
        return later


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: another host would get the token."""

    def redirect_request(self, *_: object) -> None:
        """Leave the answer as it is, which makes it an error."""


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return ""
