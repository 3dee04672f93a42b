"""Every diagnostic: its code, its words, and how one is shown.

A diagnostic is a value. A code never changes its meaning: R0 reading a line, R1 names and units, R2 and R3 what rules mean
together, S scenario files, P what is proved, G what plans make of regulations. Words of a file stand in back-ticks and are made
printable here, once. Messages are phrases: English here, and said in other languages where somebody reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from dsl.phrase import NOTHING, Phrase, phrase
from dsl.source import Source, Span, marked, place
from dsl.units import called


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fix:
    """What would mend a text for certain: each span is replaced by its text. Spans are in order and do not overlap; one that is
    empty is a place, and a whole line is taken out where its text is None."""

    edits: tuple[tuple[Span, str | None], ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about one text. `help` says what to do, and `fix`, where it is certain, does it; `also` are other places,
    with a word for each."""

    code: str
    severity: Severity
    message: Phrase
    span: Span
    help: Phrase = NOTHING
    also: tuple[tuple[Span, Phrase], ...] = ()
    fix: Fix | None = None

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def on_line(self, line: int, shift: int = 0) -> Diagnostic:
        """The same finding with its spans moved to `line` and by `shift` columns."""

        def moved(span: Span) -> Span:
            return Span(line, span.start + shift, span.end + shift)

        fix = Fix(tuple((moved(span), text) for span, text in self.fix.edits)) if self.fix else None
        return replace(self, span=moved(self.span), fix=fix)


