"""People of the studio: teams, users, memberships and sessions."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from meaux.demo import clock
from meaux.demo.book import Book
from meaux.demo.dice import Indexes, blank, chance
from meaux.demo.scene import DAY, Month, Scene

SESSIONS = clock.Rhythm(14)


@dataclass(frozen=True)
class Team:
    """A team of the studio."""

    id: str
    name: str
    slug: str
    color: str


@dataclass(frozen=True)
class Person:
    """A user; `load` is how much they work, days count back from now."""

    id: str
    name: str
    team: str
    rate: float | None
    zone: str
    country: str
    load: float
    joined: int
    role: str = "member"
    status: str = "active"
    left: int | None = None
    second_team: str | None = None
    title: str = "Developer"

    @property
    def email(self) -> str:
        """The email address, at a domain that can't exist."""
        return f"{self.id.removeprefix('usr_')}@meaux.example"

    def here(self, scene: Scene, day: date) -> bool:
        """Return whether they worked for the studio on a day."""
        gone = self.left is not None and day >= scene.day_ago(self.left)
        return day >= scene.day_ago(self.joined) and not gone


TEAMS = [
    Team("team_client", "Client studio", "client-studio", "#2563eb"),
    Team("team_platform", "Platform & data", "platform-data", "#16a34a"),
    Team("team_growth", 'Growth "loud" crew', "growth-loud-crew", "#ea580c"),
    Team("team_lab", "L'atelier d'idées", "atelier-d-idees", "#9333ea"),
]

CHICAGO, PARIS, KOLKATA, LORD_HOWE = (
    "America/Chicago",
    "Europe/Paris",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
)

PEOPLE = [
    Person(
        "usr_oona",
        "Oona Rhubarb",
        "team_client",
        75,
        CHICAGO,
        "US",
        1.0,
        900,
        "owner",
        title="Founder",
    ),
    Person(
        "usr_remy",
        "Rémy O'Roux",
        "team_client",
        62,
        CHICAGO,
        "US",
        1.15,
        820,
        "admin",
        title="Lead developer",
    ),
    Person("usr_zoe", "Zoë Tupelo", "team_client", 48, CHICAGO, "US", 1.1, 760, title="Designer"),
    Person(
        "usr_lars", "Lars Lingonberry", "team_client", 42, PARIS, "FR", 1.1, 610, status="Active"
    ),
    Person(
        "usr_priya",
        "Priya Nutmeg",
        "team_platform",
        45,
        KOLKATA,
        "IN",
        1.3,
        700,
        "admin",
        second_team="team_lab",
    ),
    Person("usr_arjun", "Arjun Cardamom", "team_platform", 38, KOLKATA, "IN", 1.2, 590),
    Person(
        "usr_clemence",
        "Clémence D'Étouffée",
        "team_platform",
        55,
        PARIS,
        "FR",
        1.1,
        880,
        title="Data engineer",
    ),
    Person(
        "usr_mei",
        "Mei Lychee",
        "team_platform",
        50,
        LORD_HOWE,
        "AU",
        0.9,
        300,
        title="Reliability engineer",
    ),
    Person(
        "usr_marisol",
        "Marisol Saguaro",
        "team_growth",
        46,
        CHICAGO,
        "US",
        1.1,
        650,
        title="Marketer",
    ),
    Person(
        "usr_felix", "Felix Chicory", "team_growth", 36, CHICAGO, "US", 0.9, 420, title="Writer"
    ),
    Person(
        "usr_bram",
        "Bram Butterbean",
        "team_growth",
        40,
        PARIS,
        "FR",
        1.0,
        620,
        status="inactive",
        left=100,
    ),
    Person(
        "usr_ottoline",
        "Ottoline <Otto> Quince",
        "team_lab",
        58,
        PARIS,
        "FR",
        1.0,
        720,
        second_team="team_growth",
        title="Research lead",
    ),
    Person("usr_dmitri", "Dmitri Dill", "team_lab", 44, CHICAGO, "US", 0.9, 150),
    Person(
        "usr_yuki",
        "Yuki Yuzu",
        "team_lab",
        None,
        LORD_HOWE,
        "AU",
        0.35,
        45,
        "guest",
        title="Trainee",
    ),
    Person(
        "usr_ignatius",
        "Ignatius Praline",
        "team_client",
        40,
        CHICAGO,
        "US",
        0.0,
        9,
        "guest",
        "invited",
    ),
]

