"""Projects of the studio: their progress and activity."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from meaux.demo import clock, people
from meaux.demo.book import Book
from meaux.demo.dice import Floats, Indexes, blank, chance
from meaux.demo.scene import DAY, Month, Scene

ACTIVITY = clock.Rhythm(22)
ACTIONS = {
    "commit": "Pushed a change to the {} branch",
    "comment": "Commented on the {} card",
    "deploy": "Deployed the {} release",
    "review": "Reviewed the {} change",
    "status_change": "Moved the {} card to done",
    "upload": "Uploaded the {} mock-up",
}
SUBJECTS = ["checkout", "search", "welcome", "billing", "settings", "import", "report", "mobile"]
STAGES = ["Kick-off", "Prototype", "Content freeze", "Beta", "Launch", "First review"]


@dataclass(frozen=True)
class Project:
    """A project; `weight` is its share of the work, days count back from now."""

    id: str
    name: str
    team: str | None
    status: str
    priority: str | None
    color: str | None
    category: str | None
    weight: float
    began: int
    ended: int | None = None
    billable: int | None = 1
    rate: float | None = None
    budget: float | None = None
    progress: float | None = None
    stages: int = 5

    @property
    def slug(self) -> str:
        """The name for use in a URL."""
        return self.id.removeprefix("prj_").replace("_", "-")

    @property
    def url(self) -> str | None:
        """The URL of its site, if it has one."""
        return f"https://{self.slug}.meaux.example" if self.category != "internal" else None

    def open(self, scene: Scene, day: date) -> bool:
        """Return whether there was work on it on a day."""
        over = self.ended is not None and day >= scene.day_ago(self.ended)
        return day >= scene.day_ago(self.began) and not over


CLIENT, PLATFORM, GROWTH, LAB = (team.id for team in people.TEAMS)

PROJECTS = [
    Project("prj_cafe_etoile", "Café Étoile storefront", CLIENT, "active", "high", "#1d4ed8",
            "client", 9, 640, rate=95, budget=9_000, progress=72),
    Project("prj_pelican", "Pelican & Sons portal", CLIENT, "in-progress", "critical", "#0ea5e9",
            "client", 10, 500, rate=105, budget=4_500, progress=58),
    Project("prj_anatole", "L'Atelier d'Anatole", CLIENT, "In Progress", "medium", "#6366f1",
            "client", 6, 410, rate=90, budget=6_000, progress=41),
    Project("prj_quiet_ledger", 'The "Quiet" Ledger', CLIENT, "active", "High", "#14b8a6", "client",
            6, 365, rate=98, budget=5_500, progress=33),
    Project("prj_bolt", "<b>Bolt</b> checkout", CLIENT, "active", "medium", "#f59e0b", "client",
            5, 230, rate=88, progress=64),
    Project("prj_levee", "Levee *Watch* [beta](soon)", LAB, "active", "high", "#ef4444", "product",
            6, 540, billable=0, budget=7_000, progress=49),
    Project("prj_gumbo_graph", "Gumbo Graph", PLATFORM, "in-progress", "high", "#22c55e", "product",
            7, 600, billable=0, budget=8_000, progress=80),
    Project("prj_spillway", "Spillway API", PLATFORM, "active", "critical", "#15803d", "product",
            8, 690, billable=0, progress=90),
    Project("prj_oyster", "Oyster Inventory", CLIENT, "In Progress", "80", "#475569", "client",
            5, 190, rate=92, budget=6_500),
    Project("prj_marais", "Marais Mailer", GROWTH, "active", "medium", "#db2777", "product",
            5, 470, billable=0, budget=5_000, progress=66),
    Project("prj_lagniappe", "Lagniappe Loyalty", GROWTH, "active", "low", "#f97316", "client",
            4, 280, rate=85, budget=4_000, progress=27),
    Project("prj_zydeco", "Zydeco Radio", GROWTH, "on_hold", "low", "#a855f7", "product",
            4, 520, ended=60, billable=0, budget=3_000, progress=35),
    Project("prj_beignet_bot", "Beignet Bot 🤖", LAB, "active", "high", "#8b5cf6", "product",
            6, 260, billable=0, budget=6_000, progress=55),
    Project("prj_magnolia", "Magnolia Migration", PLATFORM, "in_progress", "medium", "#84cc16",
            "internal", 4, 140, billable=0, progress=22),
    Project("prj_praline", "Praline Payments", CLIENT, "completed", "high", "#0891b2", "client",
            6, 700, ended=120, rate=100, progress=100),
    Project("prj_etouffee", "Étouffée Express", CLIENT, "Completed", "medium", "#b45309", "client",
            5, 580, ended=210, rate=92, progress=100),
    Project("prj_cypress", "Cypress CMS", PLATFORM, "archived", "low", "#64748b", "product",
            5, 900, ended=300, billable=0, progress=85),
    Project("prj_heron", "Heron Health check", PLATFORM, "active", "medium", "#06b6d4", "internal",
            2, 430, billable=0, stages=0),
    Project("prj_sternwheel", "Sternwheel Scheduler", LAB, "archived", "low", "#94a3b8", "research",
            3, 820, ended=400, billable=0),
    Project("prj_sugar", "=SUM(Sugar) calculator", LAB, "development", "low", None, "research",
            2, 95, billable=0, progress=12, stages=2),
    Project("prj_delta_docs", "Delta Docs", None, "active", "low", "#78716c", "internal",
            2, 610, billable=None),
    Project("prj_jardin", "Jardin حديقة planner", CLIENT, "planning", "medium", "#10b981", "client",
            1, 25, rate=90, budget=2_500, stages=3),
    Project("prj_moss", "Moss Monitor", PLATFORM, "on_hold", None, "#4d7c0f", "internal",
            2, 350, ended=140, billable=0, progress=44),
    Project("prj_fleur", "Fleur de Wiki", GROWTH, "ARCHIVED", "low", "#9ca3af", None,
            2, 760, ended=260, billable=0, stages=0),
    Project("prj_nightjar", "Nightjar experiments", LAB, "active", "medium", "#334155", "research",
            3, 330, billable=0, progress=8, stages=0),
]  # fmt: skip

GONE = "prj_removed"
FOREIGN_TEAM = 0.12


def write(book: Book, scene: Scene) -> None:
    """Write the projects, their members, progress and milestones."""
    book.rows("projects", [_project(scene, project) for project in PROJECTS])
    book.rows("project_members", [row for project in PROJECTS for row in _members(scene, project)])
    book.rows(
        "project_progress", [row for project in PROJECTS for row in _progress(scene, project)]
    )
    book.rows("project_milestones", [row for p in PROJECTS for row in _milestones(scene, p)])


def write_month(book: Book, scene: Scene, month: Month) -> None:
    """Write a month of activity."""
    rng = scene.random("project_activity", month)
    moment = clock.moments(scene, month, rng, ACTIVITY)
    project = pick(scene, month, rng, len(moment))
    action = rng.choice(list(ACTIONS), len(moment), p=[0.42, 0.2, 0.1, 0.15, 0.08, 0.05]).tolist()
    subject = rng.choice(SUBJECTS, len(moment)).tolist()
    book.columns(
        "project_activity",
        project_id=[PROJECTS[p].id for p in project],
        user_id=_authors(scene, month, rng, project),
        action=action,
        description=[ACTIONS[a].format(s) for a, s in zip(action, subject, strict=True)],
        created_at=clock.iso(moment),
    )


def pick(scene: Scene, month: Month, rng: np.random.Generator, count: int) -> Indexes:
    """So many projects that were open in a month, the larger ones more often."""
    weight = open_weights(scene, month)
    return rng.choice(len(PROJECTS), count, p=weight / weight.sum())


def ids(rng: np.random.Generator, project: Indexes, *, unassigned: float) -> list[str | None]:
    """Return the identifiers of projects, some left out and a few of a project that is gone."""
    keys = np.array([project.id for project in PROJECTS], dtype=object)[project]
    keys[chance(rng, len(keys), 0.003)] = GONE
    return list(blank(keys, chance(rng, len(keys), unassigned)))


def open_weights(scene: Scene, month: Month) -> Floats:
    """Return each project's share of the work of a month; 0 for what was not open throughout it."""
    last = month.end - timedelta(1)
    return np.array(
        [p.weight * (p.open(scene, month.first) and p.open(scene, last)) for p in PROJECTS]
    )


