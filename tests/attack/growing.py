"""Files that once took time by the square of their size, or more: how long they take now.

``python benchmarks/doubling.py`` prints the ratio for each; the test asks that it stays small.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import process_time
from typing import TypeAlias

from pytest_icp.facts.files.budget import OverBudgetError
from pytest_icp.facts.pages import completed
from pytest_icp.facts.pages.reading import read as read_page
from pytest_icp.facts.pages.rendering import certain
from pytest_icp.law.errors import InputError
from pytest_icp.sources.loading import load
from pytest_icp.sources.paper import read_licence, read_pages
from pytest_icp.sources.terraform.language.syntax import SyntaxFault, parse
from tests.attack.reading import Files, derive, write
from tests.sources.plan_files import change, declared, plan
from tests.sources.state_files import resource, state

Made: TypeAlias = Callable[[Path, int], Callable[[], object]]
"""Writes files of a size into a folder, and returns what reads them."""
Row: TypeAlias = tuple[int, Made]
Text: TypeAlias = Callable[[int], str]

_ZONE = "$ORIGIN a.cn.\n@ IN SOA ns h 1 1 1 1 1\n"
_INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: "
_CONFIGMAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
_API = {"apiVersion": "pytest-icp/v1"}


def _source(kind: str, n: int, files: Callable[[int], Files], path: str | None = None) -> Row:
    """A row of files, of which the first is read, or another path."""

    def made(folder: Path, size: int) -> Callable[[], object]:
        written = files(size)
        write(folder, written)
        at = next(iter(written)) if path is None else path
        return lambda: _accepted(partial(derive, folder, kind, at))

    return n, made


def _text(kind: str, n: int, name: str, text: Text) -> Row:
    return _source(kind, n, lambda size: {name: text(size)})


_logs_of = partial(_text, "log-retention")


def _accepted(read: Callable[[], object]) -> object:
    """Return what is read, or why it is refused."""
    try:
        return read()
    except (InputError, OverBudgetError, SyntaxFault) as error:
        return error


def _hcl(n: int, text: Text) -> Row:
    return n, lambda _, size: partial(_accepted, partial(parse, text(size), "main.tf"))


def _description(n: int, name: str, text: Text) -> Row:
    def made(folder: Path, size: int) -> Callable[[], object]:
        write(folder, {name: text(size)})
        return lambda: _accepted(partial(load, folder / name))

    return n, made


def _page(_: Path, n: int) -> Callable[[], object]:
    css = "".join(f"p{{opacity:{i}}}" for i in range(1, n))
    elements = _names(lambda i: f"<p id=i{i} style='opacity:{i + 1}'>x")(n)
    read_page.cache_clear()
    return partial(read_page, f"<style>{css}</style>{elements}")


def _component(n: int, name: str, code: Text, module: Text = str) -> Row:
    def made(_: Path, size: int) -> Callable[[], object]:
        shown, imported = code(size), module(size).encode()
        certain.cache_clear()
        path = Path("src", name)
        return lambda: certain(path, completed(path, shown, lambda _: imported))

    return n, made


def _paper(n: int, text: Text) -> Row:
    def made(folder: Path, size: int) -> Callable[[], object]:
        write(folder, {"licence.txt": text(size)})
        return lambda: _accepted(lambda: read_licence(read_pages(folder / "licence.txt")[1]))

    return n, made


def _names(text: Text) -> Text:
    """Return that text again and again, with a number of its own each time."""
    return lambda n: "".join(map(text, range(n)))


_SETUP = "<template>{{ a.b }}</template><script setup>import a from './a.js'\n"
_OPTIONS = _SETUP.replace(" setup", "") + "export default {"


def _linked(folder: Path, n: int) -> Callable[[], object]:
    write(folder, {"nginx.conf": f"include d/{'*/' * (n // 100)}*.conf;", "d/a.conf": ""})
    for name in ("l", "m"):
        if not (folder / "d" / name).is_symlink():
            (folder / "d" / name).symlink_to(".")
    return lambda: _accepted(partial(derive, folder, "nginx", "nginx.conf"))


def _address(n: int) -> str:
    changes = [change("alicloud_eip_address.e", {"ip_address": "1.2.3.4"})]
    resources = [declared("alicloud_eip_address.e")]
    for i in range(n):
        names = (f"alicloud_instance.i{i}", f"alicloud_eip_association.a{i}", f"alicloud_dns.d{i}")
        machine, bound, _ = names
        changes += [change(machine, {"instance_name": "x"}), change(bound, {})]
        eip, to = ["alicloud_eip_address.e.id"], [f"{machine}.id"]
        resources += [declared(machine), declared(bound, allocation_id=eip, instance_id=to)]
    return json.dumps(plan(*changes, resources=resources))


def _logs(n: int) -> str:
    rules = [
        {"status": "Enabled", "prefix": f"{i}/", "expiration": [{"days": i + 1}]} for i in range(n)
    ]
    kept = {"bucket": "logs", "rule": rules}
    changes = [change("aws_s3_bucket.logs", {"bucket": "logs"})]
    changes.append(change("aws_s3_bucket_lifecycle_configuration.r", kept))
    for i in range(n):
        logging = {"target_bucket": "logs", "target_prefix": f"{i}/"}
        changes.append(change(f"aws_s3_bucket_logging.l{i}", logging))
    return json.dumps(plan(*changes))


def _records(n: int) -> str:
    record = {"DomainName": "a.cn", "Type": "A", "Value": "1.2.3.4"}
    records = [{**record, "RecordId": str(i), "RR": f"a{i}"} for i in range(n)]
    return json.dumps({"DomainRecords": {"Record": records}, "TotalCount": n + 1})


def _machines(n: int) -> str:
    eip = {"AllocationId": "eip-1", "IpAddress": "1.2.3.4"}
    machines = [{"InstanceId": f"i-{i}", "EipAddress": eip if i == 0 else {}} for i in range(n)]
    return json.dumps({"Instances": {"Instance": machines}})


def _functions(n: int) -> str:
    props = {"functionName": "a", "customDomain": {"domainName": "a.cn"}}
    resources = {f"a{i}": {"component": "fc3", "props": props} for i in range(n)}
    return json.dumps({"edition": "3.0.0", "resources": resources})


def _chain(n: int) -> str:
    given = {f"a{i}": f"${{vars.a{i + 1}}}" for i in range(n)}
    props = {"region": "${vars.a0}"}
    resources = {f"f{i}": {"component": "fc3", "props": props} for i in range(n)}
    return json.dumps({"edition": "3.0.0", "vars": given, "resources": resources})


def _bound(n: int) -> str:
    resources = [resource("alicloud_eip_address.e", {"id": "e", "ip_address": "1.2.3.4"})]
    for i in range(n):
        ends = {"allocation_id": "e", "instance_id": f"i{i}"}
        resources += [
            resource(f"alicloud_instance.i{i}", {"id": f"i{i}"}),
            resource(f"alicloud_eip_association.a{i}", {"id": f"a{i}", **ends}),
        ]
    return json.dumps(state(*resources))


def _traefik(rule: str) -> str:
    labels = {"traefik.http.routers.a.rule": rule}
    return json.dumps({"services": {"a": {"labels": labels}}})


def _states(n: int) -> str:
    states = [{"name": f"{i}", "transitions": [{"state_name": f"{i + 1}"}]} for i in range(n)]
    return json.dumps({"default_state": "0", "states": states})


_LOGS = (
    '<property name="a" value="${b:-3}"/><appender name="A" class="RollingFileAppender">'
    "<rollingPolicy><fileNamePattern>%d</fileNamePattern><maxHistory>${a}</maxHistory>"
    "</rollingPolicy></appender>"
)


def _deletions(n: int) -> str:
    old = "<IfLastModified age='3d'/>"
    delete = f"<Delete basePath='.'><IfAny>{old * n}</IfAny></Delete>"
    strategy = f"<DefaultRolloverStrategy>{delete * 9}</DefaultRolloverStrategy>"
    return f"<c><RollingFile name='A' filePattern='a-%d'>{strategy}</RollingFile></c>"


def _variables(n: int) -> str:
    return _LOGS.replace("${a}", "${c:-" * n + "}" * n) + _LOGS.replace("${a}", "${" * n)


GROWING: Mapping[str, Row] = {
    "log-retention: blocks of logrotate": _logs_of(
        400, "logrotate.conf", lambda n: "/a {\n daily\n rotate 1\n}\n" * n
    ),
    "log-retention: words before a block": _logs_of(
        20_000, "logrotate.conf", lambda n: f"{'a ' * n}\n{'/b ' * n}{{\n}}\n"
    ),
    "log-retention: states of ISM": _logs_of(1500, "p.json", _states),
    "log-retention: lines of a file in a ConfigMap": _logs_of(
        1000,
        "a.yaml",
        lambda n: (
            f"{_CONFIGMAP}data:\n  logrotate.conf: |\n"
            + _names(lambda i: f"    /a{i} {{\n      rotate 1\n    }}\n")(n)
        ),
    ),
    "logs: appenders and properties": _logs_of(300, "logback.xml", lambda n: f"<c>{_LOGS * n}</c>"),
    "logs: ways of deletion": _logs_of(300, "log4j2.xml", _deletions),
    "logs: variables in variables": _logs_of(
        3000, "logback.xml", lambda n: f"<c>{_variables(n)}</c>"
    ),
    "Spring: documents": _logs_of(
        300, "application.yml", _names(lambda i: f"logging.file.name: a\nk{i}: b\n---\n")
    ),
    ".env: spaces": _source(
        "compose",
        2000,
        lambda n: {"compose.yaml": _traefik("Host(`${A}`)"), ".env": f"A=b{' ' * n}x#"},
    ),
    ".env: values that are used often": _source(
        "compose",
        150,
        lambda n: {
            "compose.yaml": "services:\n"
            + _names(lambda i: f" a{i}: {{environment: ['VIRTUAL_HOST=${{A}}']}}\n")(n),
            ".env": "A=" + "b" * n * 100,
        },
    ),
    "Compose: services that extend one another": _text(
        "compose",
        300,
        "compose.yaml",
        lambda n: (
            "services:\n" + _names(lambda i: f" a{i}: {{extends: {{service: a{i + 1}}}}}\n")(n)
        ),
    ),
    "Compose: spaces in a rule of Traefik": _text(
        "compose", 3000, "compose.yaml", lambda n: _traefik(f"Host{' ' * n}(`a.cn`)")
    ),
    "zone: $GENERATE of aliases": _text(
        "zone", 600, "a.cn.zone", lambda n: f"{_ZONE}$GENERATE 1-{n} h$ CNAME h${{1}}\n"
    ),
    "zone: a term of many digits": _text(
        "zone", 3000, "a.cn.zone", lambda n: f"{_ZONE}a {'9' * n}w IN A 1.2.3.4\n"
    ),
    "nginx: includes through links to .": (1000, _linked),
    "nginx: names of a server": _text(
        "nginx",
        1000,
        "nginx.conf",
        lambda n: f"server {{ server_name {_names(lambda i: f'a{i}.cn ')(n)}; }}",
    ),
    "nginx: redirects in a chain": _text(
        "nginx",
        300,
        "nginx.conf",
        _names(lambda i: f"server {{ server_name a{i}.cn; return 301 http://a{i + 1}.cn; }}\n"),
    ),
    "Caddy: addresses of a site": _text(
        "caddy",
        1000,
        "Caddyfile",
        lambda n: f"{_names(lambda i: f'a{i}.cn ')(n)}{{\n" + "respond /a 200\n" * n + "}\n",
    ),
    "Caddy: variables that do not end": _text(
        "caddy", 3000, "Caddyfile", lambda n: "{$" * n + "\n" + "<<A\n" + " A" * n
    ),
    "Apache: names of a virtual host": _text(
        "apache",
        1000,
        "httpd.conf",
        lambda n: (
            f"<VirtualHost *>\nServerAlias {_names(lambda i: f'a{i}.cn ')(n)}\n"
            + "ProxyPass /a http://b/\n" * n
            + "</VirtualHost>\n"
        ),
    ),
    "Apache: lines that go on": _text(
        "apache", 3000, "httpd.conf", lambda n: "a \\\n" * n + "#\\\n" * n + '"\\' * n
    ),
    "Kubernetes: blank lines in a snippet": _text(
        "kubernetes",
        2000,
        "a.yaml",
        lambda n: (
            f"{_INGRESS}{{annotations: {{nginx.ingress.kubernetes.io/server-snippet: "
            + json.dumps("\n" * n)
            + "}}\n"
        ),
    ),
    "Kubernetes: blank lines in a ConfigMap": _text(
        "kubernetes",
        2000,
        "a.yaml",
        lambda n: f"{_CONFIGMAP}data: {{nginx.conf: " + json.dumps("\n" * n) + "}\n",
    ),
    "Kubernetes: includes of an nginx in a ConfigMap": _text(
        "kubernetes",
        300,
        "a.yaml",
        lambda n: (
            f"{_CONFIGMAP}data: {{nginx.conf: "
            + json.dumps("http {\n" + "include a*;\n" * n + "}\n")
            + _names(lambda i: f", b{i}: c")(n)
            + "}\n"
        ),
    ),
    "register: servers under headings of people's own": _text(
        "register",
        100,
        "服务器.csv",
        lambda n: (
            "名称,IP,可用区,云平台,状态,备注\n"
            + _names(lambda i: f"a{i},203.0.113.1,cn-beijing-h,阿里云,在用,\n")(n)
        ),
    ),
    "Terraform: one address with many associations": _text(
        "terraform-plan", 100, "plan.json", _address
    ),
    "Terraform: logs under many names in one bucket with many rules": _text(
        "terraform-plan", 100, "plan.json", _logs
    ),
    "Terraform: one address with many associations in a state": _text(
        "terraform-state", 100, "a.tfstate", _bound
    ),
    "Terraform: arguments and comments": _hcl(
        500, lambda n: "b {\na = 1 /* b */ + x.y # c\n}\n" * n
    ),
    "Terraform: texts that are not closed": _hcl(500, lambda n: "a = <<E\n" * n),
    "Terraform: lists in lists": _hcl(20, lambda n: "a = [" + "[1, " * n + "]" * n + "]\n"),
    "export: records of one address, and machines": _source(
        "cloud-export",
        300,
        lambda n: {"records.json": _records(n), "machines.json": _machines(n)},
        path="",
    ),
    "serverless: functions of one domain": _text("serverless", 200, "s.yaml", _functions),
    "serverless: references in a chain": _text("serverless", 200, "s.yaml", _chain),
    "Ansible: hosts of ranges": _text(
        "ansible", 2000, "hosts", lambda n: f"a[1:{n}] region=cn-beijing\n"
    ),
    "Ansible: groups in groups": _text(
        "ansible",
        300,
        "hosts",
        _names(lambda i: f"[g{i}:children]\ng{i + 1}\n[g{i}]\nx\ny{i}\n"),
    ),
    "app: comments and texts that do not end": _text(
        "app", 3000, "build.gradle", lambda n: "/*" * n + "\n" + '"\\' * n + "'a" * n
    ),
    "app: parts of an app": _text(
        "app", 1000, "project.pbxproj", _names(lambda i: f"PRODUCT_BUNDLE_IDENTIFIER = a.b{i}.c;\n")
    ),
    "JSON: unknown keys": _description(
        300, "a.icp.json", lambda n: json.dumps(_API | {f"k{i}": 1 for i in range(n)})
    ),
    "JSON: values of another type": _description(
        500, "a.icp.json", lambda n: json.dumps(_API | {"sites": [{"domains": [1] * n}]})
    ),
    "YAML: a long number": _description(20_000, "a.icp.yaml", lambda n: f"a: 0x{'f' * n}\n"),
    "page: rules of styles, and elements": (400, _page),
    "component: constants of its own": _component(
        1000,
        "a.vue",
        lambda n: (
            "<template>"
            + _names(lambda i: f"<p :a='b{i}'>{{{{ a{i} }}}}</p>")(n)
            + "</template><script setup>"
            + _names(lambda i: f"const a{i} = 'x'\n")(n)
        ),
    ),
    "component: imports and expressions": _component(
        1000,
        "a.jsx",
        lambda n: (
            _names(lambda i: f"import a{i} from './b.js'\n")(n)
            + f"export default () => <p>{_names(lambda i: f'{{a{i}.b}}')(n)}</p>"
        ),
        lambda n: "export default {" + "b: {" * n,
    ),
    "component: a module of many exports": _component(
        1000,
        "a.vue",
        lambda n: _SETUP.replace("import a", "import * as a") + "</script>" * n,
        _names(lambda i: f"export const a{i} = {{}}\nexport {{ a{i} as b{i} }}\n"),
    ),
    "component: a script of texts without an end": _component(
        5000, "a.vue", lambda n: _SETUP + "`\"'\\" * n, lambda n: "a = '\\`" * n
    ),
    "component: blocks that are not closed": _component(
        3000, "a.vue", lambda n: "<docs><template>" * n
    ),
    "component: options in options": _component(
        2000, "a.vue", lambda n: _OPTIONS + "data() { return { a, " * n
    ),
    "component: what it returns, of one name": _component(
        1000, "a.vue", lambda n: _OPTIONS + "data() { return { a, " * n + "}}" * n
    ),
    "component: conditions whose elements do not end": _component(
        1000,
        "a.jsx",
        lambda n: f"import a from './a.js'\nexport default () => <p>{'{a && <b>}' * n}</p>",
        lambda _: "export default 'x'",
    ),
    "licence: form feeds": _paper(20_000, lambda n: "许可证\n" + "\f" * n),
    "licence: rows of a table": _paper(500, lambda n: "│公司名称│甲│\n├──┤\n" * n),
    "licence: pages of services": _paper(
        200, lambda n: "获准经营互联网接入服务业务相关信息：业务覆盖范围：北京。" * n
    ),
    "licence: values before labels": _paper(300, lambda n: "甲有限公司\n公司名称：\n" * n),
    "licence: words between lines": _paper(500, _names(lambda i: f"{i}甲\n乙丙\n仅\n")),
}
"""How large the smaller input is, and what writes and reads it."""


def seconds(folder: Path, made: Made, n: int) -> float:
    """Return the processor time of reading files of a size, the better of two."""
    took = []
    for _ in range(2):
        run = made(folder, n)
        begun = process_time()
        run()
        took.append(process_time() - begun)
    return min(took)
