"""Messages: what is told of findings, as plain text, Markdown and HTML.

Sentences may contain text from the database. It can't break out of its line, format anything,
link anywhere or mention anybody.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from meaux.data.notifying import SEVERITIES, Severity
from meaux.data.state import Delivery, Held
from meaux.wording import counted, enumerated, whole

Format = Literal["text", "markdown", "html"]

LISTED = 20
"""How many findings a message lists; it counts the others."""
LONGEST = 500
"""Characters of a sentence that are shown."""
MAYBE = "May have been sent before."
HEADINGS = {
    "opened": "New",
    "worse": "Worse",
    "repeated": "Still open",
    "resolved": "Resolved",
}

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]+")
_MENTION = re.compile(r"<(?=[!@#])|(?<![\w.+-])@(?=\w)|(?<=\s)@(?=\w)")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~<>-])")
_LINK = re.compile(r"(?i)\b(https?|ftp|javascript|data|file)(:)")
GAP = "\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True)
class Sent:
    """What came of a message: `error` is empty if it arrived.

    `maybe`: whether it may have arrived although there was an error.
    """

    error: str = ""
    maybe: bool = False


@dataclass(frozen=True)
class File:
    """A file that goes with a message; a `picture` is shown in its HTML."""

    name: str
    content: bytes
    kind: str
    picture: bool = False


class Told(Protocol):
    """What can be sent: a title, a severity, a body in each format, and files."""

    @property
    def title(self) -> str:
        """The title, in one line."""
        ...

    @property
    def severity(self) -> Severity:
        """How severe it is."""
        ...

    def body(self, into: Format) -> str:
        """Return the text below the title."""
        ...

    def files(self, into: Format) -> Sequence[File]:
        """Return the files that go with it."""
        ...


@dataclass(frozen=True)
class Message:
    """A title and the findings that it tells of; `url` is the dashboard's address, or empty."""

    title: str
    severity: Severity
    told: tuple[tuple[Delivery, Held], ...]
    url: str = ""

    def body(self, into: Format) -> str:
        """Return the text below the title."""
        parts = list(self._parts(_WRITERS[into]))
        return _WRITERS[into].whole(parts)

    def files(self, _into: Format) -> Sequence[File]:
        """Return no files."""
        return ()

    def _parts(self, write: Writer) -> Iterator[str]:
        if any(delivery.maybe for delivery, _ in self.told):
            yield write.line(MAYBE)
        shown = self.told[:LISTED]
        for kind, heading in HEADINGS.items():
            of_kind = [held for delivery, held in shown if delivery.kind == kind]
            if of_kind:
                yield write.heading(heading)
                for held in of_kind:
                    yield write.item(held, is_over=kind == "resolved", url=self._page(held))
        rest = len(self.told) - len(shown)
        if rest:
            yield write.line(f"And {counted(rest, 'more alert')}.")
        if self.url:
            yield write.link("Open the dashboard", self.url)

    def _page(self, held: Held) -> str:
        return f"{self.url}/{held.page}" if self.url and held.page else ""


def message(told: Sequence[tuple[Delivery, Held]], url: str) -> Message:
    """Put what is due into one message, the most severe first."""
    kinds = list(HEADINGS)
    ordered = sorted(
        told,
        key=lambda one: (
            kinds.index(one[0].kind) == len(kinds) - 1,
            SEVERITIES.index(one[1].severity),
            kinds.index(one[0].kind),
            one[1].id,
        ),
    )
    lasting = [held for delivery, held in ordered if delivery.kind != "resolved"]
    severity: Severity = lasting[0].severity if lasting else "Info"
    return Message(_title(ordered), severity, tuple(ordered), url.rstrip("/"))


