"""Puts configs and evidence, which stand beside the package in a checkout, inside an installed one."""

from pathlib import Path
from shutil import copytree

from setuptools import setup
from setuptools.command.build_py import build_py

DATA = ("configs", "seeds")


class WithData(build_py):
    """Copies what ``sim.reading.shipped`` looks for; an editable install reads it in the checkout."""

    def run(self) -> None:
        """Build as usual, then copy."""
        super().run()
        for folder in () if self.editable_mode else DATA:
            copytree(folder, Path(self.build_lib, "sim", "_data", folder), dirs_exist_ok=True)


setup(cmdclass={"build_py": WithData})
