"""One notice made twice, in Word's terms and in WeasyPrint's: `docs/images/two-engines.png`.

The upper row is `_gongwen.dotx` through LibreOffice, the lower one `_gongwen/paper.html`.
`tests/render/test_two_engines.py` measures both.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from docs import gongwen_body as word
from docs import gongwen_dotx as base
from pipeline import convert
from pipeline.render.filters import heading, riqi
from pipeline.render.html import render
from pipeline.render.package import Member, deflated, write_package
from pipeline.render.titles import cells, lines

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs/images/two-engines.png"
HTML = ROOT / "templates/html"

ISSUER = "样例县扶贫办"
NUMBER = "样扶〔2016〕5号"
TITLE = "关于做好2016年度农村扶贫开发工作督查验收的通知"
TO = "各镇人民政府，县扶贫开发领导小组各成员单位，各帮扶单位"
DAY = "2016-07-04"
ATTACHED = "督查验收工作规则"
COPIES = "县委办公室，县人大常委会办公室，县政府办公室"

TEXT = (
    (
        0,
        "为全面掌握各镇各村农村扶贫开发工作的进展，压实镇村两级和帮扶单位的责任，确保完成年度任务，"
        "经县扶贫开发领导小组同意，现就做好督查验收有关事项通知如下。",
    ),
    (1, "总体要求"),
    (
        0,
        "坚持实事求是、客观公正，以贫困户增收和村集体经济发展为核心，逐村逐户核对，做到数字准确、"
        "资料齐全、程序规范，让脱贫成效经得起群众和历史的检验。",
    ),
    (1, "督查验收内容"),
    (2, "帮扶到户情况"),
    (3, "收入和保障"),
    (
        0,
        "对照建档立卡资料，核对每户家庭成员、劳动能力和全年收入，查看住房安全、子女就学、看病就医和"
        "养老保障落实的情况，听取贫困户本人的意见并由户主签名确认。",
    ),
    (3, "帮扶措施"),
    (
        0,
        "核对帮扶责任人入户的时间和次数，查看产业扶持、技能培训、就业转移、资金补助等措施的落实情况，"
        "措施与致贫原因不相符的，由镇扶贫办会同帮扶单位重新商定。",
    ),
    (4, "有劳动能力的，重点看发展生产和稳定就业；"),
    (4, "无劳动能力的，重点看政策保障和临时救助。"),
    (2, "帮扶到村情况"),
    (
        0,
        "查看村道、饮水、农田水利、卫生站、文化室等项目的建设进度和工程质量，核对资金拨付与公示公告的"
        "记录。项目建成后由镇组织初验，县扶贫办会同有关部门进行终验，验收不合格的限期整改。",
    ),
    (2, "资料归档情况"),
    (
        0,
        "每村一卷，每户一袋，登记表、帮扶计划、帮扶记录、收入核算、公示照片等材料按目录编号装订，"
        "纸质档案与信息系统的记录保持一致。缺少的材料由镇扶贫办列出清单，限期补齐，确实补不齐的写明原因和经过，经村两委和驻村干部签名后一并归档，不得事后补签、代签。",
    ),
    (1, "步骤和要求"),
    (
        0,
        "各镇先行组织自查，逐村填写自查表，由镇主要负责人签字后报送县扶贫办。县扶贫办会同成员单位组成"
        "督查验收小组，采取听汇报、查资料、走访农户相结合的办法，对全部贫困村进行验收，对贫困户按比例"
        "抽查，结果在全县范围内通报，作为年度考核和评先评优的重要依据。",
    ),
    (
        0,
        "各帮扶单位要选派熟悉情况的干部参加，不得以文件落实文件，不得层层加码、重复填表。发现弄虚作假、"
        "优亲厚友、截留挪用扶贫资金的，移送纪检监察机关依纪依法处理。",
    ),
)
"""Level of a heading, or 0 for a paragraph; and its words."""
MORE = (
    "督查验收以村为单位进行，先看资料后看现场，先问干部后问农户，当天情况当天汇总。验收小组由三至五人"
    "组成，其中至少一人熟悉财务，与被验收村有亲属关系或帮扶关系的人员应当回避。",
    "各项指标以建档立卡名册为准，名册与实际不符的，由村委会书面说明原因并附证明材料，镇扶贫办核实后"
    "在信息系统中更正。更正前后的记录都要保留，不得涂改或者销毁。",
)
"""Paragraphs of the attachment."""
_FRAME = """{% extends "_gongwen/base.html" %}{% block name %}{{ title }}{% endblock %}
{% block form %}down{% endblock %}
{% block body %}{{ paper.head(issuer, number) }}{{ paper.title(title) }}{{ paper.to(to) }}
{% for level, number, words in text %}
{% if level %}{{ paper.heading(level, number, words) }}{% else %}<p>{{ words }}</p>{% endif %}
{% endfor %}
{{ paper.attached([attached]) }}{{ paper.signature(issuer, day) }}
{{ paper.attachment(attached) }}{% for words in more %}<p>{{ words }}</p>{% endfor %}
{{ paper.imprint([copies], issuer, day) }}{% endblock %}"""


def numbered() -> list[tuple[int, int, str]]:
    """Return the text with the number of each heading; a heading starts those below it anew."""
    counts = [0] * 5
    rows = []
    for level, words in TEXT:
        if level:
            counts[level] += 1
            counts[level + 1 :] = [0] * (4 - level)
        rows.append((level, counts[level], words))
    return rows


def from_html() -> bytes:
    """Return the PDF that WeasyPrint makes of the notice."""
    context = {
        "scheme": {"sample": True, "blank": None},
        "document": {"issuer": ISSUER, "extra": False},
        "issuer": ISSUER,
        "number": NUMBER,
        "title": TITLE,
        "to": TO,
        "text": numbered(),
        "attached": ATTACHED,
        "more": MORE,
        "copies": COPIES,
        "day": DAY,
    }
    with tempfile.TemporaryDirectory() as folder:
        kind = Path(folder) / "notice"
        kind.mkdir()
        (kind / "template.html").write_text(_FRAME, "utf-8")
        return render([Path(folder), HTML], "notice", context)


def from_word() -> bytes:
    """Return the PDF that LibreOffice makes of the notice.

    Raises:
        ToolError: when there is no LibreOffice or it fails.
    """
    pdf = convert.to_pdf([docx()])[0]
    if not isinstance(pdf, bytes):
        raise pdf
    return pdf


def docx() -> bytes:
    """Return the notice on the base of our Word templates."""
    styles = ("Body", "HeadingOne", "HeadingTwo", "HeadingThree", "HeadingFour")
    text = "".join(
        word.paragraph(styles[level], heading(number, level) + words if level else words)
        for level, number, words in numbered()
    )
    more = "".join(word.paragraph("Body", words) for words in MORE)
    day = riqi(DAY)
    body = (
        word.head(f"{ISSUER}文件", NUMBER)
        + word.paragraph("DocTitle", lines(TITLE))
        + word.paragraph("Flush")
        + word.paragraph("Addressee", f"{TO}：")
        + text
        + word.attached([ATTACHED])
        + word.signature(ISSUER, day, cells(ISSUER), cells(day))
        + word.attachment("", lines(ATTACHED))
        + more
        + word.imprint(COPIES, ISSUER, day)
    )
    return write_package(
        Member(name, deflated(part.encode()), part.encode())
        for name, part in base.parts(body, mark="样例数据").items()
    )


def picture(pdfs: list[bytes], scale: float = 0.9, gap: int = 14) -> bytes:
    """Return a PNG: a row of pages for each PDF."""
    rows = []
    for pdf in pdfs:
        with pypdfium2.PdfDocument(pdf) as document:
            rows.append([_page(page, scale) for page in document])
    wide, tall = rows[0][0].size
    count = max(map(len, rows))
    sheet = Image.new(
        "RGB", (count * (wide + gap) + gap, len(rows) * (tall + gap) + gap), (222, 226, 232)
    )
    for down, row in enumerate(rows):
        for across, page in enumerate(row):
            sheet.paste(page, (gap + across * (wide + gap), gap + down * (tall + gap)))
    out = io.BytesIO()
    sheet.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _page(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    """Return a page drawn large and made small: thin rules of both engines look alike."""
    large = page.render(scale=4 * scale).to_pil()
    return large.resize((large.width // 4, large.height // 4), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    PICTURE.write_bytes(picture([from_word(), from_html()]))
