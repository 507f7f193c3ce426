"""Directory: which words mean the same project or team, and which team owns a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from meaux.query import queries
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.needs import asking
from meaux.subjects.alerts.rules import Finding


@dataclass(frozen=True)
class Directory:
    """Which project belongs to which team, by all their IDs and names in lower case."""

    teams_of: Mapping[str, frozenset[str]]
    same: Mapping[str, frozenset[str]]
    """All words for a project or team, by each of them."""

    @classmethod
    def of(cls, named: Iterable[tuple[str, str]], owned: Iterable[tuple[str, str]]) -> Directory:
        """Make it of (ID, name) of projects and teams, and of (project ID, team ID)."""
        same: dict[str, frozenset[str]] = {}
        for pair in named:
            words = frozenset(word.casefold() for word in pair if word)
            for word in words:
                same[word] = same.get(word, frozenset()) | words
        teams: dict[str, frozenset[str]] = {}
        for project, team in owned:
            for word in same.get(project.casefold(), {project.casefold()}):
                found = same.get(team.casefold(), frozenset({team.casefold()}))
                teams[word] = teams.get(word, frozenset()) | found
        return cls(teams, same)

    def projects(self, finding: Finding) -> set[str]:
        """Return every word for the projects of a finding."""
        return self._all(finding.projects)

    def teams(self, finding: Finding) -> set[str]:
        """Return every word for the teams of a finding, and for those of its projects."""
        owners = (self.teams_of.get(word, ()) for word in self.projects(finding))
        return self._all(finding.teams).union(*owners)

    def _all(self, words: Iterable[str]) -> set[str]:
        folded = [word.casefold() for word in words]
        return set(folded).union(*(self.same.get(word, ()) for word in folded))


NOBODY = Directory({}, {})


def _whole(selection: Selection) -> Selection:
    return selection.unnarrowed


def directory(
    projects: Annotated[Answer, asking(queries.named_projects, _whole)],
    teams: Annotated[Answer, asking(queries.team_choices, _whole)],
) -> Directory:
    """Read the directory from the database; it is empty if the database lacks the tables."""
    frame = projects.frame.fillna("")
    named = [*zip(frame["project"], frame["name"], strict=True)]
    named += zip(teams.frame["id"], teams.frame["name"], strict=True)
    return Directory.of(named, zip(frame["project"], frame["team"], strict=True))
