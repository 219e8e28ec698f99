"""The yearly steps of a share target, shared out to the villages so that their sums agree."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Any

from pipeline.model import Dated, Village
from pipeline.plan.judged import outcome_of, percent
from pipeline.plan.openness import amounts
from pipeline.plan.view import View

_TALLIED = ("households", "persons", "with_labour", "without_labour", "met")


def steps(view: View) -> list[dict[str, Any]]:
    """Return the subject's steps: by which day which share, and how many households that is.

    The paper's setting `steps` names the target. A town's or an area's number is its own share,
    a started household counted whole; a village's is its part of its town's number.
    """
    return [
        {
            "until": step.since,
            "percent": f"{(step.value * 100).normalize():f}",
            "households": _number(view, step.value),
        }
        for step in _steps(view)
    ]


def each_village(view: View) -> list[dict[str, Any]]:
    """Return the subject's villages in the order of the roster: people, steps, verdict, money."""
    shares = [_quotas(view, step.value) for step in _steps(view)]
    rows = []
    for village in view.villages():
        town = view.roster.town.get(village.town_code)
        tally = view.facts.tallies[("village", village.code)]
        rows.append(
            {
                "name": village.name,
                "town": town.name if town else "",
                "weak": village.weak,
                **{name: tally[name] for name in _TALLIED},
                "rate": percent(Decimal(tally["met"]) / tally["households"])
                if tally["households"]
                else None,
                "conclusion": outcome_of(view, "village", village.code),
                "steps": [one[village.code] for one in shares],
                "projects": len(view.roster.projects_of.get(village.code, ())),
                **amounts(view.roster.funds_of.get(village.code, ())),
            }
        )
    return rows


def _steps(view: View) -> tuple[Dated, ...]:
    name = str(view.rule.settings.get("steps", ""))
    if not name:
        return ()
    parameter = view.parameter(view.scheme.target_of(name))
    return tuple(sorted(parameter.values, key=lambda one: one.since)) if parameter else ()


def _number(view: View, share: Decimal) -> int:
    if view.subject.level in ("village", "unit"):
        return sum(_quotas(view, share).values())
    return _ceil(sum(_households(view, village) for village in view.villages()), share)


def _quotas(view: View, share: Decimal) -> dict[str, int]:
    """Share the number of each town out to its villages by the largest remainder.

    Of equal remainders the earlier village of the roster gets the household.
    """
    wanted = {village.code for village in view.villages()}
    found: dict[str, int] = {}
    for town in dict.fromkeys(village.town_code for village in view.villages()):
        villages = view.roster.villages_of.get(town, ())
        exact = {one.code: _households(view, one) * share for one in villages}
        whole = {code: int(number) for code, number in exact.items()}
        left = _ceil(sum(_households(view, one) for one in villages), share) - sum(whole.values())
        by_rest = sorted(exact, key=lambda code: whole[code] - exact[code])
        for code in by_rest[:left]:
            whole[code] += 1
        found |= {code: number for code, number in whole.items() if code in wanted}
    return found


def _households(view: View, village: Village) -> int:
    return int(view.facts.tallies[("village", village.code)]["households"])


def _ceil(households: int, share: Decimal) -> int:
    return int((households * share).to_integral_value(ROUND_CEILING))
