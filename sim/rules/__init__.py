"""The theory, one file a decision: short pure functions in plain Python, shared by both engines.

They import ``math`` and ``typing`` only, and use only arithmetic that is the same to the last bit in every interpreter.
"""
