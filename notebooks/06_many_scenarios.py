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
# # Many scenarios side by side
#
# Which of the what-ifs change the answer, and how? All scenarios that are shipped, under the same luck.

# %%
import pandas as pd

import sim

names = sim.names()
scenarios = {name: sim.load(name) for name in names}
questions = {name: scenario.question for name, scenario in scenarios.items()}
pd.Series(questions, name="question").to_frame().style

# %% [markdown]
# ## The headlines
#
# Run k has the same luck in every scenario, and the same quantile of every input that two of them share.

# %%
runs = {name: sim.run(each, runs=1_000, seed=1) for name, each in scenarios.items()}
shares = pd.DataFrame(
    {name: ensemble.share("european") for name, ensemble in runs.items()}
)
shares = shares.T.set_axis(["hits", "of", "low", "high"], axis="columns").eval(
    "european = hits / of"
)
shares[["european", "low", "high"]].sort_values("european", ascending=False).round(3)

# %% [markdown]
# The intervals are each scenario's own run noise. Whether two scenarios differ is known better than they suggest, since luck is shared.
#
# ## Against the baseline
#
# `sim.comparisons` compares each with the first, run by run. `design=(0, 0)` leaves out the nested design that says in how many input sets a sign holds; a comparison for a report should have it.

# %%
comparisons = sim.comparisons(list(scenarios.values()), runs=1_000, design=(0, 0))
rows = {
    name: each.differences.table.loc["european"]
    for name, each in zip(names[1:], comparisons)
}
table = 100 * pd.DataFrame(rows).T[["difference", "low", "high"]].astype(float)
table = table.sort_values("difference", ascending=False)
table.round(1)

# %% [markdown]
# Where `low` and `high` lie on both sides of 0, these runs show no difference.

# %%
shown = table[(table["low"] > 0) | (table["high"] < 0)]
print("more likely:", ", ".join(shown.index[shown["difference"] > 0]))
print("less likely:", ", ".join(shown.index[shown["difference"] < 0]))

# %% [markdown]
# ## What kind of end
#
# The same for outcomes: a row a scenario, in percent of its runs, darker where there are more. Look down a column for what a scenario takes away or brings.

# %%
ends = pd.DataFrame({name: ensemble.outcomes() for name, ensemble in runs.items()}).T
ends = 100 * ends.div(ends.sum(axis="columns"), axis="index")
ends.columns = ends.columns.str.replace("_", " ")
ends.style.format("{:.0f}").background_gradient(
    cmap="Greys", axis=None, vmin=0, vmax=100
)

# %% [markdown]
# Scenarios that put one mission on the table move runs from one kind of force to another, or to none; those that change what actors offer or want move them between *no ceasefire*, *ceasefire without force* and *reassurance*.
#
# ## Distributions
#
# How large a force is, where one deploys: one call for several scenarios. Heights are shares of all runs, so a scenario with few forces stays low. Look at where the mass lies, and how wide.

# %%
chosen = [runs[name] for name in ("baseline", "us_article5", "un_mandate")]
sim.plots.distribution(chosen, "troops");

# %% [markdown]
# The same as rows, split by mission: shapes alone. Look at the black lines, the medians.

# %%
sim.plots.distribution(chosen, "troops", by="mission", kind="ridgeline");

# %% [markdown]
# By when a force is there. The bands are 95% run noise of a whole curve, for a thousand runs.

# %%
sim.plots.distribution(chosen, "weeks", kind="ecdf");

# %% [markdown]
# And all of them as small multiples, the baseline behind each in grey. Look for bars that leave it.

# %%
sim.plots.multiples(list(runs.values()));

# %% [markdown]
# Every plot is matplotlib's own: it takes `ax=`, `title=`, `labels=`, `color=` and `palette=`, keeps your style, and returns its axes, whose figure is saved as any other. Here two go into one figure, and into files for slides and for mail.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

figure, (left, right) = plt.subplots(1, 2, figsize=(13, 5), layout="constrained")
runs["baseline"].plot.outcomes(ax=left, title="As configured")
runs["us_article5"].plot.outcomes(ax=right, title="With an American assurance")
folder = Path(tempfile.mkdtemp())
figure.savefig(folder / "briefing.svg")
figure.savefig(folder / "briefing.png", dpi=200)
sorted(file.name for file in folder.iterdir())

# %% [markdown]
# ## One of them in full
#
# Take the one that adds most. Look at what moves beside the headline.

# %%
most = comparisons[names[1:].index(table.index[0])]
sim.plots.differences(most.differences);

# %% [markdown]
# It moves more than the headline: ceasefires, how they end, and the pledges of some states too. And where its runs go? Look at the row of runs without a ceasefire, and at the one with a ceasefire and no force.

# %%
sim.plots.flows(most.flows);

# %% [markdown]
# Numbers off the frame are runs that end otherwise. A row that stays dark in its frame is one on which the scenario has no grip.
#
# ## Scenarios of one's own, many at once
#
# Scenarios can also be made by the dozen: two numbers, each value of the one with each of the other.

# %%
axes = {
    "actors.us.backstop.offers.at_least": ["none", "air_cover", "assurance"],
    "common.european_mood": [-0.8, 0.0, 0.8],
}
grid = sim.sweep(scenarios["baseline"], axes, runs=1_000)
grid.table.drop(columns="runs").round(3)

# %% [markdown]
# The same as a map. Look whether rows or columns differ more.

# %%
words = dict(zip(axes, ["least that Washington offers", "mood in Europe"]))
sim.plots.heatmap(grid, labels=words);

# %% [markdown]
# Where the colours change along both sides, neither number replaces the other.
#
# ## Sliders
#
# To look around by hand: sliders beside the forecast, which is run anew when one is moved. Grey is as configured, blue is now.

# %%
sim.play(scenarios["baseline"], list(axes), runs=500)

# %% [markdown]
# ## Next
#
# [07](07_add_your_own.ipynb) adds what none of the shipped scenarios has.
