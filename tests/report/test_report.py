"""The report on one page: what stands in it, what markup does to it, that it prints, and that it is the same twice."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner, Result

from sim import batch
from sim.cli import app
from sim.ensemble import Ensemble, open_ensemble
from sim.report import brief_figures, brief_rows, rows
from sim.report import html as report
from sim.report.from_docs import imposed, limits, section
from sim.report.gathering import Dossier, dossier, pair, runs_of_pair, runs_played
from sim.report.grounds import joiners
from sim.report.html import brief
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.story.replay import replay
from sim.story.short import LINES, abridged, chosen
from tests import kept_output
from tests.bars import bar_of
from tests.worlds import TINY, baseline, tiny, write_tiny

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here to print with: apt-get install chromium")
SCRIPT, BOLD = "<script>alert('a & b')</script>", "<b>Lead</b> $x$"
FLAG = "<i>from nowhere</i>"
EVENT = "\nevents: {summit: {week: 3, quantity: european_mood, change: 0.1, assumption: the size is ours}}\n"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Return the tiny world with markup wherever a config holds words, and an event of its own."""
    text = TINY.replace("Does a force deploy in a world of six?", f'"{SCRIPT}"').replace(
        "name: Lead", f'name: "{BOLD}"'
    )
    text = text.replace("assumption: made up for tests", f'assumption: "{FLAG}"', 1)
    file = tmp_path_factory.mktemp("marked") / "marked.yaml"
    file.write_text(text + EVENT, encoding="utf-8")
    return load(file)


@pytest.fixture(scope="module")
def folder(marked: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("ensembles") / "marked"
    batch.run(marked, 300, 4, workers=1, out=target)
    return target


@pytest.fixture(scope="module")
def found(folder: Path) -> Dossier:
    return dossier(open_ensemble(folder))


@pytest.fixture(scope="module")
def full(found: Dossier) -> str:
    return report.page(found)


@pytest.fixture(scope="module")
def short(found: Dossier) -> str:
    return brief(found)


@pytest.fixture(scope="module")
def both(folder: Path, marked: Scenario) -> str:
    easier = marked.change({"actors.ukr.disposition": 3}, name=f"{marked.name} <u>easier</u>", assumption="so wished")
    return report.pair(pair(open_ensemble(folder), batch.run(easier, 300, 4, workers=1)))


@pytest.fixture(params=["full", "short", "both"])
def page(request: pytest.FixtureRequest) -> str:
    text: str = request.getfixturevalue(request.param)
    return text


class Tags(HTMLParser):
    """The tags of a page, in order, each with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def printed(page: str, folder: Path) -> PdfReader:
    """Return a page as Chromium prints it."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}/user"]
    target = [f"--print-to-pdf={folder / 'page.pdf'}", (folder / "page.html").as_uri()]
    subprocess.run([str(CHROMIUM), *flags, *target], check=True, capture_output=True, timeout=120)
    return PdfReader(folder / "page.pdf")


def sim(*words: str) -> Result:
    return CliRunner().invoke(app, ["report", *words])


# --- what stands in it -----------------------------------------------------------------------------------------------


def test_the_full_report_has_all_that_was_asked_for_in_order(full: str) -> None:
    assert re.findall(r"<h2 id=.*?>(.*?)</h2>", full) == [
        "Contents",
        "What exactly is asked",
        "How sure",
        "How far runs get",
        "How runs end",
        "By when, and given a ceasefire",
        "Who joins, under which condition",
        "What blocks",
        "What moves it",
        "The top ten assumptions",
        "One typical failure, one typical success",
        "What was imposed rather than found",
        "What the probabilities mean and do not mean",
        "Method",
        "To cite",
        "Appendix A: the scenario",
        "Appendix B: the manifest",
    ]
    assert "Not here" not in full


def test_the_contents_lead_to_every_heading(full: str) -> None:
    ids = re.findall(r'<h2 id="(.*?)">', full)
    assert re.findall(r'<li><a href="#(.*?)">', full) == [each for each in ids if each != "contents"]


def test_figures_are_numbered_in_order_and_say_what_they_show(full: str) -> None:
    captions = re.findall(r"<figcaption>Figure (\d+)\. (.*?)</figcaption>", full)
    assert [int(number) for number, _ in captions] == list(range(1, full.count("<figure>") + 1))
    assert all(len(title) > 20 for _, title in captions)


