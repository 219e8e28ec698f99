"""Write `templates/docx/_gongwen.dotx`, GB/T 9704-2012 in the terms of Word and WPS.

Every docx template starts from it; write it anew with `python -m docs.gongwen_dotx`. A4 with
margins of 37, 35, 28 and 26 mm leaves 156 x 225 mm: 22 lines of 28 characters. A grid of lines and
characters would put each character of 16 pt into two cells of 15.8 pt; so the grid has lines only,
the line is exactly 28.95 pt, and every character stands 0.25 pt closer. Styles called 标题 and 正文
would be mistaken for Word's own (Title and Normal are shown by these names), hence 公文标题 and
公文正文.
"""

from __future__ import annotations

from pathlib import Path

from docs.gongwen_body import NAMESPACES, head, imprint, paragraph
from pipeline.render.package import Member, deflated, write_package

ROOT = Path(__file__).parent.parent
PATH = ROOT / "templates/docx/_gongwen.dotx"

LINE = 579
"""Twentieths of a point: 225 mm / 22 is 28.99 pt; 580 would leave room for 21 lines."""
CLOSER = -5
"""Twentieths of a point: 28 characters of 16 pt need 158 mm, the type area has 156."""
TWO = 'w:firstLineChars="200" w:firstLine="632"'
"""Two characters of indent."""
RED = "E60012"
CENTRE = '<w:jc w:val="center"/>'
ROUND_MARK = 'w:before="1940" w:after="1090" '
"""Around the mark: its ink begins 35 mm below the type area's top, two lines lie below it."""
ABOVE_RULE, BELOW_RULE = 135, 'w:after="1098" '
"""Around the red rule: 4 mm below the feet of the number, two lines above the title."""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMES = f'xmlns:w="{_W}" xmlns:r="{_OFFICE}"'

ONE_IN = '<w:ind w:left="280" w:right="280"/>'
FANGSONG, TITLE, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
FONTS = (
    (FANGSONG, "仿宋", "modern", "fixed"),
    (TITLE, "宋体", "auto", "variable"),
    (HEI, "SimHei", "modern", "fixed"),
    (KAI, "楷体", "modern", "fixed"),
    (SONG, "SimSun", "auto", "variable"),
)
"""Font, what Word takes where it is missing, family, pitch."""


def paragraph_style(
    identifier: str,
    name: str,
    *,
    based: str = "Normal",
    following: str = "",
    paragraph: str = "",
    run: str = "",
) -> str:
    """Return a paragraph style; `paragraph` and `run` are the inner XML of its properties."""
    after = f'<w:next w:val="{following}"/>' if following else ""
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{identifier}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="{based}"/>{after}<w:qFormat/>'
        f"{_properties('pPr', paragraph)}{_properties('rPr', run)}</w:style>"
    )


def _properties(name: str, inner: str) -> str:
    return f"<w:{name}>{inner}</w:{name}>" if inner else ""


def font(chinese: str, latin: str = LATIN) -> str:
    """Return `w:rFonts` for a role."""
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{chinese}" w:cs="{LATIN}"/>'


def size(half_points: int, closer: int | None = 0, before: str = "") -> str:
    """Return size and spacing of a run, the spacing inherited when `closer` is None."""
    spaced = "" if closer is None else f'<w:spacing w:val="{closer}"/>'
    return f'{before}{spaced}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def line(exactly: int, more: str = "") -> str:
    """Return a line of its own height, off the grid."""
    spacing = f'<w:spacing {more}w:line="{exactly}" w:lineRule="exact"/>'
    return f'<w:snapToGrid w:val="0"/>{spacing}'


def heading(identifier: str, name: str, level: int, chinese: str) -> str:
    """Return a heading that runs in with two characters of indent."""
    return paragraph_style(
        identifier,
        name,
        following="Body",
        paragraph=f'<w:keepNext/><w:ind {TWO}/><w:outlineLvl w:val="{level}"/>',
        run=font(chinese),
    )


