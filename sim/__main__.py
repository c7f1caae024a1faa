"""``python -m sim`` does what the command ``sim`` does."""

import sys

# Python looks in the current folder first, where a user's random.py would stand in for what libraries import.
if __name__ == "__main__" and not sys.flags.safe_path:
    sys.path.append(sys.path.pop(0))

from sim.cli import main

main()
