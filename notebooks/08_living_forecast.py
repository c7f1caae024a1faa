# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: -all
#     notebook_metadata_filter: kernelspec,-jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A living forecast
#
# How does the forecast move on what is seen, what is learnt from it, and what should one look for next? The observations here are **invented**: nothing after 3 March 2025 is used in this project.

# %%
import tempfile
from pathlib import Path

from IPython.display import Markdown

import sim

seen = Path(tempfile.mkdtemp()) / "seen.yaml"

# %% [markdown]
# ## What was seen
#
# A file, a line an observation: when, what, and how reliable the report is. [All that can be observed](../docs/how-to/update.md).

# %%
lines = """
- {week: 2025-03-10, actor: uk, stage: at least open, reliability: 90%, source: invented}
- {from: 2025-03-03, to: 2025-04-14, ceasefire: none, source: invented}
- {week: 2025-04-21, rung: at most logistics, reliability: 70%, source: invented}
- {week: 2025-05-12, actor: germany, stage: at least open, source: invented}
"""
seen.write_text(lines.strip() + "\n")
Markdown(f"```yaml\n{seen.read_text()}```")

# %% [markdown]
# ## The forecast moves
#
# A run weighs as much as the reports are likely in it. Each row says how likely the report was after those before it, and how many runs still count.

# %%
update = sim.living_forecast("baseline", seen, of="deployed", runs=4_000)
update.table[
    ["week", "observation", "predicted", "probability", "low", "high", "effective"]
]

# %%
sim.plots.living(update);

# %% [markdown]
# ## What was learnt
#
# Inputs whose distribution moved most; those below `noise` may have moved by chance.

# %%
update.inputs.head(8)

# %% [markdown]
# Left out one by one, what does each observation move? And is the model still to be believed? `surprise` is how often a world like the model's shows reports as unlikely as these.

# %%
display(update.left_out)
f"{update.surprise:.0%}"

# %% [markdown]
# ## What to watch
#
# Of all that may be reported in eight weeks: how likely it is, and what the forecast would be then.

# %%
watch = sim.watch("baseline", seen, of="deployed", weeks=8, runs=4_000)
sim.plots.indicators(watch);

# %%
watch.table.head(5)

# %% [markdown]
# A report that is nearly certain, or nearly impossible, tells little however far it would move the forecast. On the command line: `sim observe`, `sim update`, `sim watch`.