# code: (message, help). Words in braces come from the place that reports it.
ERRORS: dict[str, tuple[str, str]] = {
    # reading a line
    "R001": ("this line is longer than {limit} characters", "split it: one rule a line"),
    "R002": ("`{word}` is not a word that can stand here", "did you mean `{meant}`?"),
    "R003": ("the line ends too early", "expected {expected}"),
    "R004": ("`{written}` has a comma inside the number", "write `{number}`"),
    "R005": ("names stand in straight double quotes", 'write them "like this"'),
    "R006": ("this name has no closing quote", 'write names on one line, in quotes: "like this"'),
    "R007": ("`{word}` is several words written as one", "write `{apart}`"),
    "R008": ("`{missing}` is missing before `{word}`", "write `{written}`"),
    "R009": ("no line starts with `{word}`", "lines start with a word such as `plan`, `grant`, `carry`, `unused`, `use`"),
    "R010": ("`{word}` can't stand here", "expected {expected}"),
    "R011": ("names stand in quotes", 'write `"{name}"`'),
    "R012": ("`{said}` can't stand behind what is granted", "write `{every} ...`"),
    "R013": ("`:` can't stand here", "take it out: only a line about lots in hand has one"),
    "R014": ("`{said}` is {what}", "{instead}"),
    "R015": ("`{said}` is a price without the code of its currency", "{instead}"),
    "R090": ("`{word}` is not in this version of the language", "take the line out, or keep it as a comment with `#`"),
    # names and units
    "R101": ("`{unit}` is not a unit", "{meant}"),
    "R102": ("`{service}` is not a service", "{meant}"),
    "R103": ("this amount is not a whole number of {base}s", "a {base} is the smallest that can be granted or used"),
    "R104": ("this amount is larger than any plan needs", "check the unit"),
    "R105": ("no plan is called `{name}`", "{meant}"),
    "R106": ("there are two {kind}s called `{name}`", "give one of them another name"),
    "R107": ("no pack is called `{name}`", "{meant}"),
    "R108": ("`{zone}` is not a time zone", "write one of the tz database, such as Europe/Vienna or Asia/Manila"),
    "R109": ("`{unit}` is a unit of {service}, not of {wanted}", "write the amount in a unit of {wanted}"),
    "R110": ("a name can't be empty", 'write what customers call it: plan "Flex 20"'),
    "R111": ("`{date}` is not a date", "write it as year, month, day: 2026-10-01"),
    "R112": ("there is no day `{day}` in a month", "write a day from 1st to 31st"),
    "R113": (
        "`units:` says how one data unit follows from the next",
        "write `units: 1 GB = 1000 MB` or `units: 1 GB = 1024 MB`",
    ),
    "R114": ("`{number}` is too large here", "write at most {limit}"),
    "R115": ("`{number}` must be a whole number above zero", "write a number such as 1 or 12"),
    "R116": ("`{word}` is not a speed", "write one such as 128 kbps or 2 Mbps"),
    "R117": ("`{clock}` is not a time of day", "write one from 00:00 to 23:59"),
    "R118": ("`{number}%` is no part of anything", "write one from 1% to 100%"),
    "R119": ("`{number}` does not multiply", "write a number above 1, up to 1000"),
    "R120": ("no group is called `{name}`", "{meant}"),
    "R121": ("no promotion is called `{name}`", "{meant}"),
    # what rules mean together
    "R201": ("this line belongs to a plan or a pack", 'put it below a line such as plan "Prepaid 10" prepaid'),
    "R202": ("{what} can't stand in {block}", "{instead}"),
    "R203": (
        "`month` is a cycle only where cycles are months, and here they are {cycle}",
        "write `{number} cycle{s}`, or `{number} calendar month{s}` for dates",
    ),
    "R204": ("a bare amount after `{before}` says nothing", "write `cap {amount}` if it is a limit"),
    "R205": ("`{word}` has nothing before it that it could be about", "put {put} before it"),
    "R206": ("which of the services: {services}?", "write `unused {first}:` before the clauses"),
    "R207": (
        "no rate turns {service} into {target}",
        "add a line such as `rate {example}` at the top of the file or in the plan",
    ),
    "R208": ("these clauses and those of line {line} stand apart", "put them together, or name the hand: `unused data: ...`"),
    "R209": ("nothing here says how long it carries", "write `carry 1 month`, `carry 30 days` or `carry without end`"),
    "R210": ("a {kind} that grants nothing has nothing to carry", "add a line such as `grant 10 GB`"),
    "R211": ("the plan grants no amount of {service}, so `{limit}` is nothing", "write the cap as an amount"),
    "R212": ("this can't be said of {item}", "{instead}"),
    "R213": ("{what} is said twice", "keep one of the two"),
    "R214": ("`like` goes round in a circle: {circle}", "let one of these plans stand on its own"),
    "R215": ("a promotion needs to know when", "add a line such as `from 2026-10-01 until 2026-10-08`"),
    "R216": ("the promotion ends before it starts", "put the earlier date first"),
    "R217": ("`{first}` can't be turned into itself", "convert to another service"),
    "R218": ("the plan grants no {service}", "grant some, or name a service that the plan grants"),
    "R219": ("`{said}` needs cycles that are months, and here they are {cycle}", "write {instead}"),
    "R220": ("{what} is zero", "{instead}"),
    "R221": ("an example needs at least one line such as `use 6 GB -> left 4 GB`", "add one, or take the example out"),
    "R222": ("`rate` needs two services", "write one such as `rate 1 GB = 30 minutes`"),
    "R223": ("nothing says whether this plan is prepaid or postpaid", 'write `plan "{name}" prepaid` or `postpaid`'),
    "R225": ("this can never be reached: `{before}` serves all that is left", "take it out, or put it first"),
    "R226": ("one order is about one service, and `{amount}` is {service}", "write a `use` line for each service"),
    "R227": ("an amount of {service} can't cap a line about {wanted}", "write the cap in a unit of {wanted}"),
    "R228": ("a file may hold {limit} {what}", "split it into several files"),
    "R229": ("these lots are in hand twice", "put the clauses on one line, or give the first line a condition with `if`"),
    "R230": ("`{limit}` holds no block of {block}", "raise the limit to at least one block"),
    "R231": ("what is expected here is not said to be at a time", "put it behind a `use` line, or write `on 2026-03-17 ...`"),
    "R232": ("`{figure}` is known only at the end of a cycle", "write `left 5 GB carried`, or put it behind a `use` line"),
    "R233": ("no cycle follows in which this happens", "put a line such as `use 0 GB` below it, or give it a date with `on`"),
    "R234": ("more than {limit} plans are made `like` one another here", "make this plan `like` one nearer to the first"),
    "R235": (
        "`{word}` says nothing of lots that end here",
        "put it in a line such as `when the plan changes, carried data: keep`",
    ),
    "R236": (
        "sizes are counted in a group, and this plan is in none",
        'add a line such as group "Family": "S", "M", "L" at the top',
    ),
    "R238": (
        "what this line uses belongs to a cycle of the first line",
        "put it below a `use` line, or give it a date with `on`",
    ),
    "R239": ("data is given when a customer asks for it", "write `when asked, unused data: give`"),
    "R237": ("a fee for leaving early needs a contract", "add a line such as `contract 24 months`"),
    "R240": ("{what} can't have dates", "{instead}"),
    "R241": ("these dates end before they begin", "put the earlier date first; with `until` that day is not included"),
    "R242": (
        "this and another line about the same thing hold at the same time",
        "let one end where the other begins: `{instead}`",
    ),
    # limits of an action, and what is asked for
    "R260": (
        "`{limit}` needs to know over which time",
        "write one such as `at most {number} times a cycle`, `a day`, `in 10 days` or `ever`",
    ),
    # why something is expected
    "R270": ("`line {number}` is another line when a line above it comes or goes", "{instead}"),
    "R271": ("no rule holds the words `{name}`", "{meant}"),
    # claims
    "R272": ("a plan is never worse than itself", "name another plan of this file"),
    "R273": ("this is about other plans than the one it stands in", 'put it in plan "{name}"'),
    # cycles and lives
    "R280": (
        "blocks are days or weeks, and longer than a cycle",
        "write how many days cycles are counted anew after: `cycle: 30 days in blocks of 365 days`",
    ),
    "R261": (
        "this limits what is asked for, and here nobody asks",
        "write `cap 10 GB`, or put it in a line such as `when asked, unused data: convert to minutes`",
    ),
    "R262": ("a cap is about what happens at a boundary", "write a limit such as `at most 1 GB a cycle` or `keeping 1 GB`"),
    # what a use is, and what counts of it
    "R250": ("`{tag}` says what a use is; of a lot it is said with `only`", "write `only {tag}`"),
    "R251": (
        "no use is all of this at once",
        "say one of at home and abroad, by day and at night, on weekdays and on weekends",
    ),
    "R252": ("a name can't be empty", 'write what kind of use it is: `use 1 GB "video"`'),
    "R253": ("`uses` needs two services", "write one such as `1 minute uses 2 flex`, below `unit flex`"),
    "R254": (
        "`{tag}` says what a use is, and no use is asked about here",
        "ask it where something runs out: `when data runs out if {tag}: ...`",
    ),
    "R255": ("`{word}` is a service or unit already", "name the unit otherwise: `unit flex`"),
    # what regulations ask
    "R300": ("`{words}` can't be asked on this line", "{instead}"),
    "R301": (
        "a regulation can't be about this event",
        "write what must be at the end of a cycle, `when not renewed`, `when asked` or `when data runs out`",
    ),
    "R302": (
        "a regulation can't depend on this",
        "conditions here are `active`, `paid`, `opted in`, `not` before one of them, `same plan` and `renewed on time`",
    ),
    "R303": ("this regulation asks nothing of plans", "add a line such as `unused data: must carry`"),
    "R263": ("borrowing is not done by itself when this happens", "write `when asked: borrow data`"),
    "R264": (
        "the plan grants no {service}, so that nothing could be given back",
        "grant some, or write `sell` in the place of `borrow`",
    ),
    # scenario files
    # what a plan makes of a regulation
    "G001": ("`{plan}` breaks what `{regulation}` asks, `{asked}`: {why}", "what is asked stands at {place}"),
    "S001": ("this is not YAML: {problem}", "{instead}"),
    "S002": ("`{key}` stands here twice", "keep one of the two"),
    "S003": ("`{key}` is not {what}", "{meant}"),
    "S004": ("{what} should be {wanted}", "{instead}"),
    "S005": ("{problem}", "{instead}"),
    "S006": ("a scenario may hold {limit} {what}", "split it into several files"),
}

