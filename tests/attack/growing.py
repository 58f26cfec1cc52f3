"""Files that once took time by the square of their size, or more: how long they take now.

``python benchmarks/doubling.py`` prints the ratio for each; the test asks that it stays small.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from time import process_time
from typing import TypeAlias

from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.budget import OverBudgetError
from pytest_icp.facts.pages import completed
from pytest_icp.facts.pages.reading import read as read_page
from pytest_icp.facts.pages.templates import certain
from pytest_icp.law.errors import InputError
from pytest_icp.sources.loading import load
from pytest_icp.sources.paper import read_licence, read_pages
from pytest_icp.sources.terraform.language.syntax import SyntaxFault, parse
from tests.attack.reading import Files, derive, write
from tests.sources.plan_files import change, declared, plan
from tests.sources.state_files import resource, state

Made: TypeAlias = Callable[[Path, int], Callable[[], object]]
"""Writes files of a size into a folder, and returns what reads them."""

_ZONE = "$ORIGIN a.cn.\n@ IN SOA ns h 1 1 1 1 1\n"
_INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: "
_CONFIGMAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
_TRAEFIK = "services: {a: {labels: {traefik.http.routers.a.rule: RULE}}}\n"


def _source(kind: str, files: Callable[[int], Files]) -> Made:
    def made(folder: Path, n: int) -> Callable[[], object]:
        written = files(n)
        write(folder, written)
        return lambda: _derived(folder, kind, next(iter(written)))

    return made


def _hcl(text: str) -> object:
    try:
        return parse(text, "main.tf")
    except SyntaxFault as fault:
        return fault


def _derived(folder: Path, kind: str, path: str) -> Derived | InputError | OverBudgetError:
    try:
        return derive(folder, kind, path)
    except OverBudgetError as error:
        return error


def _description(name: str, text: Callable[[int], str]) -> Made:
    def made(folder: Path, n: int) -> Callable[[], object]:
        write(folder, {name: text(n)})
        return lambda: _loaded(folder / name)

    return made


def _loaded(path: Path) -> object:
    try:
        return load(path)
    except InputError as error:
        return error


def _page(html: Callable[[int], str]) -> Made:
    def made(_: Path, n: int) -> Callable[[], object]:
        text = html(n)
        read_page.cache_clear()
        return lambda: read_page(text)

    return made


def _component(name: str, code: Callable[[int], str], module: Callable[[int], str]) -> Made:
    def made(_: Path, n: int) -> Callable[[], object]:
        shown, imported = code(n), module(n).encode()
        certain.cache_clear()
        path = Path("src", name)
        return lambda: certain(path, completed(path, shown, lambda _: imported))

    return made


def _names(text: Callable[[int], str]) -> Callable[[int], str]:
    return lambda n: "".join(map(text, range(n)))


_SETUP = "<template>{{ a.b }}</template><script setup>import a from './a.js'\n"


def _paper(text: Callable[[int], str]) -> Made:
    def made(folder: Path, n: int) -> Callable[[], object]:
        write(folder, {"licence.txt": text(n)})

        def read() -> object:
            try:
                return read_licence(read_pages(folder / "licence.txt")[1])
            except InputError as error:
                return error

        return read

    return made


def _linked(folder: Path, n: int) -> Callable[[], object]:
    write(folder, {"nginx.conf": f"include d/{'*/' * (n // 100)}*.conf;", "d/a.conf": ""})
    for name in ("l", "m"):
        if not (folder / "d" / name).is_symlink():
            (folder / "d" / name).symlink_to(".")
    return lambda: _derived(folder, "nginx", "nginx.conf")


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


def _exported(folder: Path, n: int) -> Callable[[], object]:
    write(folder, {"records.json": _records(n), "machines.json": _machines(n)})
    return lambda: _derived(folder, "cloud-export", "")


def _bound(n: int) -> str:
    resources = [resource("alicloud_eip_address.e", {"id": "e", "ip_address": "1.2.3.4"})]
    for i in range(n):
        ends = {"allocation_id": "e", "instance_id": f"i{i}"}
        resources += [
            resource(f"alicloud_instance.i{i}", {"id": f"i{i}"}),
            resource(f"alicloud_eip_association.a{i}", {"id": f"a{i}", **ends}),
        ]
    return json.dumps(state(*resources))


def _compose(rule: str) -> str:
    return _TRAEFIK.replace("RULE", json.dumps(rule))


def _sheet(n: int) -> str:
    css = "".join(f"p{{opacity:{i}}}" for i in range(1, n))
    elements = "".join(f"<p id=i{i} style='opacity:{i + 1}'>x" for i in range(n))
    return f"<style>{css}</style>{elements}"


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


GROWING: Mapping[str, tuple[int, Made]] = {
    "log-retention: blocks of logrotate": (
        400,
        _source("log-retention", lambda n: {"logrotate.conf": "/a {\n daily\n rotate 1\n}\n" * n}),
    ),
    "log-retention: words before a block": (
        20_000,
        _source("log-retention", lambda n: {"logrotate.conf": f"{'a ' * n}\n{'/b ' * n}{{\n}}\n"}),
    ),
    "log-retention: states of ISM": (
        1500,
        _source(
            "log-retention",
            lambda n: {
                "p.json": json.dumps(
                    {
                        "default_state": "0",
                        "states": [
                            {"name": f"{i}", "transitions": [{"state_name": f"{i + 1}"}]}
                            for i in range(n)
                        ],
                    }
                )
            },
        ),
    ),
    "log-retention: lines of a file in a ConfigMap": (
        1000,
        _source(
            "log-retention",
            lambda n: {
                "a.yaml": f"{_CONFIGMAP}data:\n  logrotate.conf: |\n"
                + "".join(f"    /a{i} {{\n      rotate 1\n    }}\n" for i in range(n))
            },
        ),
    ),
    ".env: spaces": (
        2000,
        _source(
            "compose",
            lambda n: {"compose.yaml": _compose("Host(`${A}`)"), ".env": f"A=b{' ' * n}x#"},
        ),
    ),
    ".env: values that are used often": (
        150,
        _source(
            "compose",
            lambda n: {
                "compose.yaml": "services:\n"
                + "".join(f" a{i}: {{environment: ['VIRTUAL_HOST=${{A}}']}}\n" for i in range(n)),
                ".env": "A=" + "b" * n * 100,
            },
        ),
    ),
    "Compose: services that extend one another": (
        300,
        _source(
            "compose",
            lambda n: {
                "compose.yaml": "services:\n"
                + "".join(f" a{i}: {{extends: {{service: a{i + 1}}}}}\n" for i in range(n))
            },
        ),
    ),
    "Compose: spaces in a rule of Traefik": (
        3000,
        _source("compose", lambda n: {"compose.yaml": _compose(f"Host{' ' * n}(`a.cn`)")}),
    ),
    "zone: $GENERATE of aliases": (
        600,
        _source("zone", lambda n: {"a.cn.zone": f"{_ZONE}$GENERATE 1-{n} h$ CNAME h${{1}}\n"}),
    ),
    "zone: a term of many digits": (
        3000,
        _source("zone", lambda n: {"a.cn.zone": f"{_ZONE}a {'9' * n}w IN A 1.2.3.4\n"}),
    ),
    "nginx: includes through links to .": (1000, _linked),
    "nginx: names of a server": (
        1000,
        _source(
            "nginx",
            lambda n: {
                "nginx.conf": f"server {{ server_name {' '.join(f'a{i}.cn' for i in range(n))}; }}"
            },
        ),
    ),
    "nginx: redirects in a chain": (
        300,
        _source(
            "nginx",
            lambda n: {
                "nginx.conf": "".join(
                    f"server {{ server_name a{i}.cn; return 301 http://a{i + 1}.cn; }}\n"
                    for i in range(n)
                )
            },
        ),
    ),
    "Caddy: addresses of a site": (
        1000,
        _source(
            "caddy",
            lambda n: {
                "Caddyfile": f"{' '.join(f'a{i}.cn' for i in range(n))} {{\n"
                + "respond /a 200\n" * n
                + "}\n"
            },
        ),
    ),
    "Apache: names of a virtual host": (
        1000,
        _source(
            "apache",
            lambda n: {
                "httpd.conf": "<VirtualHost *>\nServerAlias "
                + " ".join(f"a{i}.cn" for i in range(n))
                + "\n"
                + "ProxyPass /a http://b/\n" * n
                + "</VirtualHost>\n"
            },
        ),
    ),
    "Apache: lines that go on": (
        3000,
        _source("apache", lambda n: {"httpd.conf": "a \\\n" * n + "#\\\n" * n + '"\\' * n}),
    ),
    "Caddy: variables that do not end": (
        3000,
        _source("caddy", lambda n: {"Caddyfile": "{$" * n + "\n" + "<<A\n" + " A" * n}),
    ),
    "Kubernetes: blank lines in a snippet": (
        2000,
        _source(
            "kubernetes",
            lambda n: {
                "a.yaml": _INGRESS
                + "{annotations: {nginx.ingress.kubernetes.io/server-snippet: "
                + json.dumps("\n" * n)
                + "}}\n"
            },
        ),
    ),
    "Kubernetes: blank lines in a ConfigMap": (
        2000,
        _source(
            "kubernetes",
            lambda n: {
                "a.yaml": f"{_CONFIGMAP}data: {{nginx.conf: " + json.dumps("\n" * n) + "}\n"
            },
        ),
    ),
    "Kubernetes: includes of an nginx in a ConfigMap": (
        300,
        _source(
            "kubernetes",
            lambda n: {
                "a.yaml": f"{_CONFIGMAP}data: {{nginx.conf: "
                + json.dumps("http {\n" + "include a*;\n" * n + "}\n")
                + "".join(f", b{i}: c" for i in range(n))
                + "}\n"
            },
        ),
    ),
    "register: servers under headings of people's own": (
        100,
        _source(
            "register",
            lambda n: {
                "服务器.csv": "名称,IP,可用区,云平台,状态,备注\n"
                + "".join(f"a{i},203.0.113.1,cn-beijing-h,阿里云,在用,\n" for i in range(n))
            },
        ),
    ),
    "Terraform: one address with many associations": (
        100,
        _source("terraform-plan", lambda n: {"plan.json": _address(n)}),
    ),
    "Terraform: logs under many names in one bucket with many rules": (
        100,
        _source("terraform-plan", lambda n: {"plan.json": _logs(n)}),
    ),
    "export: records of one address, and machines": (300, _exported),
    "Terraform: one address with many associations in a state": (
        100,
        _source("terraform-state", lambda n: {"a.tfstate": _bound(n)}),
    ),
    "Terraform: arguments and comments": (
        500,
        lambda _, n: lambda: _hcl("b {\na = 1 /* b */ + x.y # c\n}\n" * n),
    ),
    "Terraform: texts that are not closed": (
        500,
        lambda _, n: lambda: _hcl("a = <<E\n" * n),
    ),
    "Terraform: lists in lists": (
        20,
        lambda _, n: lambda: _hcl("a = [" + "[1, " * n + "]" * n + "]\n"),
    ),
    "serverless: functions of one domain": (
        200,
        _source("serverless", lambda n: {"s.yaml": _functions(n)}),
    ),
    "serverless: references in a chain": (
        200,
        _source("serverless", lambda n: {"s.yaml": _chain(n)}),
    ),
    "logs: appenders and properties": (
        300,
        _source("log-retention", lambda n: {"logback.xml": f"<c>{_LOGS * n}</c>"}),
    ),
    "logs: ways of deletion": (
        300,
        _source("log-retention", lambda n: {"log4j2.xml": _deletions(n)}),
    ),
    "logs: variables in variables": (
        3000,
        _source("log-retention", lambda n: {"logback.xml": f"<c>{_variables(n)}</c>"}),
    ),
    "Ansible: hosts of ranges": (
        2000,
        _source("ansible", lambda n: {"hosts": f"a[1:{n}] region=cn-beijing\n"}),
    ),
    "Ansible: groups in groups": (
        300,
        _source(
            "ansible",
            lambda n: {
                "hosts": "".join(f"[g{i}:children]\ng{i + 1}\n[g{i}]\nx\ny{i}\n" for i in range(n))
            },
        ),
    ),
    "app: comments and texts that do not end": (
        3000,
        _source("app", lambda n: {"build.gradle": "/*" * n + "\n" + '"\\' * n + "'a" * n}),
    ),
    "app: parts of an app": (
        1000,
        _source(
            "app",
            lambda n: {
                "project.pbxproj": "".join(
                    f"PRODUCT_BUNDLE_IDENTIFIER = a.b{i}.c;\n" for i in range(n)
                )
            },
        ),
    ),
    "JSON: unknown keys": (
        300,
        _description(
            "a.icp.json",
            lambda n: json.dumps({"apiVersion": "pytest-icp/v1"} | {f"k{i}": 1 for i in range(n)}),
        ),
    ),
    "JSON: values of another type": (
        500,
        _description(
            "a.icp.json",
            lambda n: json.dumps({"apiVersion": "pytest-icp/v1", "sites": [{"domains": [1] * n}]}),
        ),
    ),
    "YAML: a long number": (20_000, _description("a.icp.yaml", lambda n: f"a: 0x{'f' * n}\n")),
    "page: rules of styles, and elements": (400, _page(_sheet)),
    "component: constants of its own": (
        1000,
        _component(
            "a.vue",
            lambda n: (
                "<template>"
                + _names(lambda i: f"<p :a='b{i}'>{{{{ a{i} }}}}</p>")(n)
                + "</template><script setup>"
                + _names(lambda i: f"const a{i} = 'x'\n")(n)
            ),
            str,
        ),
    ),
    "component: imports and expressions": (
        1000,
        _component(
            "a.jsx",
            lambda n: (
                _names(lambda i: f"import a{i} from './b.js'\n")(n)
                + f"export default () => <p>{_names(lambda i: f'{{a{i}.b}}')(n)}</p>"
            ),
            lambda n: "export default {" + "b: {" * n,
        ),
    ),
    "component: a module of many exports": (
        1000,
        _component(
            "a.vue",
            lambda n: _SETUP.replace("import a", "import * as a") + "</script>" * n,
            _names(lambda i: f"export const a{i} = {{}}\nexport {{ a{i} as b{i} }}\n"),
        ),
    ),
    "component: a script of texts without an end": (
        5000,
        _component("a.vue", lambda n: _SETUP + "`\"'\\" * n, lambda n: "a = '\\`" * n),
    ),
    "component: blocks that are not closed": (
        3000,
        _component("a.vue", lambda n: "<docs><template>" * n, str),
    ),
    "component: options in options": (
        2000,
        _component(
            "a.vue",
            lambda n: (
                _SETUP.replace(" setup", "") + "export default {" + "data() { return { a, " * n
            ),
            str,
        ),
    ),
    "component: what it returns, of one name": (
        1000,
        _component(
            "a.vue",
            lambda n: (
                _SETUP.replace(" setup", "")
                + "export default {"
                + "data() { return { a, " * n
                + "}}" * n
            ),
            str,
        ),
    ),
    "component: conditions whose elements do not end": (
        1000,
        _component(
            "a.jsx",
            lambda n: f"import a from './a.js'\nexport default () => <p>{'{a && <b>}' * n}</p>",
            lambda _: "export default 'x'",
        ),
    ),
    "Spring: documents": (
        300,
        _source(
            "log-retention",
            lambda n: {
                "application.yml": _names(lambda i: f"logging.file.name: a\nk{i}: b\n---\n")(n)
            },
        ),
    ),
    "licence: form feeds": (20_000, _paper(lambda n: "许可证\n" + "\f" * n)),
    "licence: rows of a table": (500, _paper(lambda n: "│公司名称│甲│\n├──┤\n" * n)),
    "licence: pages of services": (
        200,
        _paper(lambda n: "获准经营互联网接入服务业务相关信息：业务覆盖范围：北京。" * n),
    ),
    "licence: values before labels": (300, _paper(lambda n: "甲有限公司\n公司名称：\n" * n)),
    "licence: words between lines": (
        500,
        _paper(lambda n: "".join(f"{i}甲\n乙丙\n仅\n" for i in range(n))),
    ),
}


def seconds(folder: Path, made: Made, n: int) -> float:
    """Return the processor time of reading files of a size, the better of two."""
    took = []
    for _ in range(2):
        run = made(folder, n)
        begun = process_time()
        run()
        took.append(process_time() - begun)
    return min(took)