def test_claims_stand_under_the_words_that_they_support_or_contradict(full: str) -> None:
    table = joiners(batch.run(baseline(), 20, 1, workers=1), baseline())
    spain, *demands = table.loc["spain", "statements"]
    assert spain.words == "hesitant or open" and spain.supports and spain.contradicts
    assert "001.albares.nobody_considering_troops" in [each.id for each in spain.supports]
    assert all(each.words.startswith("demands ") for each in demands)
    assert "<b>For" not in full and "<b>Against" not in full


def test_paper_has_the_values_of_a_scenario_and_the_page_their_reasons(full: str) -> None:
    values = full.partition('<pre class="paper values">')[2].partition("</pre>")[0]
    assert "hesitancy_slows" in values and "assumption" not in values
    assert "assumption" in full.partition('<details class="screen">')[2]


def test_the_scenario_in_the_report_runs_the_same(found: Dossier, marked: Scenario, tmp_path: Path) -> None:
    (tmp_path / "copied.yaml").write_text(rows.yaml_text(found.config), encoding="utf-8")
    assert load(tmp_path / "copied.yaml").hash == marked.hash


def test_what_is_not_the_baseline_is_stamped(page: str) -> None:
    assert '<p class="stamp">Not baseline (1 event of one&#39;s own).</p>' in page


