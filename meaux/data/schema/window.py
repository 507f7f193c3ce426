"""Window: a range of time to read, as parameters in every encoding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from meaux.data.schema.encodings import UNITS, digits


@dataclass(frozen=True)
class Window:
    """A range of time to read: instants in epoch seconds, and the local days they bound."""

    start: int
    end: int
    start_day: date
    end_day: date

    def parameters(self) -> dict[str, str]:
        """Return the range in every encoding, as texts, which D1 binds."""
        ends = {"from": self.start, "to": self.end}
        at = {end: datetime.fromtimestamp(seconds, UTC) for end, seconds in ends.items()}
        units = [(f"{end}_{u}", u, ends[end] * UNITS[u]) for end in ends for u in UNITS]
        return {
            "start_day": str(self.start_day),
            "end_day": str(self.end_day),
            "from_number": f"{self.start_day:%Y%m%d}",
            "to_number": f"{self.end_day:%Y%m%d}",
            **{f"{end}_julian": _julian(seconds) for end, seconds in ends.items()},
            **{name: str(number) for name, _, number in units},
            **{f"{name}_text": f"{number:0{digits(unit)}}" for name, unit, number in units},
            **{f"{end}_sqlite": _shortest(at[end], " ") for end in ends},
            **{f"{end}_iso": _shortest(at[end], "T") for end in ends},
            "day_before": str((at["from"] - timedelta(days=1)).date()),
            "day_after": str((at["to"] + timedelta(days=2)).date()),
        }


def _shortest(instant: datetime, separator: str) -> str:
    """Return the shortest spelling of an instant, which sorts before all others."""
    return instant.strftime(f"%Y-%m-%d{separator}%H:%M" + (":%S" if instant.second else ""))


def _julian(instant: int) -> str:
    """Return the Julian day half a millisecond before an instant, so rounding excludes no row."""
    return repr((instant - 0.0005) / 86_400 + 2_440_587.5)
