"""Why the system refuses a file or a folder, in both languages."""

from __future__ import annotations

import errno

from pytest_icp.law.text import Text, plain

_NOT_ALLOWED = Text(zh="没有权限", en="permission denied")
_KNOWN = {
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.ENOENT: Text(zh="文件夹不存在", en="there is no such folder"),
    errno.ENOTDIR: Text(zh="路径中有一段不是文件夹", en="a part of the path is not a folder"),
    errno.EISDIR: Text(zh="这是文件夹", en="it is a folder"),
    errno.EROFS: Text(zh="文件系统只读", en="the file system is read-only"),
    errno.ENOSPC: Text(zh="磁盘已满", en="no space is left on the disk"),
    errno.EDQUOT: Text(zh="磁盘配额已用完", en="the disk quota is used up"),
    errno.EFBIG: Text(zh="文件超过允许的大小", en="the file is larger than is allowed"),
    errno.ENAMETOOLONG: Text(zh="路径太长", en="the path is too long"),
    errno.ELOOP: Text(zh="符号链接成环", en="symbolic links in a loop"),
    errno.EIO: Text(zh="读写出错", en="an input or output error"),
}


def reason(error: OSError) -> Text:
    """Return the reason; an unknown one in the system's own words."""
    known = _KNOWN.get(error.errno or 0)
    return known or plain(error.strerror or type(error).__name__)
