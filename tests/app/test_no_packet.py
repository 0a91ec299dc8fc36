"""No packet leaves the app, tested in a network namespace with a hostile policy, case, user settings and website."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app import hostile
from tests.app.in_a_namespace import PORT
from tests.app.screen import ROOT

APART = ["unshare", "--map-root-user", "--net"]


def _can_be_apart() -> bool:
    tools = shutil.which("unshare") and shutil.which("ip")
    return bool(tools) and subprocess.run([*APART, "ip", "link", "set", "lo", "up"], capture_output=True).returncode == 0


@pytest.mark.skipif(not _can_be_apart(), reason="this machine gives no network namespace")
def test_no_packet_leaves(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    settings = {
        **os.environ,
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "WHICHTEAM_POLICIES": str(hostile.policies(tmp_path / "policies")),
    }
    app = [sys.executable, "-m", "explain.cli", "app", "--no-browser", "--port", str(PORT)]
    script = Path(__file__).parent / "in_a_namespace.py"
    ran = subprocess.run([*APART, sys.executable, str(script), *app], capture_output=True, text=True, env=settings, timeout=300)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["probed"] == ["198.51.100.1"], "a packet that leaves is seen"
    assert told["left"] == []
    assert told["own"] == "Which team has this child, and what comes next?"
    assert [told[name] for name in ("foreign origin", "no origin of its own", "foreign name")] == [403, 403, 403]
