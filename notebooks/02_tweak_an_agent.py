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
# # Tweak an agent
#
# What if Berlin no longer waited for Moscow's consent? Change an actor, run both worlds under the same luck, and look at the difference.

# %%
import pandas as pd
from IPython.display import Markdown

import sim

baseline = sim.load("baseline")

# %% [markdown]
# ## What stands there now, and why
#
# Every number carries its reasons: claims from the documents that give it (`because`), claims that speak to it (`see`), an assumption of ours.

# %%
firmness = baseline.leaves["actors.germany.needs.russian_consent.firmness"]
print(firmness.prior)
print("because:   ", ", ".join(firmness.reasons.because) or "-")
print("see:       ", ", ".join(firmness.reasons.see) or "-")
print("assumption:", firmness.reasons.assumption)

# %% [markdown]
# ## Change Germany
#
# Paths and values are those of the YAML files. A stance says what a state would do with its own demands met, and the demand least met holds it back. Here Germany drops its condition of Russian consent, and its incoming government starts out pledged. The assumption is kept with every number that it touches.

# %%
willing = baseline.change(
    {
        "actors.germany.needs.russian_consent": "none",
        "actors.germany.governments.incoming.stance": "pledged",
    },
    name="Berlin stops waiting",
    assumption="ours: what would follow if the next government went ahead",
)
changes = pd.DataFrame.from_dict(
    baseline.differences(willing), orient="index", columns=["baseline", "changed"]
)
changes.fillna("(absent)")

# %% [markdown]
# A slip is told with its place and with what is allowed, before anything runs.

# %%
try:
    baseline.change({"actors.germany.governments.incoming.stance": "hesistant"})
except sim.InputError as error:
    print(error)

# %% [markdown]
# ## Compared to what?
#
# Another change to measure it by: Washington offers air cover at least, from the first week. `sim.comparisons` compares each scenario with the first: run k has the same luck in all of them, so what differs comes from the change.

# %%
backed = baseline.change(
    {"actors.us.backstop.offers": {"at_least": "air_cover"}},
    name="air cover",
    assumption="ours: a what-if",
)
berlin, cover = sim.comparisons(
    [baseline, willing, backed], runs=5_000, design=(50, 50)
)
for comparison in (berlin, cover):
    display(Markdown(comparison.differences.sentence))

# %% [markdown]
# The first interval is run noise. *In how many input sets the sign holds* is another matter: both scenarios were also played under 50 draws of the inputs with 50 runs each. Look which intervals keep clear of zero.

# %%
sim.plots.differences(berlin.differences);

# %% [markdown]
# What changes most is what Germany itself pledges. One more willing state is not yet a force: whether one forms also hangs on a ceasefire, on a backstop, and on the others. A hollow mark means that these runs show no difference, not that there is none.
#
# And Washington? Look at who follows.

# %%
sim.plots.differences(cover.differences);

# %% [markdown]
# An American offer moves those most whom nothing else holds back: a state that demands a backstop and Russian consent waits for the one that is less met. The two changes side by side, in percentage points:

# %%
quantities = ["ceasefire", "deployed", "european", "pledged.germany", "pledged.uk"]
points = {"Berlin": berlin.differences, "air cover": cover.differences}
points = {name: 100 * each.table["difference"] for name, each in points.items()}
pd.DataFrame(points).loc[quantities].round(1)

# %% [markdown]
# ## Where do the runs go?
#
# A difference of shares hides runs that change sides in both directions. Of the runs that ended there before, where do they end under the change? Look off the diagonal.

# %%
sim.plots.flows(cover.flows);

# %% [markdown]
# Most runs end as they did. The rest do not all go one way: most gain, a few lose their force, and some get another mission.
#
# ## Where could I be wrong about an agent?
#
# One number over a range, all else and all luck as they were. Here: what Kyiv thinks that another war would cost it, and so what a guarantee that keeps it off is worth. Look whether the curve is steeper than its band is wide.

# %%
kyiv = sim.sweep(
    baseline,
    {"actors.ukraine.loss_of_war": [3.0, 4.5, 6.0, 7.5, 9.0]},
    runs=2_000,
)
sim.plots.sweep(kyiv);

# %% [markdown]
# The more another war would cost Kyiv, the more it concedes for a guarantee that keeps the peace. Where the ends differ by more than run noise, an error in this number would show in the headline; where they do not, it would take more runs to tell.
#
# A choice among words is swept in the same way: here what Washington offers at least. Look whether any rung stands out.

# %%
rungs = ["none", "logistics", "air_cover", "reserve_force", "assurance"]
offers = sim.sweep(baseline, {"actors.us.backstop.offers.at_least": rungs}, runs=2_000)
sim.plots.sweep(offers);

# %% [markdown]
# Whiskers of neighbours overlap. They are each point's own noise; the paired difference is known better:

# %%
Markdown(offers.sentence)

# %% [markdown]
# ## Next
#
# Changes can be combined by calling `change` again on a changed scenario, and written into a file of their own: [07](07_add_your_own.ipynb). [03](03_why_not.ipynb) asks what stood in the way where no force came about.
