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
# # Why not?
#
# Most runs of the baseline end without a European force. What was missing, what would have been enough, and what did such a year look like?

# %%
from IPython.display import Markdown

import sim

baseline = sim.load("baseline")
ensemble = sim.run(baseline, runs=5_000, seed=1)

# %% [markdown]
# ## What was missing at the end?
#
# Of the runs then without a force, the share that lacked each requirement at the horizon. Several may be missing at once, so the shares do not add up to one.

# %%
ensemble.missing().round(2).to_frame()

# %% [markdown]
# That something was missing does not mean that it would have been enough. So every run without a force is played again, with the same inputs and the same luck, some requirements held open from week 0; what is told are the smallest sets that let the force form. 400 runs and sets of two are enough for the large shares; the default looks at sets of three.

# %%
answer = sim.why(sim.run(baseline, runs=400, seed=1), most=2)
Markdown(answer.sentence)

# %% [markdown]
# ## What would have been enough?
#
# Dark bars are single requirements, light ones sets of two, of which neither is enough. Look how much can be had with one alone, and at the grey bar below.

# %%
sim.plots.blockers(answer);

# %% [markdown]
# A ceasefire alone would have been enough in some of the runs, anything else alone in hardly any; beside it stand pairs of truce, backstop and troops. For many of the runs no two were enough: whoever works on one thing there works in vain.
#
# By requirement: `share` has it in some set, `alone` is enough by itself, `always` cannot do without it in any set found.

# %%
gates = answer.gates.sort_values("share", ascending=False)
gates[["share", "low", "high", "alone", "always"]].round(2)

# %% [markdown]
# Which go together? Look for the darkest square off the diagonal.

# %%
sim.plots.together(answer);

# %% [markdown]
# Each of the three held open alone mostly leaves the others still to be had: a demand for a backstop is a condition, and so are the truce and enough troops.
#
# ## Who holds it?
#
# From the config: who has a part in a requirement; and in what share of the runs where it mattered a contributor was still waiting at the horizon.

# %%
holders = answer.holders.dropna(subset="waiting")
holders.sort_values("waiting", ascending=False).head(8).round(2)

# %% [markdown]
# Unlike in a fault tree, more is not always enough here, since a guarantee also provokes Moscow. How often did a larger set fail where one within it was enough?

# %%
answer.supersets.sort_values("fails", ascending=False).head(4)

# %% [markdown]
# ## If conditions were independent?
#
# Whoever gives each condition a probability and multiplies them gets the hatched bar. Look at how it compares with the last one, in which all are met at once in the model.

# %%
ensemble.plot.independence();

# %% [markdown]
# Conditions hang together: where one is met, others come more easily. Where the product lies below the last bar by more than the whiskers, the gap is not run noise.
#
# ## What did such a year look like?
#
# Shares tell no story. The most typical run without a ceasefire, as one figure: look at where it gets stuck.

# %%
typical = sim.typical(ensemble, "no_ceasefire")
display(Markdown(typical.sentence))
story = sim.replay(baseline, seed=1, run=typical.first)
sim.plots.story(story);

# %% [markdown]
# It is one run, not a forecast. No truce is in force, so nobody's pledge is put to the test, however many stand.
#
# And the most surprising run: its outcome was the least likely, given its inputs. Look for the moment at which it turned.

# %%
surprising = sim.surprising(ensemble)
display(Markdown(surprising.sentence))
story = sim.replay(baseline, seed=1, run=surprising.first)
sim.plots.story(story);

# %% [markdown]
# Such a run shows what luck can do, and where the model allows more than one would expect. `sim replay baseline --run K` in a terminal tells it in words.
#
# ## Next
#
# Requirements held open are a way to ask what was missing, not a policy. [05](05_whom_to_work_on.ipynb) asks what somebody could do.
