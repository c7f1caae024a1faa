"""A run that belongs to no batch: its inputs and its luck as a file, so that it can be played and replayed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.ensemble import atomic_files
from sim.reading.read_only import close
from sim.scenario import priors
from sim.scenario.scenario import Scenario
from sim.world import building
from sim.world.columns import Inputs, Luck, World

Quantile = Annotated[float, Field(ge=0, lt=1)]


class DrawnRun(BaseModel):
    """One run: by path the quantile at which each input is drawn, and by stream the luck of each round.

    ``hash`` is that of the scenario it was drawn for, ``event`` what it was searched for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    scenario: str
    hash: str
    event: str
    quantiles: dict[str, Quantile]
    luck: dict[str, tuple[Quantile, ...]]

    def model_post_init(self, context: Any, /) -> None:
        """Let its dicts refuse to be changed: a run that was kept is played again as it was."""
        close(self)

    def draw(self, world: World) -> tuple[Inputs, Luck]:
        """Return its inputs and luck as a block of one run."""
        uniform = np.array([[self.quantiles[path]] for path in world.names.inputs])
        values = np.zeros((1, len(world.names.inputs) + 1))
        values[:, :-1] = priors.quantiles(world.names.priors, uniform).T
        luck = np.array([self.luck[name] for name in world.names.streams])
        return Inputs(values), Luck(luck[:, :, None])

    def write(self, file: Path) -> None:
        """Write it as JSON, whole or not at all."""
        atomic_files.put(file, self.model_dump_json(indent=1) + "\n")


def read_drawn_run(file: Path, scenario: Scenario) -> DrawnRun:
    """Return a run of a file, once it fits the scenario.

    Raises
    ------
    ValueError
        If the file holds no run, or one of another scenario.
    """
    try:
        drawn = DrawnRun.model_validate(json.loads(file.read_text(encoding="utf-8")))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{file}: not JSON: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise ValueError(f"{file}: holds no run of sim could --example: {where}: {first['msg']}") from None
    if drawn.hash != scenario.hash:
        raise ValueError(
            f"{file}: this run was drawn for {drawn.scenario} {drawn.hash}, not for {scenario.name} {scenario.hash}; "
            "the scenario and its --set have to be the same"
        )
    _check_whole(file, drawn, building.build(scenario))
    return drawn


def _check_whole(file: Path, drawn: DrawnRun, world: World) -> None:
    if set(drawn.quantiles) != set(world.names.inputs) or set(drawn.luck) != set(world.names.streams):
        raise ValueError(f"{file}: its inputs or its luck are not those of the scenario, as another version wrote it")
    if any(len(each) != world.rounds for each in drawn.luck.values()):
        raise ValueError(f"{file}: its luck has to have {world.rounds} rounds")
