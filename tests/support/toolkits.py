"""Foreign SOAP toolkits, where this machine has them; `tools/toolkits` installs what it can."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.support.source_tree import ROOT

EXAMPLES = ROOT / "examples" / "soap"
NODE_MODULES = ROOT / "var" / "toolkits" / "node_modules"
SECONDS_MAX = 120


def php() -> str | None:
    """The interpreter, if it has its SOAP extension."""
    found = shutil.which("php")
    if found is None:
        return None
    modules = subprocess.run([found, "-m"], capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    return found if "soap" in modules.stdout.lower().split() else None


def node() -> str | None:
    """The interpreter, if node-soap is installed."""
    found = shutil.which("node")
    return found if found and (NODE_MODULES / "soap").is_dir() else None


def gsoap() -> str | None:
    """The compiler, if both generators are there too."""
    tools = [shutil.which(name) for name in ("wsdl2h", "soapcpp2", "cc")]
    return tools[-1] if all(tools) else None


def run(*arguments: str | Path, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> str:
    """What a program printed, which must end well."""
    done = subprocess.run(
        [str(each) for each in arguments],
        cwd=cwd,
        env={**os.environ, "NODE_PATH": str(NODE_MODULES), **(environment or {})},
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build_with_gsoap(compiler: str, wsdl: str, folder: Path) -> Path:
    """The C example, made from the WSDL that is served."""
    run("wsdl2h", "-c", "-s", "-o", "registry.h", wsdl, cwd=folder)
    run("soapcpp2", "-c", "-C", "-L", "-x", "registry.h", cwd=folder)
    sources: list[str | Path] = [EXAMPLES / "register_birth.c", "soapC.c", "soapClient.c"]
    run(compiler, "-O0", "-w", "-I.", *sources, "-lgsoap", "-o", "register_birth", cwd=folder)
    return folder / "register_birth"
