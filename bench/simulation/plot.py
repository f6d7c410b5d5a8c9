"""The backlog of one day against time, as a picture that a browser can show and a person can read as text."""

from collections.abc import Callable, Sequence
from typing import Final

from bench.simulation.day import DayResult
from bench.simulation.scenario import HOUR, Scenario
from retry_queue.proof.oracle import Micros
from retry_queue.proof.world import OUTAGES, Spell

WIDTH, PANEL, LEFT, TOP = 920, 150, 70, 34
SPACE: Final = PANEL + 46
COLOURS: Final = {"national_registry": "#1f5fa8", "population_db": "#7a3b9e", "one_stop": "#1d7a4f"}
NAMES: Final = {
    "national_registry": "national registry",
    "population_db": "population database",
    "one_stop": "one-stop shop",
}
_STYLE: Final = (
    "text{font:12px sans-serif;fill:#222}.small{font-size:10px;fill:#666}"
    ".outage{fill:#c0392b;fill-opacity:.16}.lesser{fill:#e0a800;fill-opacity:.16}.axis{stroke:#999;stroke-width:1}"
)


def picture(scenario: Scenario, result: DayResult, hours: int = 36) -> str:
    """One panel for each destination."""
    lanes = sorted(scenario.manners)
    height = TOP + SPACE * len(lanes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>Deliveries not yet made, day {scenario.seed}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18">{_caption(scenario, result)}</text>',
    ]
    for number, lane in enumerate(lanes):
        spells = [spell for spell in scenario.spells if spell.lane == lane]
        parts += _panel(lane, TOP + SPACE * number, spells, result.backlog.get(lane, []), hours)
    return "\n".join([*parts, "</svg>", ""])


def _caption(scenario: Scenario, result: DayResult) -> str:
    verdict = result.verdict
    return (
        f"Day {scenario.seed}: {result.events} events, {result.deliveries} deliveries, "
        f"{len(verdict.missed)} late, "
        f"{len(verdict.unavoidable)} late with a scheduler that knows everything"
    )


def _panel(
    lane: str, top: int, spells: Sequence[Spell], steps: Sequence[tuple[Micros, int]], hours: int
) -> list[str]:
    most = max((count for _, count in steps), default=1) or 1
    bottom = top + PANEL
    end = hours * HOUR

    def across(at: Micros) -> float:
        return round(LEFT + min(at, end) / end * (WIDTH - LEFT - 20), 1)

    parts = [f'<text x="{LEFT}" y="{top + 10}">{NAMES.get(lane, lane)}</text>']
    for spell in spells:
        if spell.start < end:
            kind = "outage" if spell.weather in OUTAGES else "lesser"
            width = round(across(spell.end) - across(spell.start), 1)
            parts.append(
                f'<rect class="{kind}" x="{across(spell.start)}" y="{top + 16}" width="{width}" '
                f'height="{PANEL - 16}"><title>{spell.weather}</title></rect>'
            )
    points = _outline(steps, across, bottom, most, end)
    parts.append(
        f'<polyline points="{points}" fill="none" stroke="{COLOURS.get(lane, "#333")}" stroke-width="1.5"/>'
    )
    parts.append(f'<line class="axis" x1="{LEFT}" y1="{bottom}" x2="{WIDTH - 20}" y2="{bottom}"/>')
    parts.append(f'<text class="small" x="{LEFT - 8}" y="{top + 26}" text-anchor="end">{most}</text>')
    parts.append(f'<text class="small" x="{LEFT - 8}" y="{bottom}" text-anchor="end">0</text>')
    parts += [
        f'<text class="small" x="{across(hour * HOUR)}" y="{bottom + 14}" text-anchor="middle">'
        f"{hour % 24:02d}:00</text>"
        for hour in range(0, hours + 1, 6)
    ]
    return parts


def _outline(
    steps: Sequence[tuple[Micros, int]],
    across: Callable[[Micros], float],
    bottom: int,
    most: int,
    end: Micros,
) -> str:
    """A staircase; several steps inside one pixel are drawn as one."""
    points: list[str] = []
    height, last_x = float(bottom), float(LEFT)
    points.append(f"{last_x},{height}")
    for at, count in steps:
        if at > end:
            break
        x = round(across(at), 0)
        new = round(bottom - count / most * (PANEL - 24), 1)
        if x != last_x:
            points += [f"{x:g},{height:g}"]
            last_x = x
        if new != height:
            points.append(f"{x:g},{new:g}")
        height = new
    points.append(f"{across(end):g},{height:g}")
    return " ".join(points)
