"""docx → PDF by LibreOffice: many files in one call, own profile, no macros, no network, a limit.

LibreOffice starts slowly (1.5 s) and converts fast (0.05 s), hangs now and then, and replaces
missing fonts in silence; so it gets batches, a time limit, the closed set of fonts, and a batch
that fails is halved until the one bad document is found.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Literal, TypeAlias

from pipeline import files, fonts
from pipeline.convert.normalise import normalise
from pipeline.errors import JuanzongError, ToolError

SECONDS = 60.0
"""For the start of LibreOffice; each document adds some."""
SECONDS_PER_DOCUMENT = 10.0
_PLACES = (
    "/usr/bin/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
)

_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Load", "UpdateDocMode", "0"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Common/Save/Document", "AutoSave", "false"),
)
"""No macros, no links to elsewhere, nothing kept."""
OfficeKind: TypeAlias = Literal["docx", "xlsx"]
_MAIN: dict[OfficeKind, str] = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_NOT: dict[OfficeKind, str] = {
    "docx": "不是 Word 文档（.docx）",
    "xlsx": "不是 Excel 工作簿（.xlsx）",
}
_FILTER: dict[OfficeKind, str] = {"docx": "writer_pdf_Export", "xlsx": "calc_pdf_Export"}
_PDF_A = '{"SelectPdfVersion":{"type":"long","value":"2"}}'
"""PDF/A-2b, as LibreOffice counts; `normalise` puts the metadata back."""


@cache
def find_office() -> Path:
    """Return the soffice program.

    Raises:
        ToolError: when there is none; says which package brings it.
    """
    named = os.environ.get("JUANZONG_SOFFICE") or shutil.which("soffice")
    for place in (named, *_PLACES):
        if place and Path(place).is_file():
            return Path(place).resolve()
    raise ToolError(
        "找不到 LibreOffice",
        todo="安装：apt-get install --no-install-recommends libreoffice-writer-nogui",
    )


@cache
def office_version() -> str:
    """Return LibreOffice's version without starting it, or nothing when there is none."""
    try:
        program = find_office()
    except ToolError:
        return ""
    for name in ("versionrc", "version.ini"):
        path = program.parent / name
        if path.is_file():
            return files.digest(path.read_bytes())[:16]
    return files.digest(program.read_bytes())[:16]


def to_pdf(
    documents: Sequence[bytes],
    *,
    kind: OfficeKind = "docx",
    seconds: float = SECONDS,
    seconds_each: float = SECONDS_PER_DOCUMENT,
) -> list[bytes | JuanzongError]:
    """Convert docx or xlsx to PDF/A, each to its bytes or to the reason why it could not be.

    The same file gives the same bytes.

    Args:
        documents: bytes of the files.
        kind: what they are.
        seconds: time limit of a call.
        seconds_each: what each document of the call adds to it.
    """
    try:
        find_office()
    except ToolError as error:
        return [error] * len(documents)
    # LibreOffice prints the bytes of anything else as text and calls it a success, and asks
    # nobody in vain whether it may repair a broken package.
    packages = [data for data in documents if office_kind(data) == kind]
    with tempfile.TemporaryDirectory(prefix="juanzong-office-") as name:
        folder = Path(name)
        _write_profile(folder / "profile")
        call = partial(_call, kind=kind, folder=folder)
        converted = iter(_halving(packages, call, seconds, seconds_each) if packages else ())
    return [
        next(converted) if office_kind(data) == kind else ToolError(_NOT[kind])
        for data in documents
    ]


def office_kind(data: bytes) -> OfficeKind | None:
    """Tell by its bytes whether a file is a Word document or a workbook, or neither."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
    except zipfile.BadZipFile:
        return None
    return next((kind for kind, main in _MAIN.items() if main in names), None)


def _halving(
    documents: list[bytes],
    call: Callable[[list[bytes], float], tuple[dict[int, bytes], str]],
    seconds: float,
    seconds_each: float,
) -> list[bytes | JuanzongError]:
    """Convert a batch; what didn't come out is tried again in halves, down to single documents."""
    results, problem = call(documents, seconds + seconds_each * len(documents))
    left = [number for number in range(len(documents)) if number not in results]
    found: list[bytes | JuanzongError] = [
        results.get(number, ToolError(f"LibreOffice 转换失败：{problem}"))
        for number in range(len(documents))
    ]
    if not left or len(documents) == 1:
        return found
    middle = max(len(left) // 2, 1)
    for half in (left[:middle], left[middle:]):
        again = _halving([documents[number] for number in half], call, seconds, seconds_each)
        for number, result in zip(half, again, strict=True):
            found[number] = result
    return found


def _call(
    documents: list[bytes], seconds: float, *, kind: OfficeKind, folder: Path
) -> tuple[dict[int, bytes], str]:
    """Run LibreOffice once; return the PDFs by number, and what it said of the others."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        sources = [work / f"{number:05}.{kind}" for number in range(len(documents))]
        for source, data in zip(sources, documents, strict=True):
            source.write_bytes(data)
        command = [
            *_without_network(),
            str(find_office()),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless", "--invisible", "--norestore", "--nolockcheck", "--nodefault",
            "--convert-to", f"pdf:{_FILTER[kind]}:{_PDF_A}", "--outdir", str(work / "out"),
            *map(str, sources),
        ]  # fmt: skip
        said = _run(command, work, seconds)
        pdfs: dict[int, bytes] = {}
        for number in range(len(documents)):
            path = work / "out" / f"{number:05}.pdf"
            if path.is_file() and (data := path.read_bytes()).rstrip().endswith(b"%%EOF"):
                pdfs[number] = normalise(data)
        return pdfs, said


def _run(command: list[str], work: Path, seconds: float) -> str:
    """Run a command in its own process group, which is killed as a whole when time is up."""
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(work),
        "TMPDIR": str(work),
        "LANG": "C.UTF-8",
        "FONTCONFIG_FILE": str(fonts.fontconfig_file()),
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        "SAL_USE_VCLPLUGIN": "svp",
    }
    with subprocess.Popen(
        command,
        cwd=work,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            _kill(process)
            process.communicate()
            return f"超过 {seconds:.0f} 秒未完成，已终止"
        finally:
            _kill(process)
    words = said.decode("utf-8", "replace").strip().splitlines()
    return words[-1] if words else f"退出码 {process.returncode}，没有输出"


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _write_profile(folder: Path) -> None:
    (folder / "user").mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    (folder / "user/registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items '
        f'xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )


@cache
def _without_network() -> tuple[str, ...]:
    """Return the prefix that takes the network away, where this machine allows it."""
    unshare = shutil.which("unshare")
    for flags in (("--net",), ("--user", "--map-root-user", "--net")):
        if unshare:
            tried = subprocess.run(
                [unshare, *flags, "true"], capture_output=True, timeout=10, check=False
            )
            if tried.returncode == 0:
                return (unshare, *flags, "--")
    return ()
