"""GB/T 9704-2012 measured on finished pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest

from pipeline.render.html import render
from tests.render.trial import BARE, PT, characters, kind_of, lines, pages, rules, text

BODY = "以贫困户增收为核心，坚持精准扶贫、精准脱贫，因村因户因人施策，做到“六个精准”。"
NOTICE = (
    '{{ paper.head("样例县扶贫办", "样扶〔2016〕5号") }}'
    '{{ paper.title("关于印发《样例县2016年新一轮农村扶贫开发攻坚战工作方案》的通知") }}'
    '{{ paper.to("各镇人民政府") }}'
    "{% for n in range(COUNT) %}<p>" + BODY * 2 + "</p>{% endfor %}"
    '{{ paper.attached(["任务分工表", "贫困村名册"]) }}'
    '{{ paper.signature("样例县扶贫办", "2016-07-04") }}'
    '{{ paper.imprint(["县委办公室"], "样例县扶贫办", "2016-07-05") }}'
)


def paper(folder: Path, body: str, form: str = "down") -> bytes:
    """Print a paper of this body."""
    roots = kind_of(folder, body)
    frame = folder / "trial/template.html"
    source = frame.read_text("utf-8")
    frame.write_text(source + "{% block form %}" + form + "{% endblock %}", "utf-8")
    return render(roots, "trial", BARE)


def notice(folder: Path, paragraphs: int) -> Any:
    return pypdfium2.PdfDocument(paper(folder, NOTICE.replace("COUNT", str(paragraphs))))


def red_top(page: Any) -> float:
    """Return where the first red ink of a page lies, in mm."""
    picture = page.render(scale=4).to_numpy()[:, :, :3].astype(int)
    blue, green, red = picture[:, :, 0], picture[:, :, 1], picture[:, :, 2]
    rows = np.flatnonzero(((red > 190) & (green < 90) & (blue < 90)).any(axis=1))
    return float(rows[0]) / 4 / PT


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return notice(tmp_path_factory.mktemp("notice"), 12)


def found(page: Any, words: str) -> list[tuple[str, float, float, float, float]]:
    """Return the characters of the first place where these words stand."""
    all_ = list(characters(page))
    start = "".join(each[0] for each in all_).index(words)
    return all_[start : start + len(words)]


@pytest.mark.parametrize("issuer", ["样例县扶贫办", "样例县农村扶贫开发工作领导小组办公室"])
def test_the_mark_begins_35_mm_below_the_type_area(tmp_path: Path, issuer: str) -> None:
    page = pypdfium2.PdfDocument(paper(tmp_path, f'{{{{ paper.head("{issuer}") }}}}'))[0]
    assert red_top(page) == pytest.approx(72, abs=1)
    mark = found(page, issuer + "文件")
    assert (mark[0][1] + mark[-1][3]) / 2 == pytest.approx(106, abs=1.5)
    assert mark[0][1] >= 28
    assert mark[-1][3] <= 184


def test_issuers_of_a_joint_paper_are_equally_wide(tmp_path: Path) -> None:
    body = (
        '{{ paper.head(["样例县农业局", "样例县扶贫开发办公室"], '
        'signers=["样一", "样二", "样三"]) }}'
    )
    page = pypdfium2.PdfDocument(paper(tmp_path, body, "up"))[0]
    assert red_top(page) == pytest.approx(72, abs=1)
    first, second = found(page, "样例县农业局"), found(page, "样例县扶贫开发办公室")
    assert first[0][1] == pytest.approx(second[0][1], abs=1)
    assert first[-1][3] == pytest.approx(second[-1][3], abs=1)
    top, low = found(page, "样一")[0], found(page, "样三")[0]
    assert top[1] == pytest.approx(low[1], abs=0.5)
    assert "".join(each[0] for each in characters(page)).count("签发人：") == 1


def test_the_red_rule_lies_4_mm_below_the_number(printed: Any) -> None:
    rule = next(each for each in rules(printed[0]) if each[2] - each[0] > 150)
    assert rule[2] - rule[0] == pytest.approx(156, abs=0.5)
    assert rule[0] == pytest.approx(28, abs=0.5)
    number = found(printed[0], "样扶")
    assert rule[1] - max(each[4] for each in number) == pytest.approx(4, abs=1)


def test_no_number_is_invented(tmp_path: Path) -> None:
    assert "〔" not in text(paper(tmp_path, '{{ paper.head("样例县扶贫办") }}<p>字</p>'))


def test_body_lines_keep_to_the_type_area(printed: Any) -> None:
    for page in printed:
        inside = [each for each in characters(page) if each[4] < 265]
        assert min(each[1] for each in inside) >= 27.5
        assert max(each[3] for each in inside) <= 184.5
        assert min(each[2] for each in inside) >= 36.5
        assert max(each[4] for each in inside) <= 262.5


def test_a_full_page_has_22_lines(printed: Any) -> None:
    rows = {
        round(each[4] * 2.834 / 28.99 - 0.4) for each in characters(printed[1]) if each[4] < 265
    }
    assert len(rows) == 22


@pytest.mark.parametrize("paragraphs", range(1, 13))
def test_the_imprint_closes_the_last_even_page(tmp_path: Path, paragraphs: int) -> None:
    found_ = notice(tmp_path, paragraphs)
    assert len(found_) % 2 == 0
    last = found_[len(found_) - 1]
    wide = [each for each in rules(last) if each[2] - each[0] > 150]
    assert max(each[3] for each in wide) == pytest.approx(262, abs=1)
    copies = found(last, "抄送：")[0]
    assert copies[1] == pytest.approx(28 + 4.94, abs=1)
    words = "".join(each[0] for each in characters(last))
    assert "2016年7月5日印发" in words
    below = [each for each in characters(last) if each[2] < copies[2]]
    assert all(each[4] < min(rule[1] for rule in wide) for each in below)
    blank = not pages_of(found_)[-2]
    assert ("—" in words) is not blank


def test_every_page_but_the_imprint_has_body_with_the_date(printed: Any) -> None:
    page = next(one for one in pages_of(printed) if "2016年7月4日" in one)
    assert "任务分工表" in page or "精准" in page


def pages_of(document: Any) -> list[str]:
    return ["".join(each[0] for each in characters(page)) for page in document]


def test_page_numbers_lie_7_mm_below_the_type_area(printed: Any) -> None:
    for number, page in enumerate(printed):
        dashes = [each for each in characters(page) if each[0] == "—" and each[2] > 262]
        assert all(each[2] == pytest.approx(269, abs=2) for each in dashes)
        left, right = min(each[1] for each in dashes), max(each[3] for each in dashes)
        assert (left - 28 if number % 2 else 184 - right) == pytest.approx(4.94, abs=1)


def test_a_sealed_date_ends_four_characters_from_the_edge(tmp_path: Path) -> None:
    body = "<p>字</p>{{ paper.signature('样例县扶贫办', '2016-07-04') }}"
    page = pypdfium2.PdfDocument(paper(tmp_path, body))[0]
    day, name = found(page, "2016年7月4日"), found(page, "样例县扶贫办")
    assert 184 - day[-1][3] == pytest.approx(4 * 5.57, abs=1.2)
    centre = [(each[0][1] + each[-1][3]) / 2 for each in (day, name)]
    assert centre[0] == pytest.approx(centre[1], abs=0.8)


def test_organs_with_long_names_sign_below_each_other(tmp_path: Path) -> None:
    names = ["中共样例市样例区委组织部", "样例市样例区扶贫开发领导小组办公室"]
    body = f"<p>字</p>{{{{ paper.signature({names}, '2016-07-04') }}}}"
    page = pypdfium2.PdfDocument(paper(tmp_path, body))[0]
    first, second = (found(page, name) for name in names)
    for name in (first, second):
        assert max(each[4] for each in name) - min(each[4] for each in name) < 4
    assert second[0][2] > first[0][4]
    centres = [(each[0][1] + each[-1][3]) / 2 for each in (first, second)]
    assert centres[0] == pytest.approx(centres[1], abs=0.8)


@pytest.mark.parametrize("count", range(18, 23))
def test_who_prints_stands_on_one_line_with_the_date(tmp_path: Path, count: int) -> None:
    name = "广州市花都区农村扶贫开发工作领导小组办公室甲"[-count:]
    body = f'<p>字</p>{{{{ paper.imprint(["县委"], "{name}", "2016-12-25") }}}}'
    document = pypdfium2.PdfDocument(paper(tmp_path, body))
    row = found(document[len(document) - 1], f"{name}2016年12月25日印发")
    assert max(each[4] for each in row) - min(each[4] for each in row) < 3
    assert row[count][1] - row[count - 1][3] > 1.5


def test_no_row_of_a_table_stands_alone(tmp_path: Path) -> None:
    head = "<thead><tr><th>序号</th></tr></thead>"
    for before in range(12, 20):
        rows = "".join(f"<tr><td>甲{n}乙</td></tr>" for n in range(8))
        body = f"{'<p>字</p>' * before}<table>{head}<tbody>{rows}</tbody></table>"
        counts = [one.count("甲") for one in pages_of(pypdfium2.PdfDocument(paper(tmp_path, body)))]
        assert sum(counts) == 8
        assert 1 not in counts


def test_an_unsealed_date_begins_two_characters_after_the_name(tmp_path: Path) -> None:
    long = "样例县农村扶贫开发领导小组"
    for name, gap in (("扶贫办", None), (long, 2)):
        body = f"<p>字</p>{{{{ paper.signature('{name}', '2016-07-04', sealed=false) }}}}"
        page = pypdfium2.PdfDocument(paper(tmp_path, body))[0]
        day, signed = found(page, "2016年7月4日"), found(page, name)
        assert day[0][1] - signed[0][1] == pytest.approx(2 * 5.57, abs=1.2)
        edge = signed[-1][3] if gap else day[-1][3]
        assert 184 - edge == pytest.approx(2 * 5.57, abs=1.2)


def test_a_draft_leaves_the_date_to_be_written(tmp_path: Path) -> None:
    words = text(paper(tmp_path, "<p>字</p>{{ paper.signature('样例县扶贫办') }}"))
    assert "样例县扶贫办年月日" in words


def test_attachments_hang_under_their_names_and_begin_a_page(tmp_path: Path) -> None:
    name = "样例县打赢2016年新一轮农村扶贫开发攻坚战任务分工和进度安排一览表"
    body = (
        f"<p>字</p>{{{{ paper.attached(['{name}', '名册']) }}}}"
        "{{ paper.attachment('任务分工和进度安排一览表', 1) }}<p>表</p>"
    )
    document = pypdfium2.PdfDocument(paper(tmp_path, body))
    listed = found(document[0], name)
    left = listed[0][1]
    second = next(each for each in listed if each[2] > listed[0][2] + 5)
    assert second[1] == pytest.approx(left, abs=0.6)
    assert found(document[0], "名册")[0][1] == pytest.approx(left, abs=0.6)
    assert found(document[1], "附件1")[0][1] == pytest.approx(28, abs=0.8)
    assert "附件1任务分工" in pages_of(document)[1]


def test_a_letter_has_double_rules_and_no_number_on_its_first_page(tmp_path: Path) -> None:
    body = '{{ paper.letter_head("样例县扶贫办", "样扶函〔2016〕2号") }}{{ paper.title("函") }}'
    document = pypdfium2.PdfDocument(paper(tmp_path, body + "<p>字</p>" * 31, "letter"))
    first = document[0]
    assert red_top(first) == pytest.approx(30, abs=1)
    wide = sorted(each for each in rules(first) if each[2] - each[0] > 165)
    assert all(each[0] == pytest.approx(20, abs=0.6) for each in wide)
    assert all(each[2] == pytest.approx(190, abs=0.6) for each in wide)
    assert max(each[3] for each in wide) == pytest.approx(277, abs=1)
    assert found(first, "2号")[-1][3] == pytest.approx(184, abs=1)
    assert "—1—" not in pages_of(document)[0]
    assert "—2—" in pages_of(document)[1]


def test_minutes_list_who_was_there(tmp_path: Path) -> None:
    body = (
        '{{ paper.minutes_head("样例县扶贫办会议纪要", "第3期") }}<p>字</p>'
        '{{ paper.attend("出席", ["样一", "样二二", "样三三", "样四四", "样五五", '
        '"样六六", "样七七"]) }}'
    )
    page = pypdfium2.PdfDocument(paper(tmp_path, body, "minutes"))[0]
    assert red_top(page) == pytest.approx(72, abs=1)
    names = found(page, "样一、样二二、样三三、样四四、样五五、样六六、样七七")
    assert names[-3][2] > names[0][2] + 5
    assert names[-3][1] == pytest.approx(names[0][1], abs=0.6)


def test_headings_are_numbered_by_level(tmp_path: Path) -> None:
    body = "{% for n in (1, 2, 3, 4) %}{{ paper.heading(n, 2, '要求') }}{% endfor %}"
    assert text(paper(tmp_path, body)).startswith("二、要求（二）要求2.要求（2）要求")


def test_a_wide_table_stands_on_an_upright_sheet(tmp_path: Path) -> None:
    rows = "{% for n in range(60) %}<tr><td>{{ n }}</td><td>样例</td></tr>{% endfor %}"
    table = f"<table><thead><tr><th>序号</th><th>村</th></tr></thead>{rows}</table>"
    document = pypdfium2.PdfDocument(
        paper(tmp_path, f'<p>字</p><section class="turned">{table}</section>')
    )
    assert len(document) > 3
    for number, page in enumerate(document):
        assert [round(side / PT) for side in page.get_size()] == [210, 297]
        dashes = [each for each in characters(page) if each[0] == "—"]
        assert all(each[2] == pytest.approx(269, abs=2) for each in dashes)
        left, right = min(each[1] for each in dashes), max(each[3] for each in dashes)
        assert (left - 28 if number % 2 else 184 - right) == pytest.approx(4.94, abs=1)
        if number:
            head = found(page, "序号")
            assert all(each[1] < 40 for each in head)
            assert head[1][4] < head[0][2] + 1
            inside = [each for each in characters(page) if each[4] < 265]
            assert min(each[1] for each in inside) >= 27.5
            assert max(each[3] for each in inside) <= 184.5
            assert max(each[4] for each in inside) <= 262.5


@pytest.mark.parametrize(("form", "size"), [("across", [297, 210]), ("a3", [420, 297])])
def test_sheets_that_lie(tmp_path: Path, form: str, size: list[int]) -> None:
    page = pypdfium2.PdfDocument(paper(tmp_path, "<p>字</p>", form))[0]
    assert [round(side / PT) for side in page.get_size()] == size


def test_han_only_lines_are_28_cells_wide(tmp_path: Path) -> None:
    rows = lines(paper(tmp_path, f"<p class='flush'>{'国家扶贫' * 70}</p>"))
    assert [len(row) for row in rows[:10]] == [28] * 10
    assert all(row[0][1] == pytest.approx(28, abs=0.5) for row in rows[:10])
    assert all(row[-1][2] == pytest.approx(184, abs=0.5) for row in rows[:10])


def test_lines_that_end_with_a_quote_are_flush(tmp_path: Path) -> None:
    for lead in range(20, 28):
        body = f"<p class='flush'>{'国' * lead}“贫”{'国' * 40}</p>"
        rows = lines(paper(tmp_path, body))
        assert rows[0][-1][2] == pytest.approx(184, abs=1)


def test_autospace_is_an_option(tmp_path: Path) -> None:
    roots = kind_of(tmp_path, "<p>全村13户</p>")
    plain = pages(render(roots, "trial", BARE))
    frame = tmp_path / "trial/template.html"
    frame.write_text(
        frame.read_text("utf-8") + "{% block spacing %}autospace{% endblock %}", "utf-8"
    )
    wide = pypdfium2.PdfDocument(render(roots, "trial", BARE))[0]
    assert plain[0].startswith("全村13户")
    row = found(wide, "全村13户")
    assert row[2][1] - row[1][3] > 0.6
    assert row[4][1] - row[3][3] > 0.6
