"""``sim evidence``: what documents and literature say, which number rests on it, and what rests on nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import evidence_tables
from sim.cli.changes import require_path
from sim.cli.changes import scenario as read
from sim.cli.common import fail, near, refusals, say, say_json, tell
from sim.cli.options import Config, Json, Set
from sim.cli.tables import facts, text_table

if TYPE_CHECKING:
    from rich.table import Table

    from sim.evidence.claims import Evidence
    from sim.evidence.literature import Record
    from sim.scenario.parts import OwnClaim
    from sim.scenario.scenario import Leaf, Scenario

app = typer.Typer(
    help="Documents, claims, published figures, and what rests on them.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("list")
def listed(
    actor: Annotated[str | None, typer.Option(help="Only claims about this actor.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only claims, or records, on this topic.")] = None,
    document: Annotated[str | None, typer.Option(help="Only claims in this document, such as 000.")] = None,
    literature: Annotated[bool, typer.Option("--literature", help="List published figures instead of claims.")] = False,
    path: Annotated[str | None, typer.Option(help="Only records that speak to this number; with --literature.")] = None,
    as_json: Json = False,
) -> None:
    """List claims, or with --literature published figures: id, where it stands, and what it says in our words."""
    if literature:
        if actor is not None or document is not None:
            fail("--literature: records are chosen by --topic and --path; --actor and --document choose claims")
        _list_records(topic, path, as_json)
    elif path is not None:
        fail("--path chooses records of the literature: add --literature")
    else:
        _list_claims(actor, topic, document, as_json)


def _list_claims(actor: str | None, topic: str | None, document: str | None, as_json: bool) -> None:
    from sim.evidence import claim_files
    from sim.reading.errors import suggestion

    known = claim_files.load()
    actors = sorted({name for claim in known.claims.values() for name in claim.actors})
    if actor is not None and actor not in actors:
        fail(f"--actor: no claim is about {actor!r}; {suggestion(actor, actors)}")
    with refusals():
        chosen = known.select(actor, topic, document)
    if as_json:
        say_json({"claims": [evidence_tables.as_json(claim) for claim in chosen], "of": len(known.claims)})
        return
    for claim in chosen:
        say(evidence_tables.claim_line(claim))
    say(f"{len(chosen)} of {len(known.claims)} claims")


def _list_records(topic: str | None, path: str | None, as_json: bool) -> None:
    from sim.evidence import literature

    known = literature.load()
    if path is not None:
        _require_number(read("baseline"), "baseline", path)
    with refusals():
        chosen = known.select(topic, path)
    if as_json:
        say_json({"records": [evidence_tables.as_json(record) for record in chosen], "of": len(known.records)})
        return
    for record in chosen:
        say(evidence_tables.record_line(record))
    say(f"{len(chosen)} of {len(known.records)} records")


@app.command()
def show(
    id: Annotated[
        str, typer.Argument(metavar="ID", help="A claim, such as 000.merz.if_russia_consents, or a record's id.")
    ],
    as_json: Json = False,
) -> None:
    """Show one claim or published figure, where it stands, and what of the baseline rests on it."""
    from sim.evidence import claim_files, literature
    from sim.scenario import loading

    known, records = claim_files.load(), literature.load().records
    _require_id(id, (*known.claims, *records))
    entry = records[id] if id in records else known.claims[id]
    patterns = [pattern for pattern in known.patterns.values() if id in pattern.claims]
    used = list(evidence_tables.citations(loading.load("baseline").leaves.values(), id))
    if as_json:
        kind = "record" if id in records else "claim"
        uses = [{"path": path, "as": key} for path, key in used]
        say_json({kind: evidence_tables.as_json(entry), "used": uses, "patterns": [each.id for each in patterns]})
        return
    table = _table(known, records, id)
    for path, key in used:
        table.add_row("used", f"{path} ({key})")
    for pattern in patterns:
        table.add_row("pattern", f"{pattern.id}: {pattern.says}")
    say(table)


@app.command()
def trace(
    config: Config,
    path: Annotated[str, typer.Argument(metavar="PATH", help="Dotted path of a number.")],
    sets: Set = [],  # noqa: B006  (typer copies it)
) -> None:
    """Trace a number to its claims, each to its paragraph and words, and to published figures."""
    from sim.evidence import claim_files, literature

    leaf, own = _require_number(read(config, sets), config, path)
    known, records = claim_files.load(), literature.load()
    why = ("assumption", leaf.reasons.assumption or "none")
    head = facts(("number", f"{path}: {leaf.prior}"), ("where", near(leaf.place)), why)
    if speaking := [record.id for record in records.select(path=path)]:
        head.add_row("literature", ", ".join(speaking))
    say(head)
    for key in evidence_tables.CITING:
        for id in evidence_tables.cited(leaf, key):
            say(f"\n{key}")
            say(evidence_tables.own_claim_table(id, own[id]) if id in own else _table(known, records.records, id))


def _require_number(scenario: Scenario, config: str, path: str) -> tuple[Leaf, Mapping[str, OwnClaim]]:
    """Return a number of a config, and the claims of the config's own; leave with status 2 if it is no number."""
    require_path(scenario, tuple(path.split(".")))
    if path not in scenario.leaves:
        fail(f"{path}: not a number; sim show {config} {path} lists what stands below")
    return scenario.leaves[path], scenario.parts.claims