# What `rollover check --prove` proves.
PROVED: dict[str, tuple[str, str]] = {
    "P001": ("this cap cuts nothing: {why}", "lower it, or take it out"),
    "P002": ("this never acts: {why}", "take it out, or change what comes before it"),
    "P003": ("this line never acts: {why}", "put the line that asks for more above, or take it out"),
    "P004": ("no line about these lots acts where {what} is {amount}", "let one of them begin where the other one ends"),
}

WARNINGS: dict[str, tuple[str, str]] = {
    "R299": (
        "given to and fro, this never ends: each gift lives anew, and a gift may be given on",
        "leave `gift` out of the hand, or let a gift keep its own end: `give`",
    ),
    "R290": ("this plan grants nothing", "add a line such as `grant 10 GB`"),
    "R291": ("the file is empty", 'start with a line such as plan "Prepaid 10" prepaid, or run `rollover new FILE`'),
    "R292": ("no plan of this file: the packs and promotions in it can't be run", "add a plan"),
    "R293": ("this can never act: {why}", "{instead}"),
    "R298": ("no rule speaks of `{tag}`", "{meant}"),
    "R294": (
        "this moves the end on at every boundary, so that nothing here ever ends",
        "write `carry 1 month` with a cap, or extend once: `when it starts, carried data: extend 1 month` in a promotion",
    ),
    "R295": (
        "who renews early, again and again, keeps all there ever was: nothing ends it, caps it or costs anything",
        "add a `cap`, a life `from grant`, `if not renewed early`, or the `price` of a cycle",
    ),
}


_SERVICES = ("service", "wanted")  # fields that are one, where they are no phrase


def closest(word: str, known: Iterable[str]) -> str:
    """The known name that is spelled most like a word; "" where none is like it."""
    by_lower = {name.lower(): name for name in known}
    import difflib  # only a mistake needs it

    found = difflib.get_close_matches(word.lower(), by_lower, 1, 0.6)
    return by_lower[found[0]] if found else ""


