"""A context and an HTML template in, the bytes of a PDF out.

The same context and template give the same bytes in every process. What WeasyPrint only warns
of (a character no font has, a misspelt CSS property, a file it can't read) stops the paper here:
nobody reads warnings, and a box instead of a name would be posted in the village.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from pipeline import fonts
from pipeline.errors import JuanzongError, TemplateError, ToolError
from pipeline.render.environment import environment, faults
from pipeline.render.values import checked

_TEMPLATE = "template.html"
_SHEETS = ("_gongwen/gongwen.css", "{kind}/style.css")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_CODE_POINT = re.compile(r"U\+[0-9A-F]{4,6}")


def render(folders: Sequence[Path], kind: str, context: Mapping[str, Any]) -> bytes:
    """Print a paper of this kind.

    Args:
        folders: roots of HTML templates, the workspace's own before the built-in ones.
        kind: the name of a folder below one of them.
        context: plain JSON; see `pipeline.files.Json`.

    Raises:
        FillError: for a character that no font has, with its field.
        TemplateError: for a fault in the template, its stylesheet or an address it asks for.
        ToolError: when a character of the template is in none of the fonts.
    """
    roots = tuple(folder.resolve() for folder in folders)
    markup = fill(roots, kind, checked(context, f"{kind}/{_TEMPLATE}"))
    _refuse_private(markup, f"{kind}/{_TEMPLATE}")
    return _print(roots, kind, markup)


def fill(folders: Sequence[Path], kind: str, context: Mapping[str, Any]) -> str:
    """Fill the template of a kind without setting it in type.

    Raises:
        TemplateError: for a fault in the template.
    """
    name = f"{kind}/{_TEMPLATE}"
    roots = tuple(folder.resolve() for folder in folders)
    with faults(name):
        return environment(*roots).get_template(name).render(context)


def _print(roots: tuple[Path, ...], kind: str, markup: str) -> bytes:
    try:
        font_config = _font_configuration()
        import weasyprint
        from weasyprint.urls import FatalURLFetchingError
    except OSError as missing:  # a library outside Python
        raise ToolError(
            f"WeasyPrint 用不了：{missing}",
            todo="安装：apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        ) from missing

    from pipeline.render.chinese import compose
    from pipeline.render.leaves import overleaf, turn

    name = f"{kind}/{_TEMPLATE}"
    try:
        with _listening(name):
            paper = weasyprint.HTML(
                string=compose(markup),
                base_url=_found(roots, name).as_uri(),
                url_fetcher=_fetcher(roots),
            )
            sheets = _sheets(roots, kind)
            document = paper.render(stylesheets=sheets, font_config=font_config)
            if style := overleaf(document):
                sheets.append(weasyprint.CSS(string=style))
                document = paper.render(stylesheets=sheets, font_config=font_config)
            pdf: bytes = document.write_pdf(finisher=turn, pdf_variant="pdf/a-2u")
    except FatalURLFetchingError as fault:
        raise TemplateError(
            f"模板要取的文件被拒绝：{fault.__cause__}",
            where=name,
            todo="把文件放进模板文件夹，用相对路径引用",
        ) from fault
    return pdf


@cache
def _font_configuration() -> Any:
    """Make the one font configuration of this process, with the patches for Chinese in place."""
    fonts.use_closed_set()
    from weasyprint.text.fonts import FontConfiguration

    from pipeline.render import chinese

    chinese.install()
    return FontConfiguration()


@cache
def _fetcher(roots: tuple[Path, ...]) -> Any:
    from pipeline.render.fetch import Fetcher

    return Fetcher(*roots, *fonts.folders())


def _sheets(roots: tuple[Path, ...], kind: str) -> list[Any]:
    """Return the stylesheets of a kind: fonts, GB/T 9704, its own; each parsed once."""
    found = [_found(roots, each.format(kind=kind), needed=False) for each in _SHEETS]
    files = [path for path in found if path is not None]
    return [
        _roles(roots),
        *(_sheet(roots, path, path.stat().st_mtime_ns, path.stat().st_size) for path in files),
    ]


@cache
def _roles(roots: tuple[Path, ...]) -> Any:
    return _css(roots, string=role_sheet())


@cache
def _sheet(roots: tuple[Path, ...], path: Path, _changed: int, _size: int) -> Any:
    return _css(roots, filename=path)


def _css(roots: tuple[Path, ...], **source: Any) -> Any:
    import weasyprint

    return weasyprint.CSS(**source, font_config=_font_configuration(), url_fetcher=_fetcher(roots))


def role_sheet() -> str:
    """Write the stylesheet that gives each role of GB/T 9704 its fonts, from `pipeline.fonts`.

    Figures and Latin letters come from the Latin family and nothing else does: named as an
    ordinary family it would also take the quotes, at half width. A title keeps the figures of its
    own face, which are as heavy as its characters.
    """
    sources = ",".join(f"local('{family}')" for family in fonts.ROLES["latin"])
    face = f"@font-face{{font-family:Gongwen Latin;src:{sources};unicode-range:U+0020-007E,U+2013}}"
    stacks = "".join(
        f"--{role}:{_stack(families, latin=role not in ('latin', 'title'))};"
        for role, families in fonts.ROLES.items()
    )
    folio = _stack(fonts.ROLES["song"], latin=False)
    return f"{face}\nhtml{{{stacks}--folio:{folio};}}\n"


def _stack(families: tuple[str, ...], *, latin: bool) -> str:
    first = ("Gongwen Latin",) if latin else ()
    return ",".join(f"'{family}'" for family in dict.fromkeys((*first, *families, *fonts.RARE)))


def _found(roots: tuple[Path, ...], name: str, *, needed: bool = True) -> Any:
    for root in roots:
        if (root / name).is_file():
            return root / name
    if needed:
        raise TemplateError("找不到模板文件", where=name, todo="检查模板文件夹")
    return None


def _refuse_private(markup: str, name: str) -> None:
    """Stop before layout: what a private character means only its sender knows."""
    private = sorted(set(_PRIVATE.findall(markup)))
    if private:
        codes = "、".join(f"U+{ord(each):04X}" for each in private)
        raise ToolError(
            f"内容里有自造字 {codes}，不知道它是什么字", where=name, todo="在名册里换成规范字"
        )


@contextmanager
def _listening(name: str) -> Iterator[None]:
    """Turn WeasyPrint's warnings into the error they are.

    Raises:
        ToolError: when a glyph is missing or a font can't be embedded.
        TemplateError: for anything else it complains of.
    """
    heard = _Ear()
    logger = logging.getLogger("weasyprint")
    level, loud = logger.level, logger.propagate
    logger.addHandler(heard)
    logger.setLevel(logging.WARNING)  # whatever somebody else has made of it
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(heard)
        logger.setLevel(level)
        logger.propagate = loud
    if heard.words:
        raise _complaint(heard.words, name)


class _Ear(logging.Handler):
    """Remembers what is said at WARNING or louder."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.words.append(record.getMessage())


def _complaint(words: list[str], name: str) -> JuanzongError:
    notdef = " ".join(text for text in words if "notdef" in text)
    missing = sorted(set(_CODE_POINT.findall(notdef)))
    if missing:
        return ToolError(
            f"字体里没有这些字：{'、'.join(map(_shown, missing))}",
            where=name,
            todo="安装含这些字的字体，运行 juanzong doctor 查看",
        )
    said = "；".join(dict.fromkeys(words))
    if "font" in said.lower() or "subset" in said.lower():
        return ToolError(f"字体不能用：{said}", where=name, todo="运行 juanzong doctor 检查字体")
    return TemplateError(f"排版程序报告：{said}", where=name, todo="修改模板或样式表的这一处")


def _shown(code: str) -> str:
    return f"{chr(int(code[2:], 16))}（{code}）"
