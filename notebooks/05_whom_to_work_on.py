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
# # Whom to work on?
#
# Who could do something otherwise, what would each step move, and what would be enough to make a European force as likely as not?

# %%
from IPython.display import Markdown

import sim

baseline = sim.load("baseline")

# %% [markdown]
# ## The levers
#
# A lever is something that actors could do otherwise, in steps; the baseline declares sixteen, with what they rest on.

# %%
levers = sim.levers(baseline)
shown = levers.assign(held_by=levers["held_by"].str.join(", "))
shown.loc[
    ["us_backstop", "german_consent", "lead_pledges"], ["name", "label", "held_by"]
]

# %% [markdown]
# What a step changes, and why it is thought possible:

# %%
step = levers.loc[("us_backstop", 2)]
print(step["change"])
print(", ".join(step["claims"]))
print(step["assumption"])

# %% [markdown]
# ## What each moves, and what is enough
#
# Every step alone, under the same luck; then a search for the cheapest combinations that bring a European force to half of the runs. 200 runs a measurement keep this under a minute; the default is 2,000.

# %%
answer = sim.enough(baseline, target=0.5, runs=200, tries=4)
Markdown(answer.sentence)

# %% [markdown]
# Look which marks are filled: only for those do these runs show an effect. Red is a step that makes it less likely.

# %%
sim.plots.steps(answer.steps);

# %% [markdown]
# No single step moves the headline near a half. A hollow mark does not make a step useless: with more runs more of them fill, and some help only beside others.
#
# By who holds them, the best step of each lever, in points:

# %%
best = answer.steps.table.sort_values("difference", ascending=False)
best = best.groupby("lever", sort=False).head(1)
best = best.assign(held_by=best["held_by"].str.join(", "))
best[["difference", "low", "high"]] *= 100
columns = ["label", "held_by", "difference", "low", "high"]
best.set_index("name")[columns].head(8).round(1)

# %% [markdown]
# ## Combinations
#
# A bar is a combination of the smallest cost found, run again under luck that the search has not seen. Look whether its whisker lies above the target.

# %%
sim.plots.enough(answer);

# %% [markdown]
# Several steps are needed at once, and they belong to several capitals: no one can do it alone. Where the sentence says that the target is not reached, the bar is the best that was found. Where several combinations cost the same, what they share is what to begin with.

# %%
shared = answer.combinations["levers"].map(list).explode()
shared.value_counts().head(6).to_frame("combinations")

# %% [markdown]
# The search looked at a few of all combinations, the most promising first. A cheaper one may have been missed.

# %%
answer.levels.round(2)

# %% [markdown]
# ## Look at it as a scenario
#
# A combination is a scenario like any other, so every question can be asked of it: here, what else it changes.

# %%
changed = baseline
for lever, at in answer.combinations["levers"].iloc[0].items():
    change = levers.loc[(lever, at), "change"]
    changed = changed.change(change, name="all of them", assumption=f"lever {lever}")
together = sim.compare(baseline, changed, runs=2_000, design=(0, 0))
Markdown(together.sentence)

# %% [markdown]
# Look at what comes along with the force.

# %%
sim.plots.differences(together);

# %% [markdown]
# Look whether the gain is more ceasefires, or ceasefires that now lead to a force, and whose pledges rise beside those that the combination itself moves.
#
# ## At what price?
#
# The documents give no costs. By default a step costs 1; costs of your own go in as sums from where the scenario stands, and change the ranking.

# %%
one_each = levers["cost"].groupby(level="lever").agg(tuple).to_dict()
mine = one_each | {"us_backstop": (1.0, 3.0, 7.0, 15.0)}
sim.levers(baseline, costs=mine).loc["us_backstop", ["label", "cost"]]

# %% [markdown]
# `sim.enough(baseline, costs=mine)` then searches with these. In a terminal: `sim levers baseline --cost costs.yaml`.
#
# ## Next
#
# [06](06_many_scenarios.ipynb) puts all scenarios that are shipped side by side.