def affinity(scene: Scene, month: Month) -> Floats:
    """Return how the hours of each person (row) spread over the projects (column) in a month."""
    own = np.array([[_close(person, p) for p in PROJECTS] for person in people.WORKERS])
    shares = own * open_weights(scene, month)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _close(person: people.Person, project: Project) -> float:
    return 1.0 if project.team in {person.team, person.second_team} else FOREIGN_TEAM


def _authors(scene: Scene, month: Month, rng: np.random.Generator, project: Indexes) -> list[str]:
    here = [p for p in people.WORKERS if p.here(scene, month.first)]
    near = np.array([[_close(person, p) * person.load for person in here] for p in PROJECTS])
    reach = np.cumsum(near / near.sum(axis=1, keepdims=True), axis=1)
    chosen = (rng.random(len(project))[:, None] > reach[project, :-1]).sum(axis=1)
    return [here[person].id for person in chosen]


def _project(scene: Scene, project: Project) -> dict[str, object]:
    touched = project.ended or PROJECTS.index(project) / 8
    return {
        "id": project.id,
        "org_id": "org_meaux",
        "team_id": project.team,
        "name": project.name,
        "slug": project.slug,
        "description": f"{project.name}: a {project.category or 'nameless'} project.",
        "status": project.status,
        "priority": project.priority,
        "color": project.color,
        "category": project.category,
        "url": project.url,
        "billable": project.billable,
        "monthly_budget_usd": project.budget,
        "hourly_rate": project.rate,
        "created_at": clock.one_text(scene.ago(project.began)),
        "updated_at": clock.one_text(scene.ago(touched)),
    }


