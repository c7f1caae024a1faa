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
# # What moves it?
#
# How much of the answer is chance, how much is what we do not know, and which numbers matter? And under which circumstances is a force likely?

# %%
from IPython.display import Markdown

import sim

baseline = sim.load("baseline")

# %% [markdown]
# ## Luck, evidence, assumption
#
# Sobol indices divide the variance of whether a European force comes about in a run. *Alone* is what would go if this were known; *with others* is what it has a part in. A base size of 256 keeps this under a minute, and the intervals wide; for figures to quote take `base=4096` and some minutes.

# %%
answer = sim.sensitivity(baseline, base=256, trajectories=16, top=8)
Markdown(answer.sentence)

# %% [markdown]
# Look at which light bars are long (it has a part) and which dark bars are short (alone it explains little).

# %%
sim.plots.variance(answer, "reasons");

# %% [markdown]
# Published figures of other cases and assumptions have a part in most of it and chance in much of it; numbers with a documented value have a smaller part. Whiskers this wide allow no finer reading. That is no flaw of the estimate: five short documents leave most numbers to the literature and to us.
#
# The same by actor, whose numbers they are. Look whose whiskers stay clear of zero.

# %%
sim.plots.variance(answer, "actor");

# %% [markdown]
# Kyiv and Moscow, whose terms decide on a ceasefire, are among the first, and so are the states that would lead or back a force. Rows marked *no actor* hold what belongs to none: rules, missions, a common mood. The order among neighbours is not settled at this base size: their whiskers overlap.
#
# ## Which assumptions?
#
# Each of the assumptions that a screening puts first, at the least and at the most that it can be, all else and all luck as they were. Look how far the two ends lie apart.

# %%
sim.plots.tornado(answer.ends);

# %% [markdown]
# No single assumption decides the headline; look which ends lie further apart than their whiskers are wide. What is drawn here is chosen by a short screening (sixteen trajectories); a longer one may order them otherwise.

# %%
ends = answer.ends.table[["low", "high", "at_low", "at_high", "difference"]]
ends.head(6).round(2)

# %% [markdown]
# ## One of them, over its range
#
# The ends do not tell the shape in between. Look whether the curve runs evenly.

# %%
values = [0.2, 0.6, 1.0, 1.4, 1.8]
points = {"actors.ukraine.memory_of_broken_deals": values}
memory = sim.sweep(baseline, points, runs=1_000)
sim.plots.sweep(memory);

# %% [markdown]
# The more Kyiv remembers of broken deals, the less it concedes; look whether the curve falls by more than its band is wide. Two numbers at once, as a map: look whether the colours change along one side only, or along both.

# %%
axes = {
    "actors.ukraine.memory_of_broken_deals": [0.2, 1.0, 1.8],
    "common.european_mood": [-0.8, 0.0, 0.8],
}
pair = sim.sweep(baseline, axes, runs=1_000)
sim.plots.sweep(pair);

# %% [markdown]
# Look whether the one matters most where the other is favourable: a mood at home is of little use where no ceasefire comes.
#
# ## Under which circumstances?
#
# PRIM looks for a box: limits on a few inputs within which a European force is likely.

# %%
ensemble = sim.run(baseline, runs=3_000, seed=1)
box = sim.when(ensemble, inputs=6)
Markdown(box.sentence)

# %% [markdown]
# Blue is the part of each input's range inside the box. Look at the figures on the right: in how many of ten resamples that side was limited again.

# %%
sim.plots.limits(box);

# %% [markdown]
# A limit that comes again in nearly all resamples is a finding, one in half of them a hint, one in few of them nothing to lean on. So few runs give hints at best; take 20,000. The box says where a force is likelier, not what brings it about.
#
# ## Next
#
# Numbers that matter are not always numbers that somebody can move. [05](05_whom_to_work_on.ipynb) asks whom to work on.
