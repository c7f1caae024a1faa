"""``sim evidence``: what the documents say, which number rests on it, and what rests on nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sim.cli.changes import require_path
from sim.cli.common import fail, near, refusals, say, say_json, tell
from sim.cli.options import Config, Json
from sim.cli.tables import facts, text_table

if TYPE_CHECKING:
    from sim.evidence.claims import Claim, Evidence
    from sim.scenario.parts import OwnClaim

app = typer.Typer(help="Documents, claims, and what rests on them.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def listed(
    actor: Annotated[str | None, typer.Option(help="Only claims about this actor.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only claims on this topic.")] = None,
    document: Annotated[str | None, typer.Option(help="Only claims in this document, such as 000.")] = None,
) -> None:
    """List claims: id, paragraph, speaker, topic, and the claim in our words."""
    from sim.evidence import claims
    from sim.reading.errors import suggestion

    known = claims.load()
    actors = sorted({name for claim in known.claims.values() for name in claim.actors})
    if actor is not None and actor not in actors:
        fail(f"--actor: no claim is about {actor!r}; {suggestion(actor, actors)}")
    try:
        chosen = known.select(actor, topic, document)
    except ValueError as error:
        fail(str(error))
    for claim in chosen:
        say(f"{claim.id}  (paragraph {claim.paragraph}; {claim.speaker}; {claim.topic})\n    {claim.text}")
    say(f"{len(chosen)} of {len(known.claims)} claims")


@app.command()
def show(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="Id, such as 000.merz.if_russia_consents.")],
) -> None:
    """Show one claim, where it stands, and what of the baseline rests on it."""
    from sim.evidence import claims
    from sim.scenario import loading

    known = claims.load()
    table = _described(known, _known(known, claim))
    for leaf in loading.load("baseline").leaves.values():
        for key in ("because", "see", "against"):
            if claim in getattr(leaf.reasons, key):
                table.add_row("used", f"{leaf.path} ({key})")
    for pattern in known.patterns.values():
        if claim in pattern.claims:
            table.add_row("pattern", f"{pattern.id}: {pattern.says}")
    say(table)


@app.command()
def trace(
    config: Config,
    path: Annotated[str, typer.Argument(metavar="PATH", help="Dotted path of a number.")],
) -> None:
    """Trace a number to its claims, and each claim to its paragraph and words."""
    from sim.evidence import claims
    from sim.scenario.loading import load

    scenario, known = load(config), claims.load()
    require_path(scenario, tuple(path.split(".")))
    if path not in scenario.leaves:
        fail(f"{path}: not a number; sim show {config} {path} lists what stands below")
    leaf = scenario.leaves[path]
    why = ("assumption", leaf.reasons.assumption or "none")
    say(facts(("number", f"{path}: {leaf.prior}"), ("where", near(leaf.place)), why))
    for key in ("because", "see", "against"):
        for id in getattr(leaf.reasons, key):
            say(f"\n{key}")
            own = scenario.parts.claims.get(id)
            say(_own(id, own) if own else _described(known, known.claims[id]))


@app.command()
def coverage(config: Config = "baseline", as_json: Json = False) -> None:
    """Count what the numbers of a config rest on, and how many claims are used."""
    from sim.scenario import evidence_use
    from sim.scenario.loading import load

    scenario, cited = load(config), evidence_use.shipped_citations()
    counts = evidence_use.coverage(scenario, cited)
    if as_json:
        say_json(counts)
    else:
        table = facts()
        for key, value in counts.items():
            entries = value.items() if isinstance(value, dict) else [("", value)]
            for name, count in entries:
                table.add_row(f"{key.replace('_', ' ')} {name}".strip(), f"{count}")
        say(table)
    loose = evidence_use.unaccounted(scenario, cited)
    for claim in loose:
        tell(f"{claim}: no number or pattern uses this claim; use it, or say why not (unused: ...)")
    if loose or counts["unexplained"]:
        raise typer.Exit(1)


@app.command()
def check(
    documents: Annotated[Path, typer.Option(metavar="DIR", help="Folder with the original documents.")],
) -> None:
    """Compare the claims with the original documents, which are not shipped."""
    from sim.evidence import against_documents, claims

    known = claims.load()
    try:
        faults = against_documents.check(known, documents)
    except against_documents.DocumentsMissing as error:
        tell(f"nothing compared: {error} (the texts are not shipped with this project; whoever has them can compare)")
        return
    for fault in faults:
        tell(str(fault))
    if faults:
        raise typer.Exit(1)
    say(f"ok: {len(known.claims)} claims agree with {len(known.documents)} documents")


def _known(evidence: Evidence, claim: str) -> Claim:
    from difflib import get_close_matches

    if claim not in evidence.claims:
        meant = ", ".join(get_close_matches(claim, evidence.claims, n=5))
        fail(f"{claim}: no such claim; {f'did you mean {meant}?' if meant else 'sim evidence list tells all'}")
    return evidence.claims[claim]


def _own(id: str, claim: OwnClaim) -> Table:
    return facts(
        ("claim", f"{id}, of one's own: not in the shipped evidence"),
        ("says", claim.text),
        ("who, when", f"{claim.speaker}, {claim.date}"),
        ("source", claim.source),
    )


def _described(evidence: Evidence, claim: Claim) -> Table:
    document = evidence.documents[claim.document]
    date = f"{document.date}, as the document" if claim.date == "document" else claim.date
    status = (("taken back", claim.taken_back_by), ("unused", claim.unused))
    return facts(
        ("claim", claim.id),
        ("says", claim.text),
        ("who, when", f"{claim.speaker}, {date}"),
        ("about", f"{claim.topic}; {', '.join(claim.actors) or 'no actor'}"),
        ("document", f"{claim.document} ({document.file}), paragraph {claim.paragraph}"),
        ("locator", f'"{claim.locator}"'),
        *((name, value) for name, value in status if value),
    )


@app.command()
def agreement(as_json: Json = False) -> None:
    """Tell how far a second reading of the documents agrees with the first."""
    from sim.scenario import loading
    from sim.validation import second_reading

    with refusals():
        readings = second_reading.agreement(loading.load("baseline"))
        alphas = second_reading.alphas(readings)
    differing = readings[~readings["agrees"]]
    if as_json:
        units = {str(id): row.dropna().to_dict() for id, row in readings.iterrows()}
        say_json({"scales": alphas.to_dict("index"), "units": units})
        return
    say(
        f"Two readings agree on {int(readings['agrees'].sum())} of {len(readings)} units; "
        f"{len(differing)} differences, each settled in writing (seeds/recoded)."
    )
    table = text_table("", ("scale", "units", "agree", "Krippendorff's alpha"), left=range(4))
    for name, row in alphas.iterrows():
        alpha = "" if row["alpha"] != row["alpha"] else f"{row['alpha']:.2f}"
        table.add_row(str(name), str(int(row["units"])), f"{row['agrees']:.0%}", alpha)
    say(table)
    for id, row in differing.fillna({"actor": ""}).iterrows():
        of = f" of {row['actor']}" if row["actor"] else ""
        say(f"\n{id}  {row['claim']}, {row['asks']}{of}: first {row['first']}, second {row['second']}")
        say(f"    {row['settled']}")
