"""Creates an offline bundle: a folder that installs and starts whichteam on a machine without a network.

Run in the project's folder: python -m tools.bundle --out DIR [--system linux|windows]... [--python 3.12]... [--extra app]...

The folder holds the wheels (whichteam's own, and what it needs in the versions and with the hashes of
`requirements.lock`), a start script for each system, `start.py`, and the examples. Creating it needs a network and
the project's environment.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement

from tools.lock import SYSTEMS, Locked, System, closure, read_lock
from tools.start_scripts import batch_script, shell_script
from tools.wheel import ROOT, build_wheel

LOCK = ROOT / "requirements.lock"
VERSIONS = ("3.11", "3.12", "3.13")
THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def roots(extras: Iterable[str]) -> list[str]:
    """The direct dependencies in pyproject.toml: those of the smallest installation and of some extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(part for extra in extras for part in project["optional-dependencies"][extra])]
    return [Requirement(part).name for part in wanted]


def download(entries: Iterable[Locked], system: System, python: str, into: Path) -> None:
    """Downloads the wheels of some packages for a system and a version of Python, and checks their hashes."""
    with TemporaryDirectory(prefix="whichteam-lock-") as folder:
        lock = Path(folder, "requirements.txt")
        lock.write_text("".join(f"{entry.requirement(marker=False)}\n" for entry in entries), encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check"]
        kind = ["--only-binary=:all:", "--no-deps", "--implementation=cp", f"--python-version={python}"]
        kind += [f"--platform={platform}" for platform in system.platforms]
        if subprocess.run([*pip, *kind, "--require-hashes", "-r", str(lock), "-d", str(into)]).returncode:
            sys.exit("The wheels could not be fetched (see above).")


def requirements(entries: Iterable[Locked], wheel: Path) -> str:
    """The bundle's requirements file for pip: whichteam's own wheel and the entries, with hashes."""
    name, version = wheel.name.split("-")[:2]
    own = f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
    return "\n".join([own, *(entry.requirement(marker=True) for entry in entries)]) + "\n"


def newest_first(versions: Sequence[str]) -> list[str]:
    """The given versions of Python without repeats, the newest first."""
    return [version for version in reversed(VERSIONS) if version in versions]


def make(out: Path, systems: Sequence[str], pythons: Sequence[str], extras: Sequence[str]) -> None:
    """Writes the bundle into the new folder `out`."""
    wheels = out / "wheels"
    wheels.mkdir(parents=True)
    wheel = build_wheel(wheels)
    entries = closure(read_lock(LOCK.read_text(encoding="utf-8")), roots(extras))
    for name in systems:
        for python in pythons:
            print(f"Fetching the wheels for {name}, Python {python} ...", file=sys.stderr, flush=True)
            download([entry for entry in entries if entry.wanted_on(SYSTEMS[name], python)], SYSTEMS[name], python, wheels)
    (out / "requirements.txt").write_text(requirements(entries, wheel), encoding="utf-8")
    (out / "bundle.json").write_text(json.dumps({"pythons": pythons, "systems": systems}) + "\n", encoding="utf-8")
    shutil.copy(ROOT / "tools" / "bundle_start.py", out / "start.py")
    shutil.copytree(ROOT / "examples", out / "examples")
    (out / "README.txt").write_text(_readme(systems, pythons), encoding="utf-8")
    if "linux" in systems:
        script = out / "whichteam.sh"
        script.write_text(shell_script(pythons), encoding="utf-8")
        script.chmod(0o755)
    if "windows" in systems:
        (out / "whichteam.cmd").write_text(batch_script(pythons), encoding="ascii", newline="")


def _readme(systems: Sequence[str], pythons: Sequence[str]) -> str:
    starts = {
        "linux": "  Linux:    sh whichteam.sh decide examples/conference.json",
        "windows": r"  Windows:  whichteam.cmd decide examples\conference.json",
    }
    lines = [
        "whichteam, to be started without a network",
        "",
        f"It needs Python {' or '.join(reversed(pythons))} (64 bit). Copy this folder to where you may write, then:",
        "",
        *(starts[name] for name in systems),
        "",
        "The first start installs it from the folder `wheels` into the folder `environment`, both here, and takes a minute.",
        "Every wheel is compared with its hash in requirements.txt. To remove whichteam, remove this folder.",
    ]
    return "\n".join(lines) + "\n"


def _arguments() -> argparse.Namespace:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = argparse.ArgumentParser(description="Makes a folder that installs and starts whichteam without a network.")
    asked.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to make")
    asked.add_argument("--system", choices=sorted(SYSTEMS), action="append", help="for this system only; may be repeated")
    asked.add_argument(
        "--python",
        choices=VERSIONS,
        action="append",
        help=f"for this version of Python instead of {THIS_PYTHON}; may be repeated",
    )
    extras = sorted(set(project["optional-dependencies"]) & {"app", "caseload", "documents", "register"})
    asked.add_argument("--extra", choices=extras, action="append", default=[], help="with this extra; may be repeated")
    found = asked.parse_args()
    if found.out.exists():
        asked.error(f"{found.out} exists; name a folder that does not")
    if not found.python and THIS_PYTHON not in VERSIONS:
        asked.error(f"Python {THIS_PYTHON} is not supported; name one with --python: {', '.join(VERSIONS)}")
    return found


def main() -> None:
    """Makes the bundle that the command line asks for."""
    asked = _arguments()
    try:
        make(asked.out, asked.system or sorted(SYSTEMS), newest_first(asked.python or [THIS_PYTHON]), asked.extra)
    except BaseException:
        shutil.rmtree(asked.out, ignore_errors=True)
        raise
    size = sum(path.stat().st_size for path in asked.out.rglob("*") if path.is_file())
    print(f"{asked.out}: {size / 1e6:.0f} MB, {len(list((asked.out / 'wheels').iterdir()))} wheels. How to start it: README.txt")


if __name__ == "__main__":
    main()
