"""A YAML or JSON file read into JSON types, with the place of each value."""

from __future__ import annotations

import errno
import os
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.decoding import decoded
from pytest_icp.facts.files.faults import Fault
from pytest_icp.facts.files.opening import is_folder, must_be_regular, open_real, reason
from pytest_icp.facts.files.positions import Lines, Positions, Span, TreePositions
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, object_of, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1024 * 1024
_BOM = b"\xef\xbb\xbf"


class NoSuchFile(InputError):  # noqa: N818 - a state of the disk
    """A file that is not there."""


class _Format(Struct, frozen=True):
    """How a format is read, and the largest file of it, in bytes."""

    parse: Callable[..., tuple[Json, Positions]]
    limit: int


# YAML is read twenty times slower than JSON; the limits keep a mistake from taking minutes.
# Most runs read one of the two formats, and import only that.
def _json(_: Path, raw: bytes, *, merge: bool) -> tuple[Json, Positions]:  # noqa: ARG001 - nothing merges in JSON
    from pytest_icp.facts.files.json import parse_json

    return parse_json(raw)


def _yaml(path: Path, raw: bytes, *, merge: bool) -> tuple[Json, Positions]:
    from pytest_icp.facts.files.yaml import parse_yaml

    text = decoded(path, raw)
    data, tree = parse_yaml(raw, text, merge=merge)
    return data, TreePositions(text, tree)


_YAML = _Format(_yaml, 64 * MEGABYTE)
FORMATS = {".yaml": _YAML, ".yml": _YAML, ".json": _Format(_json, 512 * MEGABYTE)}


