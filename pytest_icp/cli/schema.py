"""``pytest-icp schema``: writes the JSON Schemas for editors."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from pytest_icp.cli.arguments import columns
from pytest_icp.cli.output import Output, refused, write_new
from pytest_icp.facts.files.disk import make_folder_of
from pytest_icp.facts.files.properties import SUFFIX, resource
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, suggested
from pytest_icp.reports import blocks as b
from pytest_icp.reports.as_text import Screen

FOLDER = ".icp-schemas"
"""The default folder of the schemas, which `init` names to editors."""

_KINDS = {
    "description": Text(zh="基础设施描述（*.icp.yaml）", en="a description (*.icp.yaml)"),
    "licence": Text(zh="许可证（licence.yaml）", en="a licence (licence.yaml)"),
    "waivers": Text(zh="豁免（icp-waivers.yaml）", en="waivers (icp-waivers.yaml)"),
    "policy": Text(zh="自定义规定（--icp-policies 文件夹）", en="your own policy"),
    "statutes": Text(
        zh="自定义规定所引法条（statutes.yaml）", en="statutes that it cites (statutes.yaml)"
    ),
    "parameters": Text(
        zh="自定义规定所用数字（parameters.yaml）", en="numbers that it uses (parameters.yaml)"
    ),
    "workdays": Text(
        zh="工作日年度文件（icp_workdays）", en="working days of a year (icp_workdays)"
    ),
}
"""The files that a user edits, the most common first; other schemas are internal."""

_UNKNOWN = Text(zh="没有名为“{name}”的模式", en="there is no schema called {name!r}")
_THESE = Text(zh="可用的有：{names}", en="available: {names}")
_WRITTEN = Text(
    zh="已将 {n} 个 JSON Schema 写入 {folder}。",
    en="Wrote {n} JSON Schemas to {folder}.",
)
_HOW = Text(
    zh="在文件的第一行写上对应的一行，编辑器（例如装有 YAML 扩展的 VS Code）即可提示和检查。"
    "路径相对于该文件所在的文件夹。",
    en="Put the matching line at the top of a file, and your editor (such as VS Code with its "
    "YAML extension) completes and checks it. The path is relative to the folder of that file.",
)


def names() -> tuple[str, ...]:
    """Return the names of the published schemas, those of users' own files first."""
    files = resource("schemas").glob(f"*{SUFFIX}")
    found = sorted(path.name.removesuffix(SUFFIX) for path in files)
    return (*(n for n in _KINDS if n in found), *(n for n in found if n not in _KINDS))


def schema_text(name: str) -> str:
    """Return one schema as it is published.

    Raises `InputError` if there is none of that name.
    """
    if name not in names():
        hint = suggested(name, names(), _THESE.format(names=", ".join(names())))
        raise InputError(_UNKNOWN.format(name=name), hint=hint)
    return (resource("schemas") / f"{name}{SUFFIX}").read_text("utf-8")


def run(arguments: Namespace) -> str | Output:
    """Write the schemas, or print one of them."""
    if arguments.name:
        return Output(text=schema_text(arguments.name).rstrip(), exact=True)
    return run_schema(arguments.folder, Screen(arguments.lang, columns()))


def run_schema(folder: Path, screen: Screen) -> str:
    """Write the schemas into a folder; return how an editor finds them.

    Schemas of an earlier version are replaced. Raises `InputError` if the folder or
    a file cannot be written.
    """
    files = {folder / f"{name}{SUFFIX}": schema_text(name) for name in names()}
    with refused(folder):
        make_folder_of(next(iter(files)))
    for path, text in files.items():
        write_new(path, text, overwrite=True)
    blocks: list[b.Block] = [b.paragraph(_WRITTEN.format(n=len(names()), folder=folder))]
    blocks += [b.Group((), "section"), b.paragraph(_HOW)]
    for name, kind in _KINDS.items():
        schema = f"# yaml-language-server: $schema={(folder / name).as_posix()}{SUFFIX}"
        blocks += [b.section(kind), b.paragraph(schema)]
    return "\n".join(screen.lines(blocks))