@app.command()
def coverage(config: Config = "baseline", sets: Set = [], as_json: Json = False) -> None:  # noqa: B006
    """Count what the numbers of a config rest on, and how many claims are used."""
    from sim.scenario import evidence_use

    scenario, cited = read(config, sets), evidence_use.shipped_citations()
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
    """Compare claims, and our words for published figures, with the original documents, which are not shipped."""
    from sim.evidence import against_documents, claim_files, literature

    known, records = claim_files.load(), literature.load()
    try:
        faults = against_documents.check(known, documents)
        faults += against_documents.copied_records(records, known, documents)
    except against_documents.DocumentsMissing as error:
        tell(f"nothing compared: {error} (the texts are not shipped with this project; whoever has them can compare)")
        return
    for fault in faults:
        tell(str(fault))
    if faults:
        raise typer.Exit(1)
    agreeing = f"{len(known.claims)} claims agree with {len(known.documents)} documents"
    say(f"ok: {agreeing}; {len(records.records)} records copy nothing from them")


def _require_id(id: str, known: Collection[str]) -> None:
    """Leave with status 2, and the nearest ids, if none of the claims and records has this id."""
    from difflib import get_close_matches

    if id not in known:
        meant = ", ".join(get_close_matches(id, known, n=5))
        more = (
            f"did you mean {meant}?" if meant else "sim evidence list shows all claims, with --literature all records"
        )
        fail(f"{id}: no such claim or record; {more}")


def _table(evidence: Evidence, records: Mapping[str, Record], id: str) -> Table:
    if id in records:
        return evidence_tables.record_table(records[id])
    return evidence_tables.claim_table(evidence, evidence.claims[id])


@app.command()
def agreement(as_json: Json = False) -> None:
    """Tell how far a second reading of documents and published figures agrees with the first."""
    from sim.scenario import loading
    from sim.validation import figure_reading, second_reading

    with refusals():
        figures = figure_reading.agreement(loading.load("baseline"))
        readings = second_reading.agreement(loading.load("baseline"))
        alphas = second_reading.alphas(readings)
    differing = readings[~readings["agrees"]]
    if as_json:
        units = {str(id): row.dropna().to_dict() for id, row in readings.iterrows()}
        tables = {"figures": figures.figures, "orders": figures.orders}
        listed = {name: table.fillna("").to_dict("records") for name, table in tables.items()}
        say_json({"scales": alphas.to_dict("index"), "units": units, **listed})
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
    say(f"\n{figures.sentence}")
    for _, row in figures.figures[~figures.figures["inside"]].iterrows():
        say(f"\n{row['number']}: first {row['first']}, second {row['second']}")
        say(f"    {row['settled']}")