class Source(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """A file's data in JSON types, and the place of each value.

    ``path`` is the path as it was given, without ``..``. Aliases of YAML share one Python
    object: treat ``data`` as read only. ``sha256`` is the digest of the bytes as they were read.
    """

    path: Path
    data: Json
    positions: Positions
    sha256: str = ""

    @property
    def members(self) -> JsonObject:
        """The data if it is an object, else an empty one."""
        return object_of(self.data)

    def place(self, pointer: str, *, of: Literal["value", "key"] = "value") -> Place:
        """Return the place of a fact by its JSON Pointer (RFC 6901).

        An absent fact has the place of its closest ancestor, of its key if it has one. A value
        that is written as nothing has the place of its key, too.
        """
        names = tokens(pointer)
        return self._at(self.positions.find(names), len(names), of)

    def _at(self, span: Span, depth: int, of: Literal["value", "key"] = "value") -> Place:
        start, end = span.value
        if span.key and (of == "key" or span.depth < depth or start == end):
            start, end = span.key
        return self.positions.lines().place(self.path, start, end)

    def place_to_write(self, names: tuple[str, ...]) -> Place:
        """Return the place of a fact or, if it is absent, that where it is to be written.

        That is the question for it in a comment, else the closest ancestor, else the last line.
        """
        span = self.positions.find(names)
        found = self.positions.question(names, span)
        if found is None and names and not span.depth:
            found = self.positions.end()
        place = self.positions.lines().place
        return place(self.path, *found) if found else self._at(span, len(names))

    def asks_for(self, names: tuple[str, ...]) -> bool:
        """Whether a fact or a part of its path is there, or asked for in a comment."""
        span = self.positions.find(names)
        return bool(span.depth or self.positions.question(names, span))


def read_source(
    path: Path, *, root: Path | None = None, limit: int | None = None, merge: bool = False
) -> Source:
    """Read a ``.yaml``, ``.yml`` or ``.json`` file into JSON types.

    With ``root``, a file outside that folder is refused, symbolic links followed. ``limit``
    is the largest size in bytes (default: 64 MiB of YAML, 512 MiB of JSON). With ``merge``,
    YAML may use merge keys (``<<``), as cases do.

    Raises `InputError` for every file that cannot be used, and nothing else.
    """
    path = tidy(path)
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise InputError(
            Text(
                zh="文件名看不出是 YAML 还是 JSON",
                en="not the name of a YAML or JSON file",
            ),
            place=Place(path=path),
            hint=Text(zh="用 .yaml、.yml 或 .json 结尾", en="end it in .yaml, .yml or .json"),
        )
    most = form.limit if limit is None else limit
    return _parsed(
        path, read_bytes(path, root=root, limit=most, too_large=_SPLIT), form, merge=merge
    )


def parse_source(path: Path, raw: bytes, suffix: str = ".yaml") -> Source:
    """Read the bytes of a YAML or JSON file; raises `InputError` at ``path`` for unusable ones."""
    return _parsed(path, raw, FORMATS[suffix], merge=False)


def _parsed(path: Path, read: bytes, form: _Format, *, merge: bool) -> Source:
    raw = read.removeprefix(_BOM)
    try:
        data, positions = form.parse(path, raw, merge=merge)
    except Fault as fault:
        raise _located(fault, path, decoded(path, raw)) from None
    whole = sha256(read).hexdigest()
    return Source(path=path, data=data, positions=positions, sha256=whole)


def _located(fault: Fault, path: Path, text: str) -> InputError:
    lines = Lines(text)
    hint = fault.hint
    if fault.earlier is not None:
        hint = hint.format(line=lines.line(fault.earlier))
    place = lines.place(path, fault.start, fault.end)
    return InputError(fault.message, place=place, hint=hint)


def read_bytes(path: Path, *, root: Path | None, limit: int, too_large: Text | str = "") -> bytes:
    """Read a regular file of at most ``limit`` bytes, inside ``root`` where one is given.

    What is checked is the open file, so that nobody can change it between the two.
    ``too_large`` is the hint for a file beyond the limit.

    Raises `InputError` when it is outside, no regular file, too large or unreadable, and its
    subclass `NoSuchFile` when it is missing.
    """
    try:
        with _open(path, root) as file:
            size = os.fstat(file.fileno()).st_size
            raw = file.read(size + 1) if size <= limit else b""
            if len(raw) > size:
                # It has grown, or its size is not known; never more than the limit is read.
                raw += file.read(limit + 1 - len(raw))
    except OSError as error:
        raise unreadable(path, error) from None
    if size > limit or len(raw) > limit:
        raise _too_large(path, max(size, len(raw)), limit, too_large)
    return raw


def read_start(path: Path, *, root: Path | None, size: int) -> bytes:
    """Read the first ``size`` bytes of a file, as `read_bytes` reads all of it."""
    try:
        with _open(path, root) as file:
            return file.read(size)
    except OSError as error:
        raise unreadable(path, error) from None


def _open(path: Path, root: Path | None) -> BinaryIO:
    """Open a file for reading; never wait for a pipe, nor open a device."""
    top = None if root is None else Path(os.path.realpath(root))
    real = resolved(path, root=top)
    # A device is not even opened.
    must_be_regular(real.stat())
    return open_real(real, top)


def tidy(path: Path) -> Path:
    """Return a path without ``..`` if it leads to the same file.

    Behind a symbolic link to a folder, ``..`` is not the folder before it.
    """
    if ".." not in path.parts:
        return path
    short = Path(os.path.normpath(path))
    try:
        return short if os.path.realpath(short) == os.path.realpath(path) else path
    except ValueError:
        # Not a valid path; reading it raises the error.
        return path


def real_path(path: Path, *, root: Path | None) -> Path:
    """Return where a file or a folder really is, symbolic links followed.

    Raises `InputError` if it does not exist, or is outside ``root`` if one is given.
    """
    real = resolved(path, root=root)
    try:
        real.stat()
    except OSError as error:
        raise unreadable(path, error) from None
    return real


def existing(path: Path) -> Path:
    """Return a path at which there is a file or a folder, else raise `InputError`."""
    real = real_path(path, root=None)
    if not is_folder(real):
        try:
            must_be_regular(real.stat())
        except OSError as error:
            raise unreadable(path, error) from None
    return path


def resolved(path: Path, *, root: Path | None) -> Path:
    """Return where a path leads, symbolic links followed, whether or not there is anything.

    Raises `InputError` if it leads out of ``root`` if one is given, or cannot be a path.
    """
    try:
        real = Path(os.path.realpath(path))
    except ValueError:
        # A path with NUL, or with characters that no file name can have.
        raise InputError(_NO_PATH, place=Place(path=path)) from None
    if root is not None and not real.is_relative_to(os.path.realpath(root)):
        raise InputError(_OUTSIDE, place=Place(path=path), hint=_MOVE)
    return real


_NO_PATH = Text(zh="不是有效的路径", en="not a valid path")
_OUTSIDE = Text(zh="文件在仓库之外，不予读取", en="outside the repository, so it is not read")
_MOVE = Text(
    zh="把文件放进仓库；符号链接也不能指向外面",
    en="move it into the repository; symbolic links must not leave it either",
)


def unreadable(path: Path, error: OSError) -> InputError:
    """Return the error of a file or a folder that the system refuses to read."""
    message = _ERRORS.get(error.errno or 0)
    if message is None:
        message = _UNREAD.format(why=reason(error))
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return NoSuchFile(message, place=Place(path=path), hint=_did_you_mean(path) or "")
    return InputError(message, place=Place(path=path))


_NO_FILE = Text(zh="不是普通文件", en="not a regular file")
_UNREAD = Text(zh="无法读取：{why}", en="cannot be read: {why}")
_ERRORS = {
    errno.ENOENT: Text(zh="文件不存在", en="no such file"),
    errno.ENOTDIR: Text(zh="文件不存在", en="no such file"),
    errno.ELOOP: Text(zh="符号链接成环", en="symbolic links in a loop"),
    errno.EACCES: Text(zh="没有读取权限", en="no permission to read it"),
    errno.EPERM: Text(zh="没有读取权限", en="no permission to read it"),
    errno.EISDIR: Text(zh="是文件夹，不是文件", en="a folder, not a file"),
    errno.ENXIO: _NO_FILE,
    errno.ENAMETOOLONG: Text(zh="路径太长", en="the path is too long"),
}


def _did_you_mean(path: Path) -> Text | None:
    folder = path.parent
    try:
        if not folder.is_dir():
            return Text(zh=f"文件夹 {folder} 不存在", en=f"there is no folder {folder}")
        names = [entry.name for entry in islice(folder.iterdir(), 1000)]
    except OSError:
        return None
    # Endings are left out of the comparison, because most files share them; but a description
    # is no part of one, and what is neither YAML nor JSON is not read in its place.
    stem, inner, data = _parted(path.name)
    alike = {
        other: name
        for name in names
        for other, its_inner, its_data in (_parted(name),)
        if its_inner == inner and (its_data or not data)
    }
    near = nearest(stem, alike)
    return did_you_mean(alike[near]) if near else None


def _parted(name: str) -> tuple[str, str, bool]:
    """Return a name without endings, the inner ones (``icp``), and if it is YAML or JSON."""
    stem, _, endings = name.casefold().partition(".")
    inner, _, last = endings.rpartition(".")
    return stem or name, inner, f".{last}" in FORMATS


def _too_large(path: Path, size: int, limit: int, hint: Text | str) -> InputError:
    sizes = f"{size / MEGABYTE:.1f} MiB > {limit / MEGABYTE:.1f} MiB"
    return InputError(
        Text(zh=f"文件太大（{sizes}）", en=f"the file is too large ({sizes})"),
        place=Place(path=path),
        hint=hint,
    )


_SPLIT = Text(
    zh="用 include 分成几个文件；JSON 读得更快，限额也更大",
    en="split it with `include`; JSON is read faster and may be larger",
)
