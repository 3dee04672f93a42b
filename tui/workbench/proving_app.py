"""An app that proves what the plans on screen claim: a history that breaks a claim is shown as any other, month by month."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from dsl.source import printable
from tui.language import message
from tui.progress import Progress
from tui.saying import say
from tui.workbench.history_app import HistoryApp
from tui.workbench.page import MomentChosen

if TYPE_CHECKING:  # loaded when somebody asks
    from dsl.check import Checked
    from tui.proving import Proof

PROVED, REFUTED, OPEN = message("proved"), message("refuted"), message("open")


class ProvingApp(HistoryApp):
    """Asks the solver, and puts a history that it found where somebody can step through it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("alt+p", "prove", "Prove", show=False, id="history.prove", tooltip="Prove what the plans claim with `ensure`."),
    ]

    @work(exclusive=True, group="history")
    async def action_prove(self) -> None:
        checked = self.checked
        claims = sum(len(plan.claims) for plan in checked.plans) if checked else 0
        if checked is None or not claims:
            self.notify(say("No plan here claims anything: write `ensure data never above 30 GB` below one."))
            return
        if find_spec("z3") is None:
            self.say("Proving needs one more package: pip install 'rollover[prove]'", is_error=True)
            return
        path = self.buffer.path or Path()

        def prove(progress: Progress) -> list[Proof]:
            from dsl.examples import DEFAULT_START
            from tui.proving import proof

            every = [(plan, claim) for plan in checked.plans for claim in plan.claims]
            return [proof(path, checked, plan, claim, DEFAULT_START) for plan, claim in progress.each(every)]

        found = await self.run_aside(Progress(say("Proving what the plans claim"), claims), prove)
        if found is None:
            self.notify(say("Proving was stopped."))
            return
        from tui.workbench.pick import Pick

        chosen = await self.push_screen_wait(Pick(say("What the plans claim, for every history"), [*map(_row, found)]))
        if chosen is not None:
            self._show_proof(found[chosen], checked)

    def _show_proof(self, proof: Proof, checked: Checked) -> None:
        from dsl.same import without_places
        from tui.kept_histories import Kept

        claim, run, worst = proof.outcome.claim, proof.run, proof.worst
        if run is None or worst is None or checked is not self.checked:
            self.editor.move_cursor((claim.span.line - 1, 0), center=True)
            self.go_to_text()
            if proof.outcome.why:
                self.notify(printable(say(proof.outcome.why)))
            return
        self.look_at(Kept(without_places(run.scenario), run.scenario.name))
        self.outcome.post_message(MomentChosen(worst.at))
        self.say(
            "This breaks `{claim}`, on {day}. F6 and the pages show how; Ctrl+T makes it a test.",
            claim=_said(proof),
            day=f"{run.calendar.local(worst.at):%Y-%m-%d}",
        )


def _row(proof: Proof) -> str:
    verdict = {"PROVED": f"✓ {say(PROVED)}", "REFUTED": f"✗ {say(REFUTED)}", "UNKNOWN": f"? {say(OPEN)}"}[proof.outcome.verdict]
    return f"{verdict}: {_said(proof)} ({printable(proof.plan.name)})"


def _said(proof: Proof) -> str:
    from tui.proving import said

    return printable(said(proof))