PARAGRAPHS = (
    paragraph_style(
        "RedHead",
        "发文机关标志",
        paragraph=f"{line(1000, ROUND_MARK)}{CENTRE}",
        run=font(TITLE, TITLE) + size(92, 0, f'<w:color w:val="{RED}"/>'),
    ),
    paragraph_style("DocNumber", "发文字号", following="RedRule", paragraph=CENTRE),
    paragraph_style(
        "RedRule",
        "红色分隔线",
        following="DocTitle",
        paragraph='<w:pBdr><w:bottom w:val="single" w:sz="11" w:space="0" '
        f'w:color="{RED}"/></w:pBdr>{line(ABOVE_RULE, BELOW_RULE)}',
    ),
    paragraph_style(
        "DocTitle",
        "公文标题",
        following="Addressee",
        paragraph=f'<w:keepNext/>{line(680)}<w:jc w:val="center"/>',
        run=font(TITLE, TITLE) + size(44),
    ),
    paragraph_style("Addressee", "主送机关", following="Body"),
    paragraph_style("Body", "公文正文", paragraph=f"<w:ind {TWO}/>"),
    paragraph_style("Flush", "公文顶格"),
    heading("HeadingOne", "一级标题", 0, HEI),
    heading("HeadingTwo", "二级标题", 1, KAI),
    heading("HeadingThree", "三级标题", 2, FANGSONG),
    heading("HeadingFour", "四级标题", 3, FANGSONG),
    paragraph_style(
        "AttachmentNote",
        "附件说明",
        paragraph="<w:keepNext/>"
        '<w:ind w:leftChars="500" w:left="1580" w:hangingChars="300" w:hanging="948"/>',
    ),
    paragraph_style(
        "Issuer",
        "署名",
        following="IssueDate",
        paragraph='<w:keepNext/><w:ind w:rightChars="400" w:right="1264"/><w:jc w:val="right"/>',
    ),
    paragraph_style(
        "IssueDate",
        "成文日期",
        paragraph='<w:ind w:rightChars="400" w:right="1264"/><w:jc w:val="right"/>',
    ),
    paragraph_style("Remark", "附注", paragraph=f"<w:ind {TWO}/>"),
    paragraph_style(
        "Attachment",
        "附件",
        following="DocTitle",
        paragraph="<w:pageBreakBefore/>",
        run=font(HEI),
    ),
    paragraph_style(
        "TableText",
        "表格文字",
        paragraph=line(300, 'w:before="40" w:after="40" ') + '<w:jc w:val="center"/>',
        run=size(21),
    ),
    paragraph_style("TableHead", "表格标题", based="TableText", run=font(HEI)),
    paragraph_style(
        "Sign",
        "签署",
        paragraph=f'{line(520)}<w:jc w:val="left"/>',
        run=size(28, None),
    ),
    paragraph_style("Note", "说明", paragraph=line(270), run=size(18)),
    paragraph_style("Imprint", "版记", paragraph=line(424, 'w:after="56" ') + ONE_IN, run=size(28)),
    paragraph_style(
        "Copies",
        "抄送机关",
        based="Imprint",
        paragraph='<w:ind w:left="1120" w:right="280" w:hanging="840"/>',
    ),
    paragraph_style("Hairline", "版记锚点", paragraph=line(20), run=size(2)),
    paragraph_style(
        "PageFoot",
        "页码",
        paragraph=f'{line(280)}<w:jc w:val="left"/>',
        run=font(SONG, SONG) + size(28),
    ),
    paragraph_style(
        "SampleMark",
        "样例标记",
        paragraph=f'{line(400)}<w:jc w:val="center"/>',
        run=font(HEI)
        + size(32, 0, '<w:color w:val="CC0000"/>')
        + '<w:bdr w:val="single" w:sz="8" w:space="4" w:color="CC0000"/>',
    ),
)

SKELETON = (
    head("××××文件", "××〔××××〕×号")
    + paragraph("DocTitle", "关于××××的通知")
    + paragraph("Flush")
    + paragraph("Addressee", "主送机关：")
    + paragraph("Body", "正文。")
    + paragraph("HeadingOne", "一、一级标题")
    + paragraph("HeadingTwo", "（一）二级标题")
    + paragraph("HeadingThree", "1. 三级标题")
    + paragraph("HeadingFour", "（1）四级标题")
    + paragraph("Flush")
    + paragraph("AttachmentNote", "附件：1. 附件名称")
    + paragraph("Flush", more="<w:keepNext/>") * 2
    + paragraph("Issuer", "署名")
    + paragraph("IssueDate", "成文日期")
    + imprint("抄送机关", "印发机关", "××××年×月×日")
)
"""A fresh document: every element of a notice, for a clerk to write over."""


def styles() -> str:
    """Return styles.xml."""
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/>'
        '<w:autoSpaceDN w:val="0"/><w:spacing w:before="0" w:after="0" '
        f'w:line="{LINE}" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr>'
        f'<w:rPr><w:spacing w:val="{CLOSER}"/></w:rPr></w:style>'
    )
    identity = font(FANGSONG) + size(15, 0, '<w:color w:val="808080"/>')
    number = (
        '<w:style w:type="character" w:customStyle="1" w:styleId="DocumentId">'
        f'<w:name w:val="文书编号"/><w:qFormat/><w:rPr>{identity}</w:rPr></w:style>'
    )
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{font(FANGSONG)}<w:kern w:val="0"/>'
        '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" '
        'w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )
    return (
        f"{_HEAD}<w:styles {_NAMES}>{defaults}{normal}{_tables()}"
        f"{''.join(PARAGRAPHS)}{number}</w:styles>"
    )


