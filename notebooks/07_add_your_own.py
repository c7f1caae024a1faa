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
# # Add your own actor, claim, mission and rule
#
# What does the model say about a state, a statement, a kind of force or a rule that it does not know? Each is a few lines of YAML, or a short Python class. Everything added here is made up.

# %%
import os
import sys
import tempfile
import time
from pathlib import Path

from IPython.display import Markdown

import sim

folder = Path(tempfile.mkdtemp())

# %% [markdown]
# ## A claim
#
# What was said or done, by whom, when, and where that is told, in your own words. It is dated after 3 March 2025, to which the shipped evidence goes.

# %%
claims = """
parliament_ready:
  date: 2025-03-20
  speaker: the speaker of Ruritania's parliament (made up)
  claim: The chamber would vote on sending troops within three weeks of a request.
  source: made up for this notebook
"""
(folder / "claims.yaml").write_text(claims);
# %% [markdown]
# ## An actor and a mission
#
# A contributor needs a stance, a capacity, a disposition, and its way to a vote. A mission says who may join and lead, what it is worth to Kyiv, how much it provokes Moscow, and how many troops it aims at. The reason on a map holds for the numbers below it. What a number may be: `sim schema`, and [the guide](../docs/reference/config.md).

# %%
config = """
question: What if Ruritania joined in, and a guard of the ports were on the menu?
extends: baseline
include: {claims: claims.yaml}
actors:
  ruritania:
    name: Ruritania
    roles: [contributor]
    european: true
    member_of: [eu]
    assumption: Ruritania is made up, and so are its numbers.
    stance: open
    disposition: {low: -1.5, high: 1.5}
    capacity_troops: {low: 1000, likely: 2500, high: 5000}
    credence: {low: 20%, high: 80%}
    needs:
      us_backstop: {at_least: logistics, firmness: {low: 20%, high: 60%}}
      company: {at_least: 50%, firmness: {low: 10%, high: 50%}}
    ratification:
      weeks:
        low: 1
        likely: 3
        high: 6
        because: [parliament_ready]
        assumption: the width is ours
      support: {low: -0.5, likely: 0.2, high: 0.9}
missions:
  port_guard:
    name: European guard of the ports
    groups: [deployed, european]
    western: true
    leads: [uk, france]
    eligible: [european, canada]
    assumption: Made up; it lies between trainers and the force in the rear.
    profile:
      mandate: {low: 0.3, high: 0.5}
      place: {low: 0, high: 0.15}
      flag: {low: 0.4, high: 0.6}
    worth: {low: 0.3, likely: 0.4, high: 0.5}
    provocation: {low: 0.3, likely: 0.45, high: 0.6}
    exposure: {low: 0.15, likely: 0.25, high: 0.35}
    target_troops: {low: 6000, likely: 9000, high: 14000}
network:
  uk->ruritania/troop_example:
    {strength: 50%, willingness: 60%, assumption: London is heard there; made up.}
"""
(folder / "mine.yaml").write_text(config);
# %%
mine = sim.load(folder / "mine.yaml")
mine

# %% [markdown]
# Where does that number come from? The own claim is cited like any other.

# %%
weeks = mine.leaves["actors.ruritania.ratification.weeks"]
print(weeks.prior)
print("because:", ", ".join(weeks.reasons.because))
print(mine.parts.claims["parliament_ready"].text)

# %% [markdown]
# ## Run it
#
# The answer is stamped *not baseline*, wherever it appears: it rests on what was added after the shipped evidence.

# %%
ensemble = sim.run(mine, runs=2_000, seed=1)
ensemble

# %% [markdown]
# The new mission has its own bar. Look how it stands beside the force in the rear.

# %%
ensemble.plot.outcomes();

# %% [markdown]
# A lighter mission takes a share of the runs. Does it come on top of the others or in their place? The paired comparison tells; look at the sign of the reassurance force.

# %%
added = sim.compare("baseline", mine, runs=2_000, design=(0, 0))
display(Markdown(added.sentence))
sim.plots.differences(added);

# %% [markdown]
# A menu with one more entry divides the same ceasefires anew, and a smaller mission is easier to fill: what comes on top is told by the line of European forces, what comes in their place by that of the reassurance force. The line of Ruritania begins at zero, because the baseline does not know it.
#
# ## A rival rule, from the config
#
# Some rules are words in the config: who tables a mission, and whether decisions are thresholds or noisy.

# %%
rival = "a rival rule"
median = mine.change(
    {"rules.table.procedure": "median"}, name="median voting", assumption=rival
)
noisy = mine.change(
    {"rules.pledge.decision": "quantal"}, name="noisy decisions", assumption=rival
)
rivals = sim.comparisons([mine, median, noisy], runs=2_000, design=(0, 0))
for comparison in rivals:
    display(Markdown(comparison.differences.sentence))

# %% [markdown]
# ## A rule of one's own
#
# An actor may be of a Python class that extends one of `sim.model`, and decide otherwise. Here: it pledges only once both leads have. The class stands in a file that Python finds.

# %%
rule = '''
"""A state that waits for both leads."""

from sim.model import OPEN, PLEDGED, Contributor


class Follower(Contributor):
    """Pledges only once London and Paris have."""

    def consider(self) -> int:
        """Return the stage to move to: not beyond open before both leads are pledged."""
        stage = super().consider()
        states = self.model.contributors
        leads = [state for state in states if state.name in ("uk", "france")]
        ready = all(lead.stage == PLEDGED for lead in leads)
        return stage if ready else min(stage, OPEN)
'''
(folder / "followers.py").write_text(rule)
sys.path.insert(0, str(folder))
os.environ["SIM_AGENTS"] = "followers"
# %% [markdown]
# The config names it by `agent: module:Class`. Such code runs only if `SIM_AGENTS` names its module: read it before you allow one of somebody else's.

# %%
followers = ["germany", "poland", "netherlands", "sweden", "denmark", "ruritania"]
waiting = mine.change(
    {f"actors.{name}.agent": "followers:Follower" for name in followers},
    name="waiting for the leads",
    assumption="a rule of our own",
)

# %% [markdown]
# It runs on Mesa alone, the readable engine, which is many times slower than the compiled one; so 100 runs here, and the rate beside them. Both engines give the same rows, so the pairs hold.

# %%
began = time.perf_counter()
own = sim.compare(mine, waiting, runs=100)
rate = 100 / (time.perf_counter() - began)
Markdown(f"{own.sentence} Here: {rate:.0f} pairs of runs a second, start counted in.")

# %% [markdown]
# In so few runs only large differences show. Look at the pledges of those who wait.

# %%
sim.plots.differences(own);

# %% [markdown]
# Those who wait pledge less often, as they should; what that does to a force is known only roughly from so few runs. In numbers, for the six who wait:

# %%
pledges = own.table.loc[[f"pledged.{name}" for name in followers]]
pledges[["a", "b", "difference", "low", "high"]].astype(float).round(2)

# %% [markdown]
# ## Keep it
#
# Copy the files from the temporary folder beside each other, and `sim run mine.yaml` does the same in a terminal. A new rule for everybody belongs into `sim/rules/`, with its equation and its source.

# %%
sorted(path.name for path in folder.glob("*.*"))
