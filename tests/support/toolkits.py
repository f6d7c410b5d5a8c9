"""Foreign SOAP toolkits, where this machine has them; `tools/toolkits` installs what it can."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.support.source_tree import ROOT

EXAMPLES = ROOT / "examples" / "soap"
NODE_MODULES = ROOT / "var" / "toolkits" / "node_modules"
SECONDS_MAX = 200


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


def jaxws() -> str | None:
    """The libraries that generated classes need, as a class path; Debian keeps them in one folder."""
    if not all(shutil.which(name) for name in ("wsimport", "javac", "java")):
        return None
    names = ("jaxws-*", "jaxb-*", "saaj-*", "jws-api", "javax.activation", "stax-ex", "streambuffer")
    more = ("metro-policy", "mimepull", "gmbal", "istack-commons-runtime", "FastInfoset", "txw2", "geronimo*")
    found = [path for name in (*names, *more) for path in sorted(Path("/usr/share/java").glob(f"{name}.jar"))]
    return ":".join(str(path) for path in found) or None


def mono() -> str | None:
    """The compiler, if the generator and the runtime are there too."""
    tools = [shutil.which(name) for name in ("wsdl", "mono", "mcs")]
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


def build_with_jaxws(class_path: str, wsdl: str, folder: Path) -> None:
    """The Java example, made from the WSDL that is served."""
    run("wsimport", "-Xnocompile", "-s", ".", "-p", "registry", wsdl, cwd=folder)
    sources = [EXAMPLES / "RegisterBirth.java", *sorted((folder / "registry").glob("*.java"))]
    run("javac", "-encoding", "UTF-8", "-nowarn", "-cp", class_path, "-d", ".", *sources, cwd=folder)


def build_with_mono(compiler: str, wsdl: str, folder: Path) -> Path:
    """The C# example, made from the WSDL that is served."""
    run("wsdl", "-l:CS", "-n:Hotich", "-protocol:Soap", "-out:Registry.cs", wsdl, cwd=folder)
    sources: list[str | Path] = [EXAMPLES / "RegisterBirth.cs", "Registry.cs"]
    references = ("-r:System.Web.Services.dll", "-r:System.Data.dll")
    run(compiler, "-out:RegisterBirth.exe", "-nowarn:0618,0414", *references, *sources, cwd=folder)
    return folder / "RegisterBirth.exe"
