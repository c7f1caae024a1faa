"""Read or change the theory: one file a decision, short pure functions in plain Python that both engines call.

They import ``math`` and ``typing`` only, and use only arithmetic that is the same to the last bit in every interpreter
and on every processor; their exponential and logarithm are in :mod:`sim.rules.elementary`.
"""
