"""The parts of a 公文 found on its pages: red head, number, title, body, date, 版记, folios."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.measure.rows import Row
from pipeline.measure.sheet import Rule, Sheet, is_red
from pipeline.measure.standard import standard, type_area
from pipeline.model import Box, Form

NUMBER = re.compile(r"^[\u4e00-\u9fff]{1,12}〔(?:19|20)\d{2}〕[1-9]\d{0,4}号$")
"""A 发文字号 as it should be."""
ANY_NUMBER = re.compile(
    r"[\u4e00-\u9fff×]*[〔［\[（(【]?(?:19|20)?\d{2}[〕］\]）)】]?第?\d{1,5}号|.*第?\d+号$"
)
DATE = re.compile(r"^(?:19|20)\d{2}年(?:[1-9]|1[0-2])月(?:[1-9]|[12]\d|3[01])日$")
"""A 成文日期 as it should be."""
ANY_DATE = re.compile(
    r"^(?:\d{2,4}|[一二三四五六七八九〇零○]{2,4})[年./-](?:\d{1,2}|[一二三四五六七八九十]{1,2})[月./-]"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})日?$"
)
PRINTED = re.compile(r"((?:19|20)\d{2}年\d{1,2}月\d{1,2}日)印发$")
FOLIO = re.compile(r"^([-—–－―─·•.第]*)(\d{1,4})([-—–－―─·•.页]*)(?:[,，/]?共?\d{1,4}页?)?$")
ATTACHMENT = re.compile(r"^附件(\d*)$")
_CITED = re.compile(r"^[\u4e00-\u9fff]{1,12}〔(?:19|20)\d{2}〕[1-9]\d{0,4}号附件\d*$")

_MARK_SIZE = 20.0
"""Points: smaller red words are no 发文机关标志."""
_MARK_END = 150.0
"""Millimetres from the top below which no red head begins."""
_LONG = 120.0
"""Millimetres: a shorter line is no red line and no line of a 版记."""


@dataclass(frozen=True)
class Paper:
    """A document with its parts; what isn't found is None or empty."""

    sheets: tuple[Sheet, ...]
    rows: tuple[Row, ...]
    """Of all pages, without exempt boxes."""
    name: str = ""
    """The file's name without its ending."""

    @cached_property
    def mark(self) -> tuple[Row, ...]:
        """Return the rows of the 发文机关标志."""
        return tuple(
            row
            for row in self.rows
            if row.page == 1 and row.red and row.size >= _MARK_SIZE and row.box.top < _MARK_END
        )

    @cached_property
    def form(self) -> Form:
        """Return which form of the standard it has, nothing where there is no red head."""
        if not self.mark:
            return ""
        words = "".join(row.words for row in self.mark)
        if words.endswith("纪要"):
            return "纪要"
        if words.endswith("令"):
            return "令"
        long = [rule for rule in self.red_rules if rule.box.width > 165]
        low = [rule for rule in long if rule.box.top > 250]
        if low or (len(long) > 1 and self.mark[0].box.top < 45):
            return "信函"
        return "文件"

    @cached_property
    def red_rules(self) -> tuple[Rule, ...]:
        """Return the red lines of the first page, from top to bottom."""
        found = [
            rule
            for rule in self.sheets[0].rules
            if is_red(rule.colour) and rule.box.width > _LONG and rule.box.height < 2
        ]
        return tuple(sorted(found, key=lambda rule: rule.box.top))

    @cached_property
    def red_rule(self) -> Rule | None:
        """Return the line under the 发文字号."""
        under = self.mark[-1].box.bottom if self.mark else 0.0
        return next((rule for rule in self.red_rules if rule.box.top > under), None)

    @cached_property
    def number(self) -> Row | None:
        """Return the 发文字号 without the 签发人 beside it."""
        if not self.mark:
            return None
        end = self.red_rule.box.top if self.red_rule and self.form != "信函" else 170.0
        for row in self.rows:
            if row.page == 1 and self.mark[-1].box.bottom < row.y <= end + 1:
                for part in row.parts():
                    if not part.red and ANY_NUMBER.search(part.words):
                        return part
        return None

    @cached_property
    def draft(self) -> bool:
        """Tell whether it says that it isn't issued yet, or leaves both number and date open."""
        seen = "".join(glyph.text for glyph in self.sheets[0].glyphs)
        if any(word in seen for word in standard()["draft"]["words"]):
            return True
        blanks = (standard()["draft"]["dated"], standard()["draft"]["printed"])
        return self.number is None and any(row.words.endswith(blanks) for row in self.rows)

    @cached_property
    def head_end(self) -> float:
        """Return where the 版头 of the first page ends, millimetres from the top."""
        ends = [row.box.bottom for row in self.mark]
        if self.number is not None:
            ends.append(self.number.box.bottom)
        if self.red_rule is not None and self.form != "信函":
            ends.append(self.red_rule.box.bottom)
        return max(ends, default=0.0)

    @cached_property
    def folios(self) -> dict[int, Row]:
        """Return the page number of each page that has one."""
        found: dict[int, Row] = {}
        for row in self.rows:
            if row.box.top > type_area().bottom and FOLIO.match(row.words):
                found[row.page] = row
        return found

    @cached_property
    def imprint(self) -> tuple[Row, ...]:
        """Return the rows of the 版记."""
        starts = [
            row
            for row in self.rows
            if row.words.startswith(("抄送：", "抄送:"))
            or PRINTED.search(row.words)
            or row.words.endswith(standard()["draft"]["printed"])
        ]
        if not starts:
            return ()
        page = starts[-1].page
        top = min(row.box.top for row in starts if row.page == page)
        return tuple(
            row
            for row in self.rows
            if row.page == page and row.box.top >= top - 0.1 and row is not self.folios.get(page)
        )

    @cached_property
    def imprint_rules(self) -> tuple[Rule, ...]:
        """Return the lines of the 版记, from top to bottom."""
        if not self.imprint:
            return ()
        top = self.imprint[0].box.top - 12
        level = [
            rule
            for rule in self.sheets[self.imprint[0].page - 1].rules
            if rule.box.width > _LONG and rule.box.top > top and not is_red(rule.colour)
        ]
        return tuple(sorted(level, key=lambda rule: rule.box.top))

    @cached_property
    def text(self) -> tuple[Row, ...]:
        """Return the rows between 版头 and 版记: title, body, what is signed, attachments."""
        out = {id(row) for row in (*self.mark, *self.folios.values(), *self.imprint)}
        return tuple(
            row
            for row in self.rows
            if id(row) not in out and not (row.page == 1 and row.y <= self.head_end)
        )

    @cached_property
    def prose(self) -> tuple[Row, ...]:
        """Return the rows of the text that stand in no table."""
        return tuple(row for row in self.text if not self._tabled(row))

    @cached_property
    def body_size(self) -> float:
        """Return the size most of the prose is set in, points; 0 when there is none."""
        sizes: Counter[float] = Counter()
        for row in self.prose:
            sizes[row.size] += len(row.ink)
        return sizes.most_common(1)[0][0] if sizes else 0.0

    @cached_property
    def title(self) -> tuple[Row, ...]:
        """Return the rows of the title: those above the body that are larger."""
        found: list[Row] = []
        for row in self.prose:
            if row.page != 1 or row.size < self.body_size + 1.5:
                break
            found.append(row)
        return tuple(found)

    @cached_property
    def body(self) -> tuple[Row, ...]:
        """Return the rows of the text in the size of the body, with 落款 and attachments."""
        return tuple(
            row
            for row in self.prose[len(self.title) :]
            if abs(row.size - self.body_size) <= 0.6 and not row.red
        )

    @cached_property
    def attachments(self) -> tuple[Row, ...]:
        """Return the head of each attachment: `附件1` alone on its row."""
        return tuple(
            row for row in self.text if ATTACHMENT.match(row.words) or _CITED.match(row.words)
        )

    @cached_property
    def main(self) -> tuple[Row, ...]:
        """Return the body without its attachments."""
        if not self.attachments:
            return self.body
        first = self.attachments[0]
        return tuple(row for row in self.body if (row.page, row.y) < (first.page, first.y))

    @cached_property
    def date(self) -> Row | None:
        """Return the 成文日期: the last row of the main text that is a date and nothing else."""
        dates = [row for row in self.main if ANY_DATE.match(row.words)]
        return dates[-1] if dates else None

    def pages(self, rows: Sequence[Row]) -> Iterator[tuple[int, list[Row]]]:
        """Yield each page that has some of the rows, with these."""
        for sheet in self.sheets:
            if found := [row for row in rows if row.page == sheet.number]:
                yield sheet.number, found

    def _tabled(self, row: Row) -> bool:
        return any(fence.top <= row.y <= fence.bottom for fence in self._fences.get(row.page, ()))

    @cached_property
    def _fences(self) -> dict[int, list[Box]]:
        """Return the upright lines of each page: a row beside one stands in a table."""
        return {
            sheet.number: [rule.box for rule in sheet.rules if rule.box.height > rule.box.width]
            for sheet in self.sheets
        }
