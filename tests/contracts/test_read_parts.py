"""What is read from a file cannot be changed afterwards, and holds no key that nobody knows."""

from importlib import import_module
from pathlib import Path

import pytest
from pydantic import BaseModel

ROOT = Path(__file__).resolve().parents[2]
OTHERS_KEYS = {"Outcome"}
"""Of what came about a coded case may say more than is read here."""


def modules() -> list[str]:
    files = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "sim").rglob("*.py")]
    return sorted(".".join(file.parts) for file in files if "ConfigDict(" in (ROOT / f"{file}.py").read_text("utf-8"))


def kinds(kind: type[BaseModel] = BaseModel) -> list[type[BaseModel]]:
    below = [each for each in kind.__subclasses__() if each.__module__.startswith("sim.")]
    return below + [each for one in below for each in kinds(one)]


@pytest.mark.parametrize("module", modules())
def test_a_part_is_frozen_and_strict(module: str) -> None:
    import_module(module)
    own = [kind for kind in kinds() if kind.__module__ == module]
    assert own
    for kind in own:
        config = kind.model_config
        assert config.get("frozen") is True, kind
        assert config.get("extra") == ("ignore" if kind.__name__ in OTHERS_KEYS else "forbid"), kind
