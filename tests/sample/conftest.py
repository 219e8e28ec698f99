from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.model import (
    Area,
    Column,
    Dated,
    FundRule,
    Parameter,
    SamplePlan,
    Scheme,
    Table,
    Target,
)
from pipeline.sample import write_sample
from tests.sample.office import Office, read_office

ROOT = Path(__file__).parents[2]
AS_OF = date(2016, 10, 31)
LEFT_OUT = (
    "440114001201",
    "440114001210",
    "440114001220",
    "440114001223",
    "440114002209",
    "440114003207",
)


def parameter(name: str, unit: str, value: int) -> Parameter:
    dated = Dated(since=date(2016, 1, 1), value=Decimal(value))
    return Parameter(id=name, name=name, unit=unit, source="一(一)", values=(dated,))


def make_scheme() -> Scheme:
    return Scheme(
        id="huadu-2016",
        name="花都区2016年新一轮农村扶贫开发攻坚",
        title="打赢2016年新一轮农村扶贫开发攻坚战",
        year=2016,
        since=date(2016, 1, 1),
        until=date(2016, 12, 31),
        area=Area(
            code="440114",
            name="花都区",
            full="广州市花都区",
            level="county",
            parent="广州市",
            province="广东省",
        ),
        basis=(),
        sample=True,
        parameter=(
            parameter("line", "元/人·年", 10_000),
            parameter("village_line", "元/年", 300_000),
        ),
        target=(
            Target(
                id="HD-T1",
                indicator="H01",
                name="年人均可支配收入",
                level="household",
                form="threshold",
                source="一(一)",
                field="disposable",
                per_member=True,
                parameter="line",
            ),
            Target(
                id="HD-T4",
                indicator="H03",
                name="无劳动力户年人均纯收入",
                level="household",
                form="threshold",
                source="二(二)1",
                field="net_income",
                per_member=True,
                parameter="line",
                where={"labour": "无"},
            ),
            Target(
                id="HD-T2",
                indicator="V01",
                name="村集体经济收入",
                level="village",
                form="top_up",
                source="一(一)",
                field="collective_income",
                parameter="village_line",
                enforced={"weak": True},
            ),
        ),
        fund=(FundRule(id="HD-F1", name="2016年扶贫开发资金", source="三(一)", payer="区财政"),),
        sample_plan=SamplePlan(
            divisions="divisions.csv",
            seed=2016,
            as_of=AS_OF,
            villages=182,
            leave_out=LEFT_OUT,
            households={"有": 1091, "无": 1137},
        ),
        folder=ROOT / "inputs" / "huadu-2016",
    )


def read_tables() -> dict[str, Table]:
    found = {}
    for path in sorted((ROOT / "pipeline" / "roster" / "tables").glob("*.toml")):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        if not raw.get("needed", True):
            continue
        columns = tuple(
            Column(**{**column, "aliases": tuple(column.get("aliases", ()))})
            for column in raw.pop("column")
        )
        found[raw["id"]] = Table(
            id=raw["id"],
            name=raw["name"],
            key=tuple(raw["key"]),
            aliases=tuple(raw["aliases"]),
            columns=columns,
        )
    return found


@pytest.fixture(scope="session")
def tables() -> Mapping[str, Table]:
    return read_tables()


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture(scope="session")
def books(
    scheme: Scheme, tables: Mapping[str, Table], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, ...]:
    """The workbooks of the full sample."""
    return write_sample(scheme, tables, tmp_path_factory.mktemp("2016-10-31"), as_of=AS_OF)


@pytest.fixture(scope="session")
def office(books: tuple[Path, ...], tables: Mapping[str, Table]) -> Office:
    """The full sample, read back from its workbooks."""
    return read_office(books, tables)
