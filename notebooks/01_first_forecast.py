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
# # A first forecast
#
# How likely is it that a foreign force deploys to Ukraine after a ceasefire: of what kind, when, how large, with whom, and how sure is that?
#
# The model plays the negotiation week by week, from 3 March 2025 to the horizon, many times over. Each run draws every number that we do not know from its range, and lets chance decide what could go either way. A probability is the share of runs in which something came about. It rests on five documents and on assumptions that are marked as such; it knows nothing later than they do.

# %%
import pandas as pd
from IPython.display import Markdown

import sim

# %% [markdown]
# ## Load and run
#
# A scenario is a set of YAML files; `baseline` holds what the documents say.

# %%
baseline = sim.load("baseline")
baseline

# %% [markdown]
# 5,000 runs are enough to look around, and fast; `sim.run(baseline)` does 20,000. The same seed always gives the same runs.

# %%
ensemble = sim.run(baseline, runs=5_000, seed=1)

# %% [markdown]
# A nested design tells how far the probability moves over the inputs that one could defend: 400 draws of the inputs, 25 runs each. `sim run` in a terminal adds it from 2,000 runs on.

# %%
ensemble.inputs_range = sim.nested(baseline, draws=400, luck=25)
ensemble

# %% [markdown]
# The sentence rounds the headline on purpose, to five points between 10% and 90% and to one point outside: the model is not more exact than that. The intervals in the table are **run noise** alone, how far a share would move with other luck. That something did not happen in 5,000 runs does not make it impossible.
#
# ## By when?

# %%
weeks = {"3 months": 13, "6 months": 26, "12 months": 52}
shares = {
    (event, within): ensemble.share(event, by_week=week)
    for event in ("ceasefire", "deployed", "european")
    for within, week in weeks.items()
}
table = pd.DataFrame(shares, index=["hits", "of", "low", "high"]).T.eval(
    "share = hits / of"
)
table[["share", "low", "high"]].round(3)

# %% [markdown]
# The same as lines over time, each the share of runs in which something had begun by then. Look where they are steep, and whether they have levelled off at the horizon.

# %%
ensemble.plot.formation();

# %% [markdown]
# A force trails the ceasefire and stays well below it. Where a line is not flat at the end, a longer horizon would show more of it (the scenario `two_years`).
#
# ## Of what kind?
#
# Each run has exactly one outcome. Look at how the runs with a force divide over missions, and how the others end.

# %%
ensemble.plot.outcomes();

# %% [markdown]
# Most runs end without a force, and more of them without a ceasefire than with one. Where a force does come, look how European forces divide from those under the United Nations or of neutral states.
#
# ## How large, and with whom?
#
# The documents name figures for comparison (claims `000.melvin.up_to_30000_just_possible` and `001.paris_london.force_30_to_40k`). Look on which side of them the forces of the model lie.

# %%
ensemble.plot.troops(
    voices={"just possible (Melvin)": 30_000, "Paris and London, upper end": 40_000}
);

# %% [markdown]
# A mission aims at the size that the voices speak of, and starts once it has a share of that. Most forces stay below it, since without much American help fewer can be fielded.
#
# A pledge is conditional (*if there is a truce, and if my demands are met*). Look at the gap between those who pledge and those who then go.

# %%
ensemble.plot.joiners();

# %% [markdown]
# Pledges are more frequent than deployments, by far for most states, because a pledge is kept only where a force comes about. Look at the two leads: Paris can do with enough other Europeans, London waits for Washington.
#
# ## Where is it lost?
#
# A step counts only if those before it are met too, in the same week. Look for the longest step down.

# %%
ensemble.plot.funnel();

# %% [markdown]
# The first step costs most: without a ceasefire nothing follows. [Notebook 03](03_why_not.ipynb) asks what would have been enough.
#
# ## What if a ceasefire comes?
#
# `given` selects the runs in which something came true. That is what to expect on learning of it, and not what it would cause: runs with an early ceasefire differ in other ways too. Look how far each filled mark lies from its hollow one.

# %%
ensemble.plot.given("ceasefire by week 26");

# %% [markdown]
# On learning of an early ceasefire, a force becomes more likely. Pledges move by a few points alone: they are made *in case of* a truce, with or without one. For any other condition write SQL over the columns of `ensemble.runs`; what they mean is in [the reference](../docs/reference/columns.md).

# %%
columns = ["outcome", "ceasefire_week", "deployed_week", "troops", "truce_broke"]
ensemble.runs[columns].head()

# %% [markdown]
# ## How sure is that?
#
# Three widths belong to a probability: run noise, which more runs narrow; inputs, which only evidence would narrow; and rival rules that the literature would defend. Look which of them is widest.

# %%
sure = sim.certainty(baseline, runs=5_000, draws=400, luck=25)
Markdown(sure.sentence)

# %%
sim.plots.widths(sure.widths, sure.structures);

# %% [markdown]
# The sentence says which width is the widest; more runs narrow none but the first. What survives them is the next question: look which requirements stand out as missing, whatever the inputs.

# %%
sim.plots.survival(sure.blockers);

# %% [markdown]
# Enough pledged troops and a ceasefire are the first two things missing under most defensible inputs and under the rival rules; everything else leads in a minority of input sets. Warnings say where a result should not be leaned on:

# %%
Markdown("\n\n".join(sure.warnings))

# %% [markdown]
# ## Who can lean on whom?
#
# The leverage network, with every number at the middle of its range. Arrows point at whom they move; look for the thick ones, and for how dark they are: the paler an arrow, the less documents say of it.

# %%
leverage = sim.leverage(baseline)
sim.plots.network(leverage);

# %% [markdown]
# Most of what can be used starts from few capitals; the thickest arrows are American guarantees to allies. Of the incentives, the strongest:

# %%
leverage["leverage"] = leverage["strength"] * leverage["willingness"]
incentives = leverage[leverage["family"] == "incentive"].nlargest(6, "leverage")
incentives[["source", "target", "channel", "leverage"]].round(2)

# %% [markdown]
# ## Next
#
# [02](02_tweak_an_agent.ipynb) changes an actor, runs again, and says what the change made of the result.