def _tables() -> str:
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in edges
    )
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        '<w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"{_margins(108, whole=True)}</w:tblPr></w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="GongwenTable">'
        '<w:name w:val="公文表格"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders>{_margins(40)}</w:tblPr></w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="SignTable">'
        '<w:name w:val="签署表"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr>{_margins(0)}</w:tblPr></w:style>"
    )


def _margins(sides: int, *, whole: bool = False) -> str:
    left, right = (f'<w:{side} w:w="{sides}" w:type="dxa"/>' for side in ("left", "right"))
    if whole:
        top, bottom = (f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "bottom"))
        return f"<w:tblCellMar>{top}{left}{bottom}{right}</w:tblCellMar>"
    return f"<w:tblCellMar>{left}{right}</w:tblCellMar>"


def settings() -> str:
    """Return settings.xml: feet differ on odd and even pages."""
    compatible = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" '
        f'w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
        )
    )
    return (
        f'{_HEAD}<w:settings {_NAMES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>'
        f'<w:compat>{compatible}</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        "</w:settings>"
    )


def font_table() -> str:
    """Return fontTable.xml: what Word takes where a font is missing."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
        for name, other, family, pitch in FONTS
    )
    latin = (
        f'<w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/>'
        '<w:pitch w:val="variable"/></w:font>'
    )
    return f"{_HEAD}<w:fonts {_NAMES}>{fonts}{latin}</w:fonts>"


def foot(side: str) -> str:
    """Return a foot with the page number, one character in from the outer edge."""
    return (
        f'{_HEAD}<w:ftr {_NAMES}><w:p><w:pPr><w:pStyle w:val="PageFoot"/>'
        f'<w:ind w:{side}="280"/><w:jc w:val="{side}"/></w:pPr>'
        '<w:r><w:t xml:space="preserve">— </w:t></w:r><w:fldSimple w:instr=" PAGE ">'
        '<w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> —</w:t></w:r>'
        "</w:p></w:ftr>"
    )


_HEADERS = (
    '<w:headerReference w:type="default" r:id="rId10"/>'
    '<w:headerReference w:type="even" r:id="rId11"/>'
)


def document(body: str = SKELETON, headers: str = "") -> str:
    """Return document.xml: a body on the page of GB/T 9704."""
    return (
        f"{_HEAD}<w:document {NAMESPACES}><w:body>{body}<w:sectPr>{headers}"
        '<w:footerReference w:type="default" r:id="rId12"/>'
        '<w:footerReference w:type="even" r:id="rId13"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" '
        'w:left="1587" w:header="851" w:footer="1450" w:gutter="0"/><w:cols w:space="720"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr></w:body></w:document>'
    )


def header(mark: str) -> str:
    """Return a header that says what a paper is: 样例数据."""
    return f"{_HEAD}<w:hdr {_NAMES}>{paragraph('SampleMark', mark)}</w:hdr>"


def parts(body: str = SKELETON, mark: str = "") -> dict[str, str]:
    """Return every member of a package: the base itself, or a document with this body.

    Args:
        body: paragraphs of `docs/gongwen_body.py`.
        mark: what stands above each page of a document.
    """
    main = "document.main" if mark else "template.main"
    heads = {"header1": ("header", header(mark)), "header2": ("header", header(mark))}
    inner = {
        "document": (main, document(body, _HEADERS if mark else "")),
        "styles": ("styles", styles()),
        "settings": ("settings", settings()),
        "fontTable": ("fontTable", font_table()),
        "footer1": ("footer", foot("right")),
        "footer2": ("footer", foot("left")),
        **(heads if mark else {}),
    }
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, (kind, _) in inner.items()
    )
    related = "".join(
        f'<Relationship Id="{identifier}" Type="{_OFFICE}/{kind}" Target="{name}.xml"/>'
        for identifier, kind, name in (
            ("rId1", "styles", "styles"),
            ("rId2", "settings", "settings"),
            ("rId3", "fontTable", "fontTable"),
            ("rId10", "header", "header1"),
            ("rId11", "header", "header2"),
            ("rId12", "footer", "footer1"),
            ("rId13", "footer", "footer2"),
        )
        if name in inner
    )
    relationships = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'{_HEAD}{relationships}<Relationship Id="rId1" Type="{_OFFICE}/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f"{_HEAD}{relationships}{related}</Relationships>",
        **{f"word/{name}.xml": text for name, (_, text) in inner.items()},
    }


def built() -> bytes:
    """Return the bytes of the file: the same on every machine."""
    return write_package(
        Member(name, deflated(text.encode()), text.encode()) for name, text in parts().items()
    )


if __name__ == "__main__":
    PATH.write_bytes(built())
