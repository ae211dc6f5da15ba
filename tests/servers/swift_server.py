"""An OpenStack Swift with its S3 interface, started as an ordinary user: a store of one disk that is a folder."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from ordinary import free_port, give, listens, program, run, running, server_folder

ACCESS_KEY, SECRET_KEY = "test:keeper", "correct-horse-battery"
_KINDS = ("account", "container", "object")
_PROXY = f"""
[pipeline:main]
pipeline = catch_errors proxy-logging cache listing_formats bulk s3api tempauth slo proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_keeper = {SECRET_KEY} .admin
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
allow_no_owner = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:proxy-logging]
use = egg:swift#proxy_logging
access_log_name = access
"""
_STORE = """
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""


@dataclass(frozen=True, slots=True)
class Swift:
    """Where its S3 interface listens (ACCESS_KEY, SECRET_KEY), and the log of what it was asked."""

    port: int
    log: Path

    @property
    def endpoint(self) -> str:
        """The address for S3 clients."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def swift_server() -> Iterator[Swift]:
    """Starts one without any bucket; skips where it is not installed. Gone when the block ends."""
    programs = {kind: program(f"swift-{kind}-server") for kind in (*_KINDS, "proxy")}
    builder = program("swift-ring-builder")
    with server_folder() as folder, ExitStack() as servers:
        _require_attributes(folder)
        disk = folder / "srv" / "disk"
        disk.mkdir(parents=True)
        give(disk.parent)
        give(disk)
        _write(folder / "swift.conf", "[swift-hash]\nswift_hash_path_suffix = a\nswift_hash_path_prefix = b\n")
        ports = {kind: free_port() for kind in (*_KINDS, "proxy")}
        for kind in _KINDS:
            ring = folder / f"{kind}.builder"
            run([builder, ring, "create", "4", "1", "1"])
            run([builder, ring, "add", f"r1z1-127.0.0.1:{ports[kind]}/disk", "1"])
            run([builder, ring, "rebalance"])
        for kind in (*_KINDS, "proxy"):
            pipeline = _PROXY if kind == "proxy" else _STORE.format(kind=kind)
            _write(folder / f"{kind}.conf", _settings(folder, ports[kind]) + pipeline)
        made = Swift(ports["proxy"], folder / "proxy.log")
        for kind in (*_KINDS, "proxy"):
            command = [programs[kind], folder / f"{kind}.conf", "-v"]
            servers.enter_context(running(command, lambda port=ports[kind]: listens(port), folder / f"{kind}.log"))
        yield made


def _settings(folder: Path, port: int) -> str:
    return (
        f"[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = {port}\nworkers = 0\nswift_dir = {folder}\nuser =\n"
        f"devices = {folder / 'srv'}\nmount_check = false\nfallocate_reserve = 0\ndisable_fallocate = true\n"
        "log_level = INFO\n"
    )


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    give(path)


def _require_attributes(folder: Path) -> None:
    """It keeps what it knows of an object in extended attributes of its file."""
    try:
        os.setxattr(folder, "user.test", b"1")
    except (AttributeError, OSError):
        pytest.skip("needs a file system with extended attributes")
