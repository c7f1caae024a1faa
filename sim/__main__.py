"""``python -m sim`` does what the command ``sim`` does."""

from sim.cli import main

main()