def test_headings_begin_with_one_title_and_skip_no_level(page: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


def test_every_figure_says_in_words_what_it_shows(page: str) -> None:
    figures = Tags(page).named("svg")
    assert len(figures) == page.count("<figure>") >= 2
    assert all(each["role"] == "img" and len(each["aria-label"] or "") > 60 for each in figures)


def test_a_page_names_its_language(page: str) -> None:
    assert Tags(page).named("html") == [{"lang": "en"}]


def test_a_brief_has_two_figures_one_of_outcomes_and_one_of_timing(short: str) -> None:
    assert re.findall(r"<figcaption>(.*?)</figcaption>", short) == ["How it ends", "By when"]


def prose(page: str) -> str:
    """Return the words of a page, without what is drawn."""
    body = re.sub(r"<svg.*?</svg>|<style.*?</style>", "", page.partition("<body")[2], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


@pytest.fixture(scope="module")
def minister() -> str:
    """Return the brief of the baseline, from few runs."""
    found = dossier(batch.run(baseline(), 3_000, 1, workers=1), brief=True)
    return brief(found, author="A. Nalyst", date="4 March 2025")


@pytest.mark.slow
def test_a_brief_answers_what_a_minister_asks(minister: str) -> None:
    text = prose(minister)
    assert "4 March 2025 · A. Nalyst · Information to 3 March 2025" in text
    for question in (
        "What kind, and how large",
        "When",
        "After a ceasefire",
        "Who would send how many",
        "What would change it",
        "What to watch until 28 April 2025",
        "How sure",
    ):
        assert question in text
    assert 1 <= len(re.findall(r"[+-][\d.]+ points \(", text)) <= 3
    assert re.search(r"France \d+% [\d,]+ \([\d,]+ to [\d,]+\)", text)
    assert re.search(r"likely\): the chance is then [\d.]+%, otherwise [\d.]+%", text)


@pytest.mark.slow
def test_a_brief_has_no_path_no_greek_and_no_file_name(minister: str) -> None:
    text = prose(minister)
    assert not re.search(r"[\u0370-\u03ff]", text)
    assert not re.search(r"\b(actors|network|rules|common|missions)\.\w+|\w/\w|\.(ya?ml|md|html|json)\b|_", text)
    assert "<code>" not in minister


def test_who_sends_how_many_adds_up_to_each_force() -> None:
    ensemble = batch.run(baseline(), 3_000, 1, workers=1)
    sent, runs = brief_rows.contingents(ensemble), ensemble.runs.set_index("run")
    sums = sent.groupby("run")["troops"].sum()
    assert len(sums) > 30
    assert sums.to_numpy() == pytest.approx(runs.loc[sums.index, "troops"].to_numpy(dtype=float))


@pytest.mark.slow
def test_a_brief_of_nothing_seen_says_so_with_its_bound() -> None:
    never = baseline().change({"rules.truce.overlap_weeks": 52}, assumption="for a test")
    text = prose(brief(dossier(batch.run(never, 300, 1, workers=1))))
    assert "A European force within 12 months is remote: under 2% (none of 300 runs)" in text
    assert "No run of the model saw a ceasefire." in text and "Too few European forces" in text


# --- what comes in, and what stays out -------------------------------------------------------------------------------


def test_markup_in_a_config_shows_as_text(page: str) -> None:
    for raw in ("<script", "<b>Lead", "<i>from", "<u>easier"):
        assert raw not in page
    assert escaped(SCRIPT) in page


def test_names_and_reasons_with_markup_are_told_as_they_are(full: str) -> None:
    assert f"<h3>{escaped(BOLD)}: pledged" in full
    assert escaped(FLAG) in full


def test_nothing_is_loaded_from_outside(page: str) -> None:
    tags = Tags(page)
    assert not {"script", "link", "iframe", "object", "embed", "base"} & {tag for tag, _ in tags.found}
    links = [
        value or "" for _, each in tags.found for key, value in each.items() if key in ("src", "href", "xlink:href")
    ]
    assert [link for link in links if not link.startswith(("#", "data:"))] == []
    assert re.findall(r"url\((?!#)", page) == [] and "@import" not in page
    assert not any(key.startswith("on") for _, each in tags.found for key in each)


def test_no_id_stands_twice(page: str) -> None:
    ids = [each["id"] for _, each in Tags(page).found if "id" in each]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#(.*?)\)", page)) <= set(ids)


def test_what_was_seen_moves_the_forecast_in_the_report(folder: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen.yaml"
    seen.write_text("- {week: 2025-03-10, actor: alba, stage: at least open, source: invented}\n")
    ensemble = open_ensemble(folder)
    moved = dossier(ensemble, of="ceasefire", observations=seen)
    assert moved.living is not None and moved.living.watch is not None
    page = report.page(moved)
    assert "As things were seen" in page and "What to watch" in page
    assert "is open to going or has pledged" in page
    assert 'id="living-' in page and 'id="watch-' in page
    assert "As things were seen" not in report.page(dossier(ensemble))


def test_what_cannot_be_played_again_is_said_and_the_rest_told(folder: Path) -> None:
    stands = open_ensemble(folder)
    older = Ensemble(stands.runs, None, stands.actors, stands.manifest | {"writer": "sim 0.0", "inputs_range": None})
    told = report.page(dossier(older))
    assert told.count("Not here: it was played by sim 0.0") == 2
    assert "Not here: inputs were not kept" in told
    assert "Not here, a typical success: it was played by sim 0.0" in told
    assert "How runs end" in told
    short = brief(dossier(older, brief=True))
    assert short.count("<figure>") == 2 and "What stands in the way" in short and brief_rows.NO_LEVERS in short


@pytest.mark.slow
def test_an_ensemble_with_a_gate_held_open_says_so_and_tells_no_story() -> None:
    told = report.page(dossier(batch.run(tiny(), 60, 4, workers=1, relaxed=["truce"])))
    assert "<p>Note: held open: truce.</p>" in told
    assert "Not here: requirements were held open" in told


def test_a_range_over_inputs_is_added_where_there_is_none(found: Dossier) -> None:
    assert found.ensemble.inputs_range is not None
    assert found.widths is not None and list(found.widths.table.index) == ["run noise", "inputs", "rival rules"]


# --- one run in ten lines, and what was imposed ----------------------------------------------------------------------


def test_a_run_is_told_in_ten_lines_from_outcome_to_end() -> None:
    ensemble = batch.run(baseline(), 20, 1, workers=1)
    row = ensemble.runs[ensemble.runs["outcome"] == "no_ceasefire"].iloc[0]
    lines = abridged(replay(baseline(), 1, int(row["run"])).events, row, baseline().names)
    assert len(lines) <= LINES
    assert lines[0] == "Outcome: no ceasefire."
    assert lines[-1].startswith("At the horizon no force is in the field, for want of a ceasefire")
    weeks = [float(line.partition(":")[0].removeprefix("Week ")) for line in lines[1:-1]]
    assert weeks == sorted(weeks)


def test_ten_lines_call_an_outcome_as_readers_do_and_tell_of_observers_in_the_field() -> None:
    ensemble = batch.run(load("observers_only"), 200, 1, workers=1)
    runs = ensemble.runs
    row = runs[(runs["outcome"] == "observer") & (runs["troops_at_horizon"] > 0)].iloc[0]
    nothing = pd.DataFrame({"week": [], "event": [], "text": []})
    assert abridged(nothing, row) == [
        "Outcome: observers only, no force.",
        "At the horizon observers are in the field, and no other force.",
    ]
    formed = row.copy()
    formed["outcome"], formed["deployed_week"], formed["troops"] = "reassurance", 39.0, 25_029.0
    told = abridged(nothing, formed, missions={"reassurance": "European reassurance force"})
    assert told[0] == "Outcome: European reassurance force, a force of 25,029 troops in week 39."


def test_a_kind_of_event_that_comes_again_does_not_crowd_out_the_others() -> None:
    kinds = ["terms_met"] * 9 + ["consent", "pledged", "cooled"]
    events = pd.DataFrame({"week": range(12), "event": kinds, "text": kinds})
    assert [line.partition(": ")[2] for line in chosen(events, 5)] == [*["terms_met"] * 3, "consent", "pledged"]


def test_what_was_imposed_is_what_the_docs_say() -> None:
    told = imposed()
    assert [each.about for each in told] == ["Imposed", "Emergent"]
    assert not re.search(r"[`$*\\]", " ".join(each.text for each in told))


def test_the_limits_are_those_of_the_docs_every_paragraph(full: str) -> None:
    text = (Path(__file__).parents[2] / "docs/limits.md").read_text("utf-8")
    assert [f"{each.about}." for each in limits()] == re.findall(r"^\*\*(.+?)\*\*", text, re.MULTILINE)
    assert all(f"<dt>{each.about}</dt>" in full for each in limits())
    assert not re.search(r"[`$*\\]|\]\(", " ".join(each.text for each in limits()))


def test_a_page_without_the_section_is_refused() -> None:
    with pytest.raises(ValueError, match="no section “Imposed”"):
        section("## Other\n\n**One.** Two.\n", "Imposed")


# --- two ensembles ---------------------------------------------------------------------------------------------------


def test_two_ensembles_are_told_apart_with_what_changes_between_them(both: str) -> None:
    assert "<td>low 0, high 3</td><td>3</td>" in both
    assert "paired runs" in both and "run noise" in both
    assert both.count("<section>") == 2


def test_two_ensembles_of_one_name_are_told_apart_by_their_hashes() -> None:
    smaller = tiny().change({"actors.corvia": None}, name="tiny")
    one, other = (batch.run(each, 5, 4, workers=1) for each in (tiny(), smaller))
    assert rows.names_apart(one, other) == (f"tiny ({tiny().hash})", f"tiny ({smaller.hash})")


def test_ensembles_of_two_seeds_are_refused() -> None:
    with pytest.raises(ValueError, match="same luck"):
        pair(*(batch.run(tiny(), 20, seed, workers=1) for seed in (1, 2)))


# --- on paper --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@browser
def test_the_full_report_prints_with_what_is_folded_on_the_screen(full: str, tmp_path: Path) -> None:
    pages = printed(full, tmp_path).pages
    text = "\n".join(each.extract_text() for each in pages)
    assert len(pages) > 1
    assert SCRIPT in " ".join(text.split())
    assert "hesitancy_slows" in text and "part_runs" in text


@pytest.mark.thorough
@browser
def test_the_full_report_of_the_baseline_takes_at_most_twenty_pages(tmp_path: Path) -> None:
    seen = tmp_path / "seen.yaml"
    seen.write_text("- {week: 2025-03-10, actor: france, stage: at least open, source: invented}\n")
    whole = dossier(batch.run(baseline(), 2_000, 1, workers=1), observations=seen)
    assert whole.living is not None and whole.ends is not None and whole.why is not None
    assert len(printed(report.page(whole), tmp_path).pages) <= 20


@pytest.mark.slow
@browser
def test_the_brief_prints_on_one_page(tmp_path: Path) -> None:
    stamped = tmp_path / "stamped.yaml"
    stamped.write_text(
        "question: How likely is a force by the end of the year, of what kind, and with whom, after the vote?\n"
        f"extends: baseline\n{EVENT}",
        encoding="utf-8",
    )
    told = brief(dossier(batch.run(load(stamped), 300, 1, workers=1), brief=True))
    assert len(printed(told, tmp_path).pages) == 1


@pytest.mark.slow
@browser
def test_two_ensembles_print(both: str, tmp_path: Path) -> None:
    assert len(printed(both, tmp_path).pages) > 1


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_writes_one_file_and_the_same_bytes_wherever_the_ensemble_lies(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    moved = shutil.copytree(folder, tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    result = sim(str(moved), "-o", "told.html")
    assert result.exit_code == 0, result.output
    assert sorted(each.name for each in tmp_path.iterdir()) == ["elsewhere", "told.html"]
    assert (tmp_path / "told.html").read_text(encoding="utf-8") == full
    assert str(folder.parent) not in full and str(tmp_path) not in full
    assert "Not baseline (1 event of one's own): on information to 3 March 2025" in result.stdout
    assert "report written to told.html" in result.stderr


def test_the_latest_ensemble_is_reported_unless_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tiny(tmp_path)
    batch.run(tiny(), 20, 4, workers=1, out=tmp_path / "runs" / "tiny")
    assert sim("--brief").exit_code == 0
    assert "20 runs" in (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert not (tmp_path / "report.html").exists()


def test_a_brief_never_replaces_a_full_report(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.html").write_text(full, encoding="utf-8")
    result = sim(str(folder), "--brief", "-o", "report.html")
    assert result.exit_code == 2 and "a full report stands there" in result.stderr
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == full


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("nowhere",), "no ensemble stands here"),
        (("{}", "-o", "report.pdf"), "expected a file that ends in .html"),
        (("{}", "-o", "none/report.html"), "there is no folder none"),
        (("{}", "{}", "--brief"), "--brief goes with one ensemble"),
        (("{}", "--author", "A. Nalyst"), "--author and --date go with --brief"),
        (("{}", "--brief", "--date", "tomorrow"), "expected a day such as 2025-03-03, got 'tomorrow'"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_line(
    words: tuple[str, ...], expected: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = sim(*(word.format(folder) for word in words))
    assert result.exit_code == 2 and expected in result.stderr
    assert len(result.stderr.splitlines()) == 1 and list(tmp_path.iterdir()) == []


# --- to the letter; SIM_RENEW_GOLDEN=1 writes tests/golden/shown anew -----------------------------------------------


def as_read(page: str) -> str:
    """Return the words of a page up to its manifests, a line for each of its own, without versions and hashes."""
    until = re.split(r"<h2[^>]*>(?:Appendix A|Manifests in full)", page)[0]
    whole = re.sub(r"<style.*?</style>|<svg.*?</svg>", "", until, flags=re.DOTALL)
    lines = (" ".join(unescape(re.sub(r"<[^>]+>", " ", line)).split()) for line in whole.splitlines())
    return re.sub(r"\b[0-9a-f]{12,}\b|\bsim \d[.\d]*", "VERSION", "\n".join(filter(None, lines)))


@pytest.mark.parametrize("kind", ["full", "short", "both"])
def test_a_report_reads_as_it_is_kept(kind: str, request: pytest.FixtureRequest) -> None:
    assert kept_output.differs(f"report_{kind}", as_read(request.getfixturevalue(kind))) == ""


@pytest.mark.parametrize("name", ["ends", "timing"])
def test_a_picture_of_a_brief_is_drawn_as_it_is_kept(
    name: str, found: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brief_figures, "drawn", lambda *parts: parts)
    _, figure, title, note = getattr(brief_figures, name)(found.ensemble)
    text = f"{title}\n{note}\n{kept_output.described(figure.axes)}"
    assert kept_output.differs(f"drawn/report_{name}", text) == ""


@pytest.mark.parametrize("options", [{}, {"of": "deployed and states >= 2"}, {"brief": True}])
def test_what_a_report_plays_is_known_before(folder: Path, options: dict[str, Any]) -> None:
    ensemble, steps = open_ensemble(folder), list[int]()
    most = runs_played(ensemble, **options)
    dossier(ensemble, **options, progress=steps.append)
    assert most == sum(steps) > 5_000


def test_what_a_report_on_what_was_seen_plays_has_a_bound(folder: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen.yaml"
    seen.write_text("- {week: 2025-03-10, actor: alba, stage: at least open}\n")
    ensemble, steps = open_ensemble(folder), list[int]()
    most = runs_played(ensemble, observations=seen)
    dossier(ensemble, observations=seen, progress=steps.append)
    assert runs_played(open_ensemble(folder)) < sum(steps) <= most


def test_what_a_report_of_two_plays_is_known_before(folder: Path) -> None:
    a, b = open_ensemble(folder), open_ensemble(folder)
    most, steps = runs_of_pair(a, b), list[int]()
    pair(a, b, progress=steps.append)
    assert sum(steps) == most == 2 * 100 * 50
    assert runs_of_pair(a, b) == 0  # both have their range now


def test_the_bar_of_a_report_ends_where_its_runs_do(folder: Path, tmp_path: Path) -> None:
    with bar_of("sim.cli.report") as bar:
        result = CliRunner().invoke(app, ["report", str(folder), "--brief", "-o", str(tmp_path / "brief.html")])
    assert result.exit_code == 0, result.output
    assert bar.total == sum(bar.steps) > 5_000
