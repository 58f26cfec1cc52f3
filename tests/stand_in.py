"""Stand-ins for the services that hold pull and merge requests, on this machine, in a thread."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghs_0123456789abcdefSECRET"  # noqa: S105 - of a stand-in


class Asked(NamedTuple):
    """A request that a stand-in got."""

    method: str
    path: str
    sent: Any
    headers: dict[str, str]


class Service:
    """A service with the comments of one request.

    ``failing`` are the answers, status and headers, that it gives before it works, ``refuses`` the
    kinds of what it never does.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.comments: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.failing: list[tuple[int, dict[str, str]]] = []
        self.refuses: dict[str, str] = {}
        self.answer: Any = None
        self.page = 100

    @property
    def bodies(self) -> list[str]:
        """The bodies of the comments, the first ones first."""
        return [one["body"] for one in self.comments]

    def add(self, body: str, author: str = "github-actions", kind: str = "Bot") -> None:
        """Add a comment of somebody."""
        number = len(self.comments) + 1
        self.comments.append({"id": number, "body": body, "author": author, "kind": kind})

    def _one(self, number: object) -> dict[str, Any]:
        return next(one for one in self.comments if str(one["id"]) == str(number))

    def graphql(self, sent: Any) -> Any:
        """Answer as GitHub does: what is not permitted is an error in an answer that is well."""
        given = sent["variables"]
        name = next(x for x in ("addC", "updateI", "deleteI", "comments(") if x in sent["query"])
        if name in self.refuses:
            return {"data": None, "errors": [{"type": self.refuses[name], "message": TOKEN}]}
        if name == "comments(":
            assert (given["owner"], given["name"], given["number"]) == ("o", "r", 7)
            begin = int(given["after"] or 0)
            shown = self.comments[begin : begin + self.page]
            end = begin + len(shown)
            nodes = [
                {
                    "id": str(one["id"]),
                    "body": one["body"],
                    "author": one["author"] and {"__typename": one["kind"], "login": one["author"]},
                }
                for one in shown
            ]
            page = {"hasNextPage": end < len(self.comments), "endCursor": str(end)}
            request = {"id": "PR", "comments": {"nodes": nodes, "pageInfo": page}}
            repository = {"pullRequest": request}
            return {"data": {"viewer": {"login": "github-actions[bot]"}, "repository": repository}}
        if name == "addC":
            assert given["to"] == "PR"
            self.add(given["body"])
        elif name == "updateI":
            self._one(given["id"])["body"] = given["body"]
        else:
            self.comments.remove(self._one(given["id"]))
        return {"data": {}}

    def rest(self, method: str, path: str, sent: Any) -> tuple[Any, dict[str, str]]:
        """Answer as GitLab does."""
        parts = urlsplit(path)
        if parts.path == "/user":
            return {"id": 5}, {}
        prefix = "/projects/3/merge_requests/7/notes"
        assert parts.path.startswith(prefix)
        number = parts.path.removeprefix(prefix).strip("/")
        if method == "GET":
            page = int(parse_qs(parts.query)["page"][0])
            begin = (page - 1) * self.page
            shown = self.comments[begin : begin + self.page]
            more = begin + self.page < len(self.comments)
            notes = [
                {
                    "id": one["id"],
                    "body": one["body"],
                    "author": {"id": 5 if one["author"] == "github-actions" else 6},
                    "system": one["kind"] == "system",
                }
                for one in shown
            ]
            return notes, {"X-Next-Page": str(page + 1) if more else ""}
        if method == "POST":
            self.add(sent["body"])
        elif method == "PUT":
            self._one(number)["body"] = sent["body"]
        else:
            self.comments.remove(self._one(number))
        return None, {}


@contextmanager
def service() -> Iterator[Service]:
    """Give a service that listens as long as it is used."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            raw = self.rfile.read(length)
            sent = json.loads(raw) if raw else None
            stands.asked.append(Asked(self.command, self.path, sent, dict(self.headers)))
            if stands.failing:
                status, headers = stands.failing.pop(0)
                value = {"message": TOKEN}
            elif stands.answer is not None:
                status, headers, value = 200, {}, stands.answer
            elif self.path == "/graphql":
                status, headers, value = 200, {}, stands.graphql(sent)
            else:
                value, headers = stands.rest(self.command, self.path, sent)
                status = 200
            text = value if isinstance(value, bytes) else json.dumps(value).encode()
            text = b"" if value is None else text
            self.send_response(status)
            for name, one in {**headers, "Content-Length": str(len(text))}.items():
                self.send_header(name, one)
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - as the library calls them

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stands = Service(f"http://127.0.0.1:{server.server_port}")
        # How often it looks whether it is to end.
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield stands
        finally:
            server.shutdown()
