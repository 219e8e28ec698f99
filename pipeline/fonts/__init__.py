"""One closed set of fonts for every engine: which families a role may use, and where they lie.

The user's own fonts come first (方正小标宋, 仿宋_GB2312 …), free ones stand behind them, and no
other font of the machine is ever seen, so that a page looks the same everywhere.
"""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from xml.sax.saxutils import escape

from pipeline import files

ROLES: dict[str, tuple[str, ...]] = {
    "fangsong": (
        "仿宋_GB2312",
        "FangSong_GB2312",
        "仿宋",
        "FangSong",
        "Zhuque Fangsong",
        "FandolFang",
    ),
    "title": (
        "方正小标宋简体",
        "FZXiaoBiaoSong-B05S",
        "方正小标宋_GBK",
        "FZXiaoBiaoSong-B05",
        "Noto Serif CJK SC",
    ),
    "hei": ("黑体", "SimHei", "Noto Sans CJK SC"),
    "kai": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "FandolKai"),
    "song": ("宋体", "SimSun", "Noto Serif CJK SC"),
    "latin": ("Times New Roman", "Liberation Serif"),
}
"""Families of each role of GB/T 9704, best first; the free one stands last."""

RARE = ("LXGW WenKai Light", "Noto Serif CJK SC", "HanaMinA", "HanaMinB", "BabelStone Han")
"""Where a character is looked for that its role's font lacks, nearest in weight first."""

_BOLD_ALIASES = ROLES["title"][:-1]
"""Names of 小标宋: where the real face is absent the free one stands in with its bold cut."""

_SYSTEM = tuple(
    Path("/usr/share/fonts") / folder
    for folder in (
        "opentype/noto",
        "truetype/lxgw-wenkai",
        "truetype/hanazono",
        "truetype/babelstone",
        "truetype/liberation2",
        "truetype/liberation",
        "truetype/dejavu",
    )
)
_FANDOL = Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")


def folders() -> tuple[Path, ...]:
    """Return the folders fonts are taken from, the user's own first; only those that exist."""
    own = [Path(part) for part in os.environ.get("JUANZONG_FONTS", "").split(os.pathsep) if part]
    found = (
        *own,
        Path.home() / ".local/share/fonts",
        Path("/usr/local/share/fonts"),
        Path(__file__).parent.parent.parent / ".setup/fonts",
        *_SYSTEM,
        _FANDOL,
    )
    return tuple(dict.fromkeys(path.resolve() for path in found if path.is_dir()))


def font_files() -> tuple[Path, ...]:
    """Return every font file of the closed set, in a fixed order."""
    endings = {".ttf", ".otf", ".ttc", ".otc"}
    return tuple(
        path
        for folder in folders()
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in endings
    )


@cache
def fonts_digest() -> str:
    """Digest the closed set by name, size and head of each file.

    The head of a font holds its table directory with a checksum of every table, so a changed
    glyph changes the digest without reading two hundred megabytes.
    """
    facts = []
    for path in font_files():
        with path.open("rb") as stream:
            facts.append([path.name, path.stat().st_size, files.digest(stream.read(65536))])
    return files.digest(files.canonical(facts))


@cache
def fontconfig_file() -> Path:
    """Write the fontconfig file of the closed set and return its absolute path.

    A relative path would make fontconfig fall back to the system's configuration in silence.
    """
    text = _fontconfig(folders())
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    name = f"fonts-{files.digest(text.encode())[:16]}.conf"
    for folder in (
        Path(base) / "juanzong",
        Path(tempfile.gettempdir()) / f"juanzong-{os.getuid()}",
    ):
        path = folder.absolute() / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return path
        try:
            files.write_atomic(path, text.encode())
        except OSError:
            continue
        return path
    raise OSError("no folder to keep the fontconfig file in")


def families() -> frozenset[str]:
    """Return every family name in the closed set, Chinese and English."""
    return frozenset(name for path in font_files() for names, _ in _faces(path) for name in names)