GONE = "usr_departed"
WORKERS = [person for person in PEOPLE if person.load]


def write(book: Book, scene: Scene) -> None:
    """Write teams, users, memberships, profiles and preferences."""
    book.rows("teams", [_team(scene, team, number) for number, team in enumerate(TEAMS)])
    book.rows("users", [_user(scene, person) for person in PEOPLE])
    book.rows("team_members", [row for person in PEOPLE for row in _memberships(scene, person)])
    book.rows("user_profiles", [_profile(scene, person) for person in PEOPLE])
    book.rows("user_preferences", [row for person in PEOPLE for row in _preferences(person)])


def write_month(book: Book, scene: Scene, month: Month) -> None:
    """Write a month of sign-ins."""
    rng = scene.random("user_sessions", month)
    started = clock.moments(scene, month, rng, SESSIONS)
    load = np.array([person.load for person in WORKERS])
    person = rng.choice(len(WORKERS), len(started), p=load / load.sum())
    started, person = _while_here(scene, started, person)
    ended = started + rng.integers(120, 4 * 3_600, len(started))
    book.columns(
        "user_sessions",
        user_id=[WORKERS[p].id for p in person],
        started_at=started * 1_000
        + rng.integers(0, 1_000, len(started)) * (started < scene.present),
        ended_at=blank(ended * 1_000, (ended > scene.present) | chance(rng, len(ended), 0.02)),
        ip_country=[WORKERS[p].country for p in person],
    )


def _while_here(
    scene: Scene, started: clock.Seconds, person: Indexes
) -> tuple[clock.Seconds, Indexes]:
    joined = np.array([scene.ago(p.joined) for p in WORKERS])
    left = np.array([scene.ago(p.left or 0) for p in WORKERS])
    here = (started > joined[person]) & (started <= left[person])
    return started[here], person[here]


def _team(scene: Scene, team: Team, number: int) -> dict[str, object]:
    founded = clock.one_text(scene.ago(880 - 70 * number))
    return {**vars(team), "created_at": founded}


def _user(scene: Scene, person: Person) -> dict[str, object]:
    seen = scene.ago(person.left or 0.04 * PEOPLE.index(person))
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "status": person.status,
        "hourly_rate": person.rate,
        "created_at": clock.one_iso(scene.ago(person.joined)),
        "last_seen_at": clock.one_iso(seen) if person.load else None,
    }


def _memberships(scene: Scene, person: Person) -> list[dict[str, object]]:
    left = None if person.left is None else clock.one_text(scene.ago(person.left))
    role = "lead" if person.role in {"owner", "admin"} else "member"
    return [
        {
            "team_id": team,
            "user_id": person.id,
            "role": role,
            "joined_at": clock.one_text(scene.ago(person.joined)),
            "left_at": left,
        }
        for team in (person.team, person.second_team)
        if team
    ]


def _profile(scene: Scene, person: Person) -> dict[str, object]:
    return {
        "user_id": person.id,
        "title": person.title,
        "bio": None if person.role == "guest" else f"{person.title}, likes *plain* words & $5 tea.",
        "country": person.country,
        "time_zone": person.zone,
        "updated_at": scene.present - person.joined * DAY // 2,
    }


def _preferences(person: Person) -> list[dict[str, object]]:
    settings = {
        "theme": "dark" if person.zone == KOLKATA else "light",
        "time_zone": person.zone,
        "weekly_digest": str(person.role != "guest").lower(),
    }
    return [{"user_id": person.id, "key": key, "value": value} for key, value in settings.items()]
