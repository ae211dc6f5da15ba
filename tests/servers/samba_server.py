"""A Samba of its own, started as an ordinary user: a folder comes out as a Windows share behind a password."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ordinary import free_port, give, listens, program, run, running, server_folder, user_name

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Samba:
    """Where it listens (127.0.0.1), the folder that it shows as `office`, and its log."""

    port: int
    share: Path
    log: Path

    def url(self, path: str = "") -> str:
        """The address of a path below the share, without the password (PASSWORD)."""
        return f"smb://{user_name()}@127.0.0.1:{self.port}/office{path}"


@contextmanager
def samba_server() -> Iterator[Samba]:
    """Starts one with an empty share; skips where it is not installed. Gone when the block ends."""
    server, accounts = program("smbd"), program("pdbedit")
    with server_folder() as folder:
        log, share, settings, port = folder / "log", folder / "share", folder / "smb.conf", free_port()
        share.mkdir()
        give(share)
        own = ("lock directory", "state directory", "cache directory", "private dir", "pid directory", "ncalrpc dir")
        for name in own:
            (folder / name).mkdir(mode=0o755)
            give(folder / name)
        settings.write_text(
            "[global]\nserver role = standalone server\nsecurity = user\npassdb backend = tdbsam\n"
            "disable spoolss = yes\nload printers = no\nserver min protocol = SMB2\nlog level = 1\n"
            f"interfaces = 127.0.0.1\nbind interfaces only = yes\nsmb ports = {port}\nlog file = {log}\n"
            + "".join(f"{name} = {folder / name}\n" for name in own)
            + f"[office]\npath = {share}\nread only = no\n"
        )
        run([accounts, "-s", settings, "-a", "-t", "-u", user_name()], f"{PASSWORD}\n{PASSWORD}\n")
        command = [server, "--foreground", "--no-process-group", "--debug-stdout", "-s", settings]
        with running(command, lambda: listens(port), folder / "printed"):
            yield Samba(port, share, folder / "printed")
