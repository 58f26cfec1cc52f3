"""What facts out of web servers and gateways cost, next to their parsers on the same files.

Kong and APISIX are compared with PyYAML's CSafeLoader, Traefik with ``tomllib``, and with what
reads the same files here, safely and with places. Caddy, Apache and HAProxy have no parser but our
own: they are compared with that alone. Each side runs in a fresh
process with the garbage collector on, turn by turn; the least time of the processor counts. Run on
Linux: ``python benchmarks/gateways.py``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from sides import table

ROOT = Path(__file__).resolve().parent.parent
HOSTS = 5_000
ROUNDS = 5
AIM = 2.0

PROCESS = """
import pathlib, sys, time, tomllib, yaml
from pytest_icp.facts.files.budget import Meter
from pytest_icp.sources.registry import KINDS
from pytest_icp.sources.request import Request
from pytest_icp.sources.documents import read_documents
from pytest_icp.sources.toml import read_toml
import pytest_icp.sources.apache, pytest_icp.sources.caddy, pytest_icp.sources.haproxy
import pytest_icp.sources.gateways.apisix, pytest_icp.sources.gateways.kong
import pytest_icp.sources.gateways.traefik, pytest_icp.facts.files.yaml_documents
from pytest_icp.sources.apache.lexing import parse as apache
from pytest_icp.sources.caddy.lexing import parse as caddy
from pytest_icp.sources.haproxy.lexing import parse as haproxy
path = pathlib.Path(sys.argv[1])
request = Request(path=path, root=path.parent)
start = time.process_time()
{work}
print(time.process_time() - start)
"""
YAML = "yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)"
TOML = "tomllib.loads(path.read_text())"
OWN = "{kind}(path, path.read_bytes(), Meter())"
STRICT = {
    YAML: "list(read_documents(request, path))",
    TOML: "list(read_toml(request, path))",
    OWN: "{kind}(path, request.read(), request.meter)",
}
FILES = {
    "caddy": (
        "Caddyfile",
        OWN,
        "",
        "h{i}.etaoche.cn {{\n encode gzip\n reverse_proxy app:{i}\n}}\n",
    ),
    "apache": (
        "httpd.conf",
        OWN,
        "",
        (
            "<VirtualHost *:443>\n ServerName h{i}.etaoche.cn\n DocumentRoot /srv/{i}\n"
            " SSLEngine on\n</VirtualHost>\n"
        ),
    ),
    "haproxy": (
        "haproxy.cfg",
        OWN,
        "frontend web\n mode http\n bind :443 ssl\n",
        " acl h{i} hdr(host) -i h{i}.etaoche.cn\n use_backend b{i} if h{i}\n",
    ),
    "traefik": (
        "dynamic.toml",
        TOML,
        "",
        '[http.routers.h{i}]\nrule = "Host(`h{i}.etaoche.cn`)"\nservice = "s{i}"\n',
    ),
    "kong": (
        "kong.yaml",
        YAML,
        "_format_version: '3.0'\nservices:\n",
        (
            "- name: s{i}\n  url: http://s{i}\n  routes:\n"
            "  - name: r{i}\n    hosts: [h{i}.etaoche.cn]\n"
        ),
    ),
    "apisix": (
        "apisix.yaml",
        YAML,
        "routes:\n",
        (
            "- id: {i}\n  uri: /*\n  host: h{i}.etaoche.cn\n"
            "  upstream: {{nodes: {{'10.0.0.1:80': 1}}}}\n"
        ),
    ),
}


def measure(work: str, path: Path) -> float:
    """Return the seconds of the processor of one fresh process."""
    command = [sys.executable, "-c", PROCESS.format(work=work), str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return float(output.stdout)


def row(folder: Path, kind: str) -> tuple[str, ...]:
    """Measure both sides on one file of many hosts."""
    name, theirs, head, each = FILES[kind]
    path = folder / name
    path.write_text(head + "".join(each.format(i=i) for i in range(HOSTS)), "utf-8")
    works = [work.format(kind=kind) for work in (theirs, STRICT[theirs])]
    works.append(f"KINDS['{kind}'].read(request)")
    turns = [[measure(work, path) for work in works] for _ in range(ROUNDS)]
    least, strict, took = (min(turn[side] for turn in turns) for side in range(3))
    times = [f"{1000 * seconds:.0f}" for seconds in (least, strict, took)]
    ratios = (f"{took / strict:.2f}", f"{took / least:.2f}", f"{AIM:.1f}")
    return (kind, f"{path.stat().st_size / 1024:.0f}", *times, *ratios)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(Path(folder), kind) for kind in FILES]
    print(
        table(["kind", "KiB", "parser ms", "strict", "ours", "to strict", "to parser", "aim"], rows)
    )


if __name__ == "__main__":
    main()