def suggestion(word: str, known: Iterable[str], otherwise: Phrase) -> Phrase:
    """Help for a name that is not known: the one spelled most like it, else `otherwise`."""
    found = closest(word, known)
    return phrase("did you mean `{meant}`?", meant=found) if found else otherwise


def replacing(span: Span, by: str) -> Fix | None:
    """The fix that writes something else there; None where there is nothing to write."""
    return Fix(((span, by),)) if by else None


def naming(span: Span, word: str, known: Iterable[str]) -> Fix | None:
    """The fix that writes, in quotes, the known name that is spelled most like a word; None where none is."""
    found = closest(word, known)
    return replacing(span, f'"{found}"' if found else "")


def finding(
    code: str, span: Span, *, also: tuple[tuple[Span, Phrase], ...] = (), fix: Fix | None = None, **words: str | int
) -> Diagnostic:
    """The diagnostic of that code; every word is made printable. A word of ours is a phrase; one that is none, or a number,
    stays as it is in every language."""
    fields = {key: called(word) if key in _SERVICES and isinstance(word, str) else word for key, word in words.items()}
    severity = Severity.ERROR if code in ERRORS else Severity.WARNING
    message, advice = next(known[code] for known in (ERRORS, WARNINGS, PROVED) if code in known)
    return Diagnostic(code, severity, phrase(message, **fields), span, phrase(advice, **fields), also, fix)


def remark(
    code: str,
    span: Span,
    message: Phrase,
    help_: Phrase,
    *,
    also: tuple[tuple[Span, Phrase], ...] = (),
    fix: Fix | None = None,
) -> Diagnostic:
    """A warning of a lint, which has words of its own."""
    return Diagnostic(code, Severity.WARNING, message, span, help_, also, fix)


class Findings:
    """Collects diagnostics; one that was reported already, word for word at the same place, is dropped."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}

    def add(
        self, code: str, span: Span, *, also: tuple[tuple[Span, Phrase], ...] = (), fix: Fix | None = None, **words: str | int
    ) -> None:
        self._found[finding(code, span, also=also, fix=fix, **words)] = None

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._found.update(dict.fromkeys(diagnostics))

    def sorted(self) -> tuple[Diagnostic, ...]:
        """In the order of the text. Where a word was guessed, it is no news that the guess can't stand there."""
        guessed = {(one.span.line, one.span.start) for one in self._found if one.code == "R002"}
        kept = [one for one in self._found if one.code != "R202" or (one.span.line, one.span.start) not in guessed]
        return tuple(sorted(kept, key=lambda one: (one.span, one.code)))


Paint = Callable[[str, str], str]  # a role and a text to that text in colour
Say = Callable[[Phrase], str]
_KINDS = {Severity.ERROR: phrase("error"), Severity.WARNING: phrase("warning")}
_HELP, _COLON = phrase("help"), phrase(": ")


def plain(_role: str, text: str) -> str:
    return text


def render(diagnostic: Diagnostic, source: Source, paint: Paint = plain, say: Say = str) -> str:
    """As text for a terminal: place, code, message, the line with carets, other places with what they have to do with it, help.
    Lines end without spaces. `paint` colours a text by its role: place, error, warning, also, help; `say` puts a phrase into
    the language that is wanted."""
    kind = str(diagnostic.severity)
    head = paint(kind, f"{say(_KINDS[diagnostic.severity])} {diagnostic.code}")
    colon = say(_COLON)
    parts = [f"{paint('place', place(source, diagnostic.span))}: {head}{colon}{say(diagnostic.message)}"]
    gutter = max(len(str(span.line)) for span in (diagnostic.span, *(span for span, _ in diagnostic.also)))
    written, carets = marked(source, diagnostic.span, "^", gutter)
    if written:
        parts += [written, _painted(carets, kind, paint)]
    shown = diagnostic.span.line
    for span, words in diagnostic.also:
        written, dashes = marked(source, span, "-", gutter)
        parts += [written] if written and span.line != shown else []
        parts.append(
            _painted(f"{dashes} {say(words)}", "also", paint)
            if written
            else "  " + say(phrase("line {line}: {words}", line=span.line, words=words))
        )
        shown = span.line
    if diagnostic.help:
        parts.append(f"  {paint('help', say(_HELP))}{colon}{say(diagnostic.help)}")
    return "\n".join(parts)


def _painted(marks: str, role: str, paint: Paint) -> str:
    """A line of marks, coloured behind its margin."""
    margin, bar, rest = marks.partition("|")
    blank = len(rest) - len(rest.lstrip())
    return f"{margin}{bar}{rest[:blank]}{paint(role, rest[blank:])}"
