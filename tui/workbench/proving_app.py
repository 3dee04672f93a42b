"""An app that proves what the plans on screen claim: a history that breaks a claim is shown as any other, month by month."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, assert_never

from textual import work
from textual.binding import Binding, BindingType

from dsl.source import printable
from tui import solver
from tui.progress import Progress
from tui.saying import say
from tui.workbench.history_app import HistoryApp
from tui.workbench.page import MomentChosen

if TYPE_CHECKING:  # loaded when somebody asks
    from dsl.check import Checked
    from tui.proving import Proof

SOLVER = ("engine.prove.claims", "prove")  # called in a process of its own


class ProvingApp(HistoryApp):
    """Asks the solver, and puts a history that it found where somebody can step through it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("alt+p", "prove", "Prove", show=False, id="history.prove", tooltip="Prove what the plans claim with `ensure`."),
    ]

    @work(exclusive=True, group="prove")
    async def action_prove(self) -> None:
        checked = self.checked
        if checked is None or self._can_not_prove(checked):
            return
        path = self.buffer.path or Path()

        def prove(progress: Progress) -> list[Proof]:
            from dsl.examples import DEFAULT_START
            from tui.apart import Apart
            from tui.proving import proof

            every = [(plan, claim) for plan in checked.plans for claim in plan.claims]
            with Apart(*SOLVER, lambda: progress.step(0)) as solving:
                return [proof(path, checked, plan, claim, DEFAULT_START, prove=solving) for plan, claim in progress.each(every)]

        found = await self.run_aside(Progress(say("Proving what the plans claim")), prove)
        if found is None:
            self.say("Proving was stopped.")
        elif checked is not self.checked:
            self.say("The text is another one now; Alt+P proves what it claims.")
        else:
            from tui.workbench.pick import Pick

            title = say("What the plans claim, whatever is used")
            chosen = await self.push_screen_wait(Pick(title, [*map(_row, found)]))
            if chosen is not None:
                self._show_proof(found[chosen])

    def _can_not_prove(self, checked: Checked) -> bool:
        """Whether there is nothing to prove, or nothing to prove it with; says so."""
        if self._is_scenario:
            self.say("Claims stand in the plan: open it, and Alt+P proves what it claims.")
        elif checked.has_errors:
            self.say("Mend the mistakes first, F8 goes to the next one: what a plan claims is proved of the whole of it.")
        elif checked.regulations and not checked.plans:
            self.say("A regulation claims nothing: `rollover check --against` says what plans make of it.")
        elif not any(plan.claims for plan in checked.plans):
            self.say("No plan here claims anything: write `ensure data never above 30 GB` below one.")
        elif not solver.is_there():
            self.say("Proving needs one more package: pip install 'rollover[prove]'", is_error=True)
        else:
            return False
        return True

    def _show_proof(self, proof: Proof) -> None:
        from dsl.phrase import every
        from dsl.same import without_places
        from engine.prove.verdict import Verdict
        from tui import claims
        from tui.kept_histories import Kept
        from tui.proving import said

        claim, run = proof.outcome.claim, proof.run
        self.editor.move_cursor((claim.span.line - 1, 0), center=True)
        if run is not None and proof.worst is not None:
            name = say("breaks: {claim}", claim=claims.said(claim, proof.plan.data_step))
            self.look_at(Kept(replace(without_places(run.scenario), name=name), name))
            self.outcome.post_message(MomentChosen(proof.worst.at))
            told, day = said(proof), f"{run.calendar.local(proof.worst.at):%Y-%m-%d}"
            if proof.outcome.is_shortest:
                self.say(
                    "This breaks `{claim}`, on {day}. F6 and the pages show how; Ctrl+T makes it a test.", claim=told, day=day
                )
            else:
                self.say(
                    "This breaks `{claim}`, on {day}; whether a history of fewer cycles, more than {looked}, does is not known."
                    " F6 and the pages show how; Ctrl+T makes it a test.",
                    claim=told, day=day, looked=str(proof.outcome.looked),
                )  # fmt: skip
            return
        self.go_to_text()
        if proof.outcome.verdict is Verdict.UNKNOWN:
            self.say("This is open: {why}", why=say(proof.outcome.why))
        else:
            self.say("This holds, whatever is used. Not looked at: {left_out}", left_out=say(every(proof.left_out)))


def _row(proof: Proof) -> str:
    from engine.prove.verdict import Verdict
    from tui.proving import said

    claim, plan = printable(said(proof)), printable(proof.plan.name)
    match proof.outcome.verdict:
        case Verdict.PROVED:
            return say("✓ proved: {claim} ({plan})", claim=claim, plan=plan)
        case Verdict.REFUTED:
            return say("✗ refuted: {claim} ({plan})", claim=claim, plan=plan)
        case Verdict.UNKNOWN:
            return say("? open: {claim} ({plan})", claim=claim, plan=plan)
        case _:
            assert_never(proof.outcome.verdict)
