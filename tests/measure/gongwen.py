"""A 公文 as the standard asks, printed with plain WeasyPrint; a test can replace each part."""

from __future__ import annotations

import logging
from functools import lru_cache

from pipeline import fonts

BODY = (
    "为深入贯彻落实关于打赢脱贫攻坚战的决定，进一步压实各级帮扶责任，现就做好本年度帮扶台账核对工作有关事项"
    "通知如下，请结合本地实际认真组织实施，确保每一户帮扶措施都有记录、每一笔资金都有去向、每一项指标都有依据。"
)

STYLE = """
@page { size: 210mm 297mm; margin: 37mm 26mm 35mm 28mm }
@page :right { @bottom-right { content: "— " counter(page) " —"; font: 14pt/1.2 "Noto Serif CJK SC";
  white-space: nowrap; vertical-align: top; padding: 3.82mm 4.94mm 0 0 } }
@page :left { @bottom-left { content: "— " counter(page) " —"; font: 14pt/1.2 "Noto Serif CJK SC";
  white-space: nowrap; vertical-align: top; padding: 3.82mm 0 0 4.94mm } }
html { font: 16pt/28.99pt 仿宋_GB2312, FandolFang; letter-spacing: -0.21pt; orphans: 1; widows: 1 }
body, p { margin: 0 }
p { text-indent: 31.58pt }
span { line-height: 0 }
.mark { position: absolute; top: 32.0mm; left: 0; right: 0; text-align: center; text-indent: 0;
  color: #e60012; font: bold 46pt/1.2 "Noto Serif CJK SC"; letter-spacing: 0 }
.number { position: absolute; top: 72mm; left: 0; right: 0; text-align: center; text-indent: 0 }
.line { position: absolute; top: 84.1mm; left: 0; width: 156mm; height: 0.5mm;
  background: #e60012 }
.short { width: 150mm !important; margin-left: 3mm }
.head { height: 105mm }
.title { font: bold 22pt/34pt "Noto Serif CJK SC"; text-align: center; text-indent: 0;
  margin-bottom: 28.99pt }
.flush { text-indent: 0 }
.hei { font-family: 黑体, "Noto Sans CJK SC" }
.signed { text-align: right; text-indent: 0; white-space: nowrap }
.end { position: absolute; bottom: 0; left: 0; width: 156mm; font-size: 14pt; letter-spacing: 0 }
.end div { position: relative; padding: 0 14pt }
.end i { display: block; height: 0.35mm; background: #000 }
.end i.thin { height: 0.25mm }
.end b { font-weight: normal; position: absolute; right: 14pt }
.last { break-before: page; position: relative; height: 225mm }
"""

PARTS = {
    "mark": "样县人民政府文件",
    "number": "样府〔2016〕15号",
    "line": '<div class="line"></div>',
    "title": "样县人民政府关于做好<br>帮扶台账核对工作的通知",
    "to": "各镇人民政府，县府直属各单位：",
    "body": f"<p><span>{BODY}</span></p>",
    "more": (
        '<p><span class="hei">一、总体要求</span></p>'
        + f"<p><span>{BODY}</span></p>" * 4
        + '<p><span class="hei">二、工作安排</span></p>'
        + f"<p><span>{BODY}</span></p>" * 4
    ),
    "named": "<p><span>附件：台账核对表</span></p>",
    "signed": "<span>样县人民政府</span>",
    "date": "<span>2016年7月4日</span>",
    "attachment": (
        '<div class="last"><p class="flush hei"><span>附件</span></p><p>&nbsp;</p>'
        '<p class="title"><span>台账核对表</span></p>'
        f"<p><span>{BODY}</span></p>"
    ),
    "imprint": (
        '<div class="end"><i></i><div>抄送：县委办公室，县人大常委会办公室。</div>'
        '<i class="thin"></i><div>样县人民政府办公室<b>2016年7月5日印发</b></div><i></i></div>'
    ),
    "close": "</div>",
}


@lru_cache(maxsize=2)
def gongwen(style: str = "", **parts: str) -> bytes:
    """Print the 公文, some parts replaced, some style added."""
    part = {**PARTS, **parts}
    return printed(
        f"""<div class="mark">{part["mark"]}</div><div class="number">{part["number"]}</div>
{part["line"]}<div class="head"></div><p class="title"><span>{part["title"]}</span></p>
<p class="flush"><span>{part["to"]}</span></p>{part["body"]}{part["more"]}<p>&nbsp;</p>
{part["named"]}<p>&nbsp;</p><p class="signed" style="padding-right: 80pt">{part["signed"]}</p>
<p class="signed" style="padding-right: 64pt">{part["date"]}</p>
{part["attachment"]}{part["imprint"]}{part["close"]}""",
        STYLE + style,
    )


def printed(markup: str, style: str) -> bytes:
    """Print with plain WeasyPrint, whatever it warns of."""
    fonts.use_closed_set()
    import weasyprint

    logger = logging.getLogger("weasyprint")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        pdf: bytes = weasyprint.HTML(
            string=f'<html lang="zh-CN"><style>{style}</style>{markup}'
        ).write_pdf()
    finally:
        logger.setLevel(level)
    return pdf