@cache
def covered() -> frozenset[int]:
    """Return every code point that some font of the closed set can draw."""
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for path in font_files():
        with TTFont(path, lazy=True, fontNumber=0) as face:
            found |= set(face.getBestCmap())
    return frozenset(found)


@cache
def coverage(family: str) -> frozenset[int]:
    """Return the code points a family of the closed set can draw; none when it isn't there."""
    for path in font_files():
        for names, points in _faces(path):
            if family in names:
                return points()
    return frozenset()


def drawn_by(family: str) -> frozenset[int]:
    """Return the code points of the font that stands for a family: itself, or the one behind it."""
    for stack in ROLES.values():
        if family in stack:
            behind = stack[stack.index(family) :]
            return next((points for name in behind if (points := coverage(name))), frozenset())
    return coverage(family)


def rare_family(letter: str) -> str:
    """Return the family that draws a character other fonts lack; empty when none does."""
    return next((family for family in RARE if ord(letter) in coverage(family)), "")


@cache
def _faces(path: Path) -> tuple[tuple[frozenset[str], Callable[[], frozenset[int]]], ...]:
    """Return the names of each face of a file, and a way to read what it draws."""
    from fontTools.ttLib import TTCollection, TTFont

    collection = path.suffix.lower() in {".ttc", ".otc"}
    opened = TTCollection(path, lazy=True) if collection else TTFont(path, lazy=True)
    faces = opened.fonts if collection else [opened]
    found = tuple(
        (
            frozenset(str(name) for name in face["name"].names if name.nameID in {1, 4, 16}),
            cache(partial(_points, path, number if collection else -1)),
        )
        for number, face in enumerate(faces)
    )
    opened.close()
    return found


def _points(path: Path, number: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True, fontNumber=number) as face:
        return frozenset(face.getBestCmap())


def uncovered(text: str) -> tuple[str, ...]:
    """Return the characters of a text that no font has or that are private, in code order.

    What stands in GBK is in every font of ours, and nearly all else in those for rare characters,
    so the others are hardly ever opened.
    """
    rare = sorted(letter for letter in set(text) if ord(letter) > 0x7F and not _common(letter))
    return tuple(
        letter
        for letter in rare
        if unicodedata.category(letter) == "Co"
        or not (rare_family(letter) or ord(letter) in covered())
    )


def _common(letter: str) -> bool:
    try:
        letter.encode("gbk")
    except UnicodeEncodeError:
        return False
    return not "\ue000" <= letter <= "\uf8ff"


def use_closed_set() -> None:
    """Point this process and its children at the closed set; before any engine is imported."""
    os.environ["FONTCONFIG_FILE"] = str(fontconfig_file())


def _fontconfig(places: tuple[Path, ...]) -> str:
    dirs = "".join(f"  <dir>{escape(str(place))}</dir>\n" for place in places)
    aliases = "".join(
        _alias(family, (*families[-1:], *RARE))
        for role, families in ROLES.items()
        for family in families[:-1]
        if role != "latin"
    )
    latin = _alias(ROLES["latin"][0], ROLES["latin"][1:])
    bold = "".join(_bold(family) for family in _BOLD_ALIASES)
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f'{dirs}  <cachedir prefix="xdg">juanzong/fontconfig</cachedir>\n'
        f"{bold}{aliases}{latin}"
        + _alias("serif", ("Noto Serif CJK SC", "Liberation Serif"))
        + _alias("sans-serif", ("Noto Sans CJK SC", "DejaVu Sans"))
        + "</fontconfig>\n"
    )


def _alias(family: str, others: tuple[str, ...]) -> str:
    accept = "".join(f"<family>{escape(other)}</family>" for other in others)
    return (
        f'  <alias binding="same"><family>{escape(family)}</family>'
        f"<accept>{accept}</accept></alias>\n"
    )


def _bold(family: str) -> str:
    return (
        f'  <match target="pattern"><test name="family" qual="any"><string>{escape(family)}'
        '</string></test><edit name="weight" mode="assign"><const>bold</const></edit></match>\n'
    )