def _title(told: Sequence[tuple[Delivery, Held]]) -> str:
    ended = sum(delivery.kind == "resolved" for delivery, _ in told)
    lasting = [held for delivery, held in told if delivery.kind != "resolved"]
    if len(told) == 1:
        [(delivery, held)] = told
        word = "Resolved" if delivery.kind == "resolved" else held.severity
        return f"{word}: {harmless(held.rule)}"
    parts = [
        f"{number} {severity.lower()}"
        for severity in SEVERITIES
        if (number := sum(held.severity == severity for held in lasting))
    ]
    if ended:
        parts.append(f"{ended} resolved")
    return f"{counted(len(told), 'alert')}: {enumerated(parts)}"


def harmless(text: str) -> str:
    """Return a text in one line that mentions nobody, and is no link by itself."""
    line = " ".join(_CONTROL.sub(" ", whole(text)).split())
    if len(line) > LONGEST:
        line = f"{line[:LONGEST]}…"
    line = _LINK.sub(rf"\1{GAP}\2", line)
    return _MENTION.sub(lambda found: f"{found[0]}{GAP}", line)


class Writer:
    """Writes plain text; other formats differ in how they escape and join."""

    def escaped(self, text: str) -> str:
        """Return a text that means only itself."""
        return harmless(text)

    def heading(self, words: str) -> str:
        """Write a heading of ours."""
        return words

    def line(self, words: str) -> str:
        """Write a line of ours."""
        return words

    def strong(self, words: str) -> str:
        """Write a word of ours with emphasis."""
        return words

    def link(self, words: str, url: str) -> str:
        """Write a link to the dashboard."""
        return f"{words}: {url}"

    def item(self, held: Held, *, is_over: bool, url: str) -> str:
        """Write a finding: its severity, its sentence, what to do, and the link."""
        word = "Resolved" if is_over else held.severity
        parts = [f"{self.strong(f'{word}:')} {self.escaped(held.sentence)}"]
        if not is_over:
            parts += [self.escaped(held.advice)] if held.advice else []
            parts += [self.link("Details", url)] if url else []
        return self.joined(parts)

    def joined(self, parts: Iterable[str]) -> str:
        """Join the parts of a finding."""
        return "\n".join(parts)

    def whole(self, parts: Iterable[str]) -> str:
        """Join all parts of a message."""
        return "\n\n".join(parts)


class Markdown(Writer):
    """Writes Markdown."""

    def escaped(self, text: str) -> str:
        """Escape every sign that Markdown may read."""
        return _MARKDOWN.sub(r"\\\1", harmless(text))

    def heading(self, words: str) -> str:
        """Write a heading of ours."""
        return f"**{words}**"

    def strong(self, words: str) -> str:
        """Write a word of ours with emphasis."""
        return f"**{words}**"

    def link(self, words: str, url: str) -> str:
        """Write a link to the dashboard."""
        return f"[{words}]({url})"


class Html(Writer):
    """Writes HTML."""

    def escaped(self, text: str) -> str:
        """Escape what HTML reads."""
        return html.escape(harmless(text))

    def heading(self, words: str) -> str:
        """Write a heading of ours."""
        return f"<h3>{words}</h3>"

    def line(self, words: str) -> str:
        """Write a line of ours."""
        return f"<p>{words}</p>"

    def strong(self, words: str) -> str:
        """Write a word of ours with emphasis."""
        return f"<strong>{words}</strong>"

    def link(self, words: str, url: str) -> str:
        """Write a link to the dashboard."""
        return f'<a href="{html.escape(url)}">{words}</a>'

    def joined(self, parts: Iterable[str]) -> str:
        """Join the parts of a finding."""
        return f"<p>{'<br>'.join(parts)}</p>"

    def whole(self, parts: Iterable[str]) -> str:
        """Join all parts of a message."""
        return "\n".join(parts)


_WRITERS: dict[Format, Writer] = {"text": Writer(), "markdown": Markdown(), "html": Html()}


def lines(text: str, into: Format) -> str:
    """Return a text of several lines that formats nothing and mentions nobody."""
    escaped = [_WRITERS[into].escaped(line) for line in text.splitlines()]
    return "<br>\n".join(escaped) if into == "html" else "\n".join(escaped)
