"""The command line: ``sim run baseline`` and its neighbours; ``sim --help`` lists them.

Exit status: 0 done, 1 the thing asked for failed, 2 the input or usage is wrong, 130 interrupted.
"""

from __future__ import annotations

import gc

import typer

from sim.cli import (
    backtest,
    blockers,
    claims,
    comparing,
    conditions,
    configs,
    doubting,
    levers,
    moving,
    records,
    replaying,
    running,
    validating,
)
from sim.cli.common import Told

app = typer.Typer(
    cls=Told,
    help="How likely is it that a foreign force deploys to Ukraine after a ceasefire?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(running.run)
app.command()(comparing.compare)
app.command()(conditions.given)
app.command()(conditions.independence)
app.command()(records.record)
app.command()(records.score)
app.command()(replaying.replay)
app.command()(blockers.why)
app.command()(levers.levers)
app.command()(moving.sensitivity)
app.command()(moving.sweep)
app.command()(doubting.when)
app.command()(doubting.sure)
app.command()(configs.check)
app.command()(configs.show)
app.command()(configs.diff)
app.command()(configs.question)
app.command()(configs.schema)
app.command()(validating.validate)
app.add_typer(claims.app, name="evidence")
app.command()(backtest.backtest)


def main() -> None:
    """Run the command line and leave with its exit status."""
    gc.set_threshold(100_000, 50, 100)  # a config is many small objects that stay: looking through them is a tenth
    app(prog_name="sim")
