from __future__ import annotations

import pytest

from pipeline.dossier import Held, Signature, Slot, gaps


def held(title: str, date: str = "20160601", filed: str = "识别", **more: object) -> Held:
    return Held(title=title, filed=filed, who="联丰村民委员会", date=date, **more)  # type: ignore[arg-type]


def said(*others: Held) -> list[tuple[str, str, str]]:
    return [(gap.code, gap.title, gap.problem) for gap in gaps((), others)]


def test_what_is_asked_for_and_absent_is_a_gap_with_who_owes_it() -> None:
    slots = (
        Slot(title="责任书", filed="综合", who="梯面镇 镇长", needed=True),
        Slot(title="一村一策", filed="施策", who="联丰村", needed=False),
        Slot(title="登记表", filed="识别", who="联丰村", needed=True, held=(held("登记表"),)),
    )
    found = gaps(slots, ())
    assert [(gap.code, gap.title, gap.problem, gap.who, gap.needed) for gap in found] == [
        ("D06", "责任书", "缺件", "梯面镇 镇长", True),
        ("D06", "一村一策", "建议补充", "联丰村", False),
    ]


def test_three_withouts() -> None:
    assert said(held("登记表", date="", signed=False, sealed=False)) == [
        ("D04", "登记表", "无日期、未签字、未盖章")
    ]
    assert said(held("登记表", sealed=False)) == [("D04", "登记表", "未盖章")]


def test_an_electronic_signature_that_does_not_hold_is_named_with_what_to_do() -> None:
    (gap,) = gaps((), [held("登记表", signature=Signature(state="changed"))])
    assert (gap.code, gap.problem) == ("D04", "电子签名后有增补")
    assert gap.detail == "请签名人重发原件，收到后不要另存"


def test_a_draft_and_what_cannot_be_bound_are_named_once() -> None:
    assert said(held("登记表", date="", issued=False, signed=False)) == [
        ("D10", "登记表", "未印发")
    ]
    assert said(held("登记表", date="", lost="要密码")) == [("D08", "登记表", "装订不了")]


@pytest.mark.parametrize(
    ("filed", "earlier", "later"),
    [
        ("识别", "贫困户申请书", "民主评议会议记录"),
        ("识别", "民主评议会议记录", "复核审核表"),
        ("施策", "扶贫资金使用申请", "扶贫资金使用审批表"),
        ("施策", "扶贫资金使用审批表", "项目验收单"),
        ("脱贫", "预退出名单", "脱贫认定表"),
        ("综合", "脱贫攻坚责任书", "三年帮扶规划"),
    ],
)
def test_a_later_step_dated_before_an_earlier_one(filed: str, earlier: str, later: str) -> None:
    right = (held(earlier, "20160501", filed), held(later, "20160501", filed))
    wrong = (held(earlier, "20160502", filed), held(later, "20160501", filed))
    assert said(*right) == []
    (gap,) = gaps((), wrong)
    assert (gap.code, gap.title) == ("D01", later)
    assert gap.detail == f"2016-05-01，早于《{earlier}》2016-05-02"


def test_steps_of_another_class_are_not_compared() -> None:
    assert said(held("申请书", "20160502", "识别"), held("评议记录", "20160501", "脱贫")) == []


def test_what_was_posted_needs_a_photo() -> None:
    posted = held("贫困户名单公示")
    assert said(posted) == [("D07", "贫困户名单公示", "缺照片")]
    assert said(posted, held("名单公示照片", "", "载体", photo=True)) == []
