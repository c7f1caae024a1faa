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
# # Another theatre
#
# The engine says nothing of Ukraine by itself. Here it is asked about a place that does not exist, and then about twelve wars that did, whose outcome is known. How the engine did on those twelve says how far to trust what it says of the first; [cases](../docs/cases.md) has all of it.

# %%
import tempfile
from pathlib import Path

from IPython.display import Markdown

import sim

folder = Path(tempfile.mkdtemp())

# %% [markdown]
# ## A theatre in fifty lines
#
# `extends: theatre` brings rules, scales and pools. A theatre states who hosts the force, who has to agree to it, who may back it and who may send troops. (`european: true` marks the group that leads; the name is that of the case for which the engine was made.) [From a news article to a first answer](../docs/how-to/theatre.md) goes through it line by line; `sim new theatre NAME` writes a file to start from.

# %%
text = """
question: "How likely is it that a foreign force forms in Karstland?"
extends: theatre
start: 2031-03-04
assumption: "Made up for this notebook."
actors:
  karstland:
    name: Karstland
    roles: [belligerent]
    host: true
    pools: [host]
    positions: {mandate: 0.5, place: 0.3, flag: 0.4}
  front:
    name: the Highland Front
    roles: [belligerent]
    pools: [opponent]
    disposition: {low: -0.6, likely: 0.3, high: 1.2}
    positions: {mandate: 0.2, place: 0.6, flag: 0}
  marland:
    name: Marland
    roles: [contributor]
    european: true
    pools: [leads]
    stance: {open: 15%, pledged: 85%}
    needs: {russian_consent: inherited}
    capacity_troops: {low: 1000, likely: 1500, high: 2500}
    positions: {mandate: 0.5, place: 0.2, flag: 0.5}
  tessia:
    name: Tessia
    roles: [contributor]
    european: true
    stance: {hesitant: 15%, open: 60%, pledged: 25%}
    needs: {russian_consent: inherited, company: inherited}
    capacity_troops: {low: 300, likely: 800, high: 2000}
  others:
    name: others who may follow
    roles: [contributor]
    states: 4
    stance: {hesitant: 60%, open: 40%}
    needs: {russian_consent: inherited, company: inherited}
    capacity_troops: {low: 500, likely: 1500, high: 3000}
missions:
  un_blue_helmets: {provocation: {low: 0, likely: 0.1, high: 0.2}, target_troops: {low: 3000, likely: 4000, high: 5000}}
  reassurance: {provocation: {low: 0.1, likely: 0.35, high: 0.6}, leads: [marland], target_troops: {low: 3000, likely: 4000, high: 5000}}
  observer: null
  neutral: null
  enforcement: null
  nato: null
network:
  marland->tessia/troop_example: inherited
  marland->others/troop_example: inherited
"""
(folder / "karstland.yaml").write_text(text)
karstland = sim.load(folder / "karstland.yaml")
ensemble = sim.run(karstland, runs=4_000)
Markdown(f"**{ensemble.share('deployed').probability:.1%}** of runs have a force.")

# %%
ensemble.plot.outcomes();

# %% [markdown]
# ## What would change it?
#
# Everything that works on the baseline works here: a truce that stands already, for example.

# %%
truce = karstland.change({"begins_in_truce": True}, name="in a truce")
sim.compare(karstland, truce, runs=2_000, of="deployed").table.loc[
    ["deployed", "ceasefire"]
]

# %% [markdown]
# ## Twelve wars whose outcome is known
#
# Fixed rules turn each into such a theatre; they were written before any of them was run, and one was changed after the first score. The first sentence is the verdict.

# %%
scores = sim.cases(runs=800, theory=0)
Markdown(scores.sentence)

# %%
scores.cases[
    [
        "title",
        "probability",
        "inputs_low",
        "inputs_high",
        "formed",
        "blocker",
        "kind",
        "kind_came",
    ]
]

# %%
scores.table[["says", "brier", "brier_low", "brier_high", "log"]]

# %% [markdown]
# Two of the six forces that came had less than one chance in ten here, and one of those next to none. Cases with a force got the higher figure more often than not, which among twelve may be chance. [What the failing cases have in common](../docs/cases.md) says which mechanisms are missing.

# %%
came = scores.cases.sort_values("probability").set_index("title")
colours = came["formed"].map({True: "tab:green", False: "tab:gray"})
axes = came["probability"].plot.barh(
    color=list(colours),
    xlabel="likelihood of a force within a year (green: one came)",
    ylabel="",
)
axes.set_xlim(0, 1);