def _members(scene: Scene, project: Project) -> list[dict[str, object]]:
    members = [p for p in people.PEOPLE if project.team in {p.team, p.second_team}]
    return [
        {
            "project_id": project.id,
            "user_id": person.id,
            "role": "lead" if number == 0 else "contributor",
            "joined_at": clock.one_text(scene.ago(min(project.began, person.joined))),
        }
        for number, person in enumerate(members or people.PEOPLE[:2])
    ]


def _progress(scene: Scene, project: Project) -> list[dict[str, object]]:
    if project.progress is None:
        return []
    finish = project.ended or 1
    ages = range(project.began, finish, -21)
    return [
        {
            "project_id": project.id,
            "progress": round(project.progress * (step / len(ages)) ** 0.8, 1),
            "recorded_at": clock.one_text(scene.ago(age)),
        }
        for step, age in enumerate([*ages[1:], finish], start=1)
    ]


def _milestones(scene: Scene, project: Project) -> list[dict[str, object]]:
    lead = next((p.id for p in people.PEOPLE if p.team == project.team), None)
    finish = project.ended or -90
    span = (project.began - finish) / max(project.stages, 1)
    return [
        {
            "project_id": project.id,
            "title": f"{STAGES[number]}: {project.name}",
            **_milestone_dates(scene, project, project.began - span * (number + 0.8)),
            "created_at": clock.one_text(scene.ago(project.began)),
            "owner_id": lead,
        }
        for number in range(project.stages)
    ]


def _milestone_dates(scene: Scene, project: Project, age: float) -> dict[str, object]:
    """Return the state of a milestone that is due so many days ago; below 0 is in the future."""
    done = age > (project.ended or 0) and project.id != "prj_pelican"
    late = 3 * DAY if project.weight % 2 else -2 * DAY
    state = "completed" if done else "planned" if age < 0 else "In Progress"
    return {
        "status": "done" if done and project.weight % 2 else state,
        "due_date": str(scene.day_ago(round(age))),
        "completed_at": clock.one_text(min(scene.present, scene.ago(age) + late)) if done else None,
    }
