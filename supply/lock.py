"""pyproject.toml goes in, requirements.lock comes out: every package that a user may get, pinned, with its hashes.

Needs uv (pip install uv) and a network. `python supply/lock.py` keeps what still fits, `--upgrade` takes the newest.
"""

import shutil
import subprocess
import sys

from locked import LOCK, ROOT, lock, project

NOT_FOR_USERS = ("dev", "benchmarks", "training")


def command(upgrade: bool) -> list[str]:
    """What is run: for every system and Python, with all parts that a user may install, without addresses."""
    table = project()
    parts = [part for part in sorted(table["optional-dependencies"]) if part not in NOT_FOR_USERS]
    words = ["uv", "pip", "compile", "pyproject.toml", "--universal", "--generate-hashes", "--quiet"]
    words += ["--python-version", table["requires-python"].removeprefix(">="), "--output-file", LOCK.name]
    words += ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "python supply/lock.py"]
    return words + [word for part in parts for word in ("--extra", part)] + (["--upgrade"] if upgrade else [])


def main() -> int:
    """Write the lock file; its exit code is uv's."""
    if shutil.which("uv") is None:
        print("uv is not installed: pip install uv", file=sys.stderr)
        return 2
    done = subprocess.run(command("--upgrade" in sys.argv[1:]), cwd=ROOT, check=False)
    if done.returncode == 0:
        print(f"{LOCK.name}: {len(lock())} packages. Now: python supply/licences.py --write")
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
