"""Tests of wrong configs: each fault one line, `file:line:column: path: what is wrong and allowed`, and all at once."""

import re
from pathlib import Path
from typing import Any

import pytest

from sim.reading.errors import InputError
from sim.scenario.loading import load
from tests.worlds import TINY, baseline, tiny, write_tiny

HEAD = "extends: tiny.yaml\nassumption: ours\nchange:\n"
FAULT_LINE = re.compile(r"(?P<file>.+?\.yaml):(?P<line>\d+):(?P<column>\d+): (?:(?P<path>\S+): )?(?P<what>.+)")


def faults_of(path: Path) -> list[re.Match[str]]:
    """Return the faults of a wrong config, a match a line; no line may break the form."""
    with pytest.raises(InputError) as refused:
        load(path)
    lines = str(refused.value).splitlines()
    assert len(lines) == len(refused.value.faults)
    matches = [FAULT_LINE.fullmatch(line) for line in lines]
    assert None not in matches, lines
    return [match for match in matches if match is not None]


def the_fault(path: Path) -> re.Match[str]:
    (match,) = faults_of(path)
    return match


def where(match: re.Match[str]) -> tuple[str, int, str | None]:
    return Path(match["file"]).stem, int(match["line"]), match["path"]


CHANGES = [
    ("actors.alba.credense: 30%", "actors.alba.credense", "did you mean 'credence'? allowed:"),
    ("actors.alba.needs: {us_backstp: none}", "actors.alba.needs.us_backstp", "did you mean 'us_backstop'?"),
    ("actors.albo.credence: 30%", "actors.albo.credence", "'albo' is not among the actors; did you mean 'alba'?"),
    (
        "network.usa->urk/military_aid.strength: 1",
        "network.usa->urk/military_aid",
        "no actor 'urk'; did you mean 'ukr'?",
    ),
    ("network.usa-ukr/military_aid.strength: 1", "network.usa-ukr/military_aid.strength", "did you mean 'usa->ukr/"),
    ("network.usa->ukr/military_ad.strength: 1", "network.usa->ukr/military_ad", "did you mean 'military_aid'?"),
    ("actrs.alba.credence: 1", "actrs", "'actrs' is not a key here; did you mean 'actors'?"),
    ("missions.reasurance.worth: 1", "missions.reasurance.worth", "did you mean 'reassurance'?"),
    ("rules.pledge.mvoe: 10%", "rules.pledge.mvoe", "did you mean 'move'?"),
    ("actors.alba.credence: much", "actors.alba.credence", "'much' is not a number; write 0.4, 40%"),
    ("actors.alba.credence: [1]", "actors.alba.credence", "[1] is not a number"),
    ("actors.alba.credence: 0,4", "actors.alba.credence", "'0,4' is not a number; write 0.4, with a point"),
    ("actors.alba.credence: 40 percent", "actors.alba.credence", "write 40%"),
    (
        "actors.alba.credence: 40",
        "actors.alba.credence",
        "40 is outside what is allowed, 0 to 1; write 40% for a share",
    ),
    ("actors.alba.because: [900.x.y]", "actors.alba.because", "stand beside the number that they are for: PATH: {"),
    ("actors.alba: {assumption: ours}", "actors.alba", "reasons alone (assumption) change nothing here"),
    ("actors.alba.credence: yes", "actors.alba.credence", "'yes' is not a number; write 0.4, 40%, or a map"),
    ("actors.alba.credence: true", "actors.alba.credence", "true is not a number"),
    ("actors.alba.credence: 1e400", "change.actors.alba.credence", "'1e400' is not a finite number"),
    ("actors.alba.capacity_troops: 3,000", "actors.alba.capacity_troops", "write 3000, digits alone"),
    ("actors.alba.capacity_troops: 3 000 troops", "actors.alba.capacity_troops", "write 3000, digits alone"),
    ("actors.alba.capacity_troops: 3k", "actors.alba.capacity_troops", "write 3000, digits alone"),
    ("actors.alba.capacity_troops: 3000 men", "actors.alba.capacity_troops", "write 3000, without a unit"),
    ("actors.alba.capacity_troops: [1, 2, 3]", "actors.alba.capacity_troops", "write {low: 1, likely: 2, high: 3}"),
    ("actors.alba.capacity_troops: -3000", "actors.alba.capacity_troops", "outside what is allowed, 0 to 1,000,000"),
    ("actors.alba.capacity_troops: {low: 1, likely: 2}", "actors.alba.capacity_troops", "got low and likely"),
    ("actors.alba.ratification.weeks: 1 to 4 weeks", "actors.alba.ratification.weeks", "write {low: 1, high: 4}"),
    ("actors.alba.ratification.weeks: 2025-03-20", "actors.alba.ratification.weeks", "weeks from the start"),
    ("actors.alba.stance: {open: 60, hesitant: 40}", "actors.alba.stance", "got 60; write 60%"),
    ("actors.alba.stance: Open", "actors.alba.stance", "did you mean 'open'?"),
    (
        "actors.alba.stance: \U0001f44d",
        "actors.alba.stance",
        "is not a stance; allowed: opposed, hesitant, open, pledged",
    ),
    ("actors.alba.european: yes", "actors.alba.european", "'yes' is not true or false; write true"),
    ("actors.alba.roles: contributor", "actors.alba.roles", "write [contributor]; allowed: broker, belligerent"),
    ("actors.alba.needs: [company]", "actors.alba.needs", "keys allowed: us_backstop, russian_consent, company"),
    ("actors.alba: none", "actors.alba", "null takes it away; keys allowed: name, like, roles"),
    ("actors..alba.stance: open", "actors..alba.stance", "a part of this path is empty; write actors.alba.stance"),
    ("actors/alba/stance: open", "actors/alba/stance", "joined by dots; write actors.alba.stance"),
    ("alba.stance: open", "alba.stance", "did you mean actors.alba.stance?"),
    ("network.usa->rus/persuasion: 0.5", "network.usa->rus/persuasion", "keys allowed: strength, willingness, open"),
    ("network.usa->rus/persuasion.weight: 0.5", "network.usa->rus/persuasion.weight", "allowed: strength, willingness"),
    (
        "network.usa\u2192rus/persuasion.strength: 0.5",
        "network.usa\u2192rus/persuasion.strength",
        "did you mean 'usa->rus/persuasion'?",
    ),
    ("defaults: 3", "defaults", "expected a map of pools, each a map of numbers"),
    ("start: 3 March 2025", "start", "is not a date; allowed: a day such as 2025-03-20"),
    ("actors.alba.credence: 140%", "actors.alba.credence", "1.4 is outside what is allowed, 0 to 1"),
    ("actors.alba.credence: {low: 0, high: 120%}", "actors.alba.credence", "1.2 is outside what is allowed, 0 to 1"),
    ("actors.alba.credence: {low: 2, high: 1}", "actors.alba.credence", "must not fall"),
    ("actors.alba.credence: {low: 1, hihg: 2}", "actors.alba.credence", "did you mean 'high'?"),
    ("actors.alba.stance: hesistant", "actors.alba.stance", "'hesistant' is not a stance; did you mean 'hesitant'?"),
    ("actors.alba.stance: {open: 60%, hesitant: 60%}", "actors.alba.stance", "the shares sum to 1.2"),
    ("actors.alba.stance: {hesistant: 60%, open: 40%}", "actors.alba.stance", "did you mean 'hesitant'?"),
    ("actors.alba.stance: {open: 140%, hesitant: -40%}", "actors.alba.stance", "a share lies between 0% and 100%"),
    ("actors.corvia.name: 3", "actors.corvia.name", "3 is not a word or text"),
    ("actors.nobody: null", "actors.nobody", "there is nothing here to remove"),
    ("actors.ukr: null", "actors", "expected one belligerent that hosts (host: true), got 0 (none)"),
    ("actors.rus: null", "actors", "expected one to eight belligerents that do not host, got 0 (none)"),
    ("network.usa->atlantis/persuasion: {strength: 1, willingness: 1}", "network.usa->atlantis/persuasion", "no actor"),
    ("network.usa->rus/magic: {strength: 1, willingness: 1}", "network.usa->rus/magic", "'magic' is not a channel"),
    (
        "network.usa->usa/persuasion: {strength: 1, willingness: 1}",
        "network.usa->usa/persuasion",
        "from one actor to another",
    ),
    ("network.usa->rus/persuasion: {strength: 1}", "network.usa->rus/persuasion", "has strength and willingness"),
    ("network.rus->alba/logistics_hub: {strength: 1, willingness: 1}", "network.rus->alba/logistics_hub", "has open"),
    ("missions.watch.leads: [atlantis]", "missions.watch.leads", "'atlantis' is no contributor"),
    ("missions.watch.eligible: [everyone]", "missions.watch.eligible", "'everyone' is no contributor or tag"),
    ("missions.watch.eligible: []", "missions.watch.eligible", "at least 1"),
    ("table.impose: reasurance", "table.impose", "did you mean 'reassurance'?"),
    ("horizon_weeks: 0", "horizon_weeks", "0 is not at least 1"),
    ("horizon_weeks: 1.5", "horizon_weeks", "1.5 is not a whole number"),
    ("horizon_weeks: true", "horizon_weeks", "true is not a whole number"),
    ("rounds_per_week: true", "rounds_per_week", "true is not a whole number"),
    ("actors.borea.states: true", "actors.borea.states", "true is not a whole number"),
    ("missions: {}", "missions", "an empty map changes nothing; null takes away what stands here"),
    ("actors.alba.needs: {}", "actors.alba.needs", "an empty map changes nothing; null takes away"),
    ("actors.alba: {needs: {}, stance: open}", "actors.alba.needs", "an empty map changes nothing; null takes away"),
    (".: open", ".", "a part of this path is empty; write actors.NAME.needs, for example"),
    ("horizon_wekes: 10", "horizon_wekes", "did you mean 'horizon_weeks'?"),
    (
        "actors.alba.credence: {likely: 0.3, because: [900.nobody.nothing]}",
        "actors.alba.credence",
        "no claim '900.nobody.nothing'",
    ),
    ("actors.alba.credence: {likely: 0.3, assumption: ''}", "actors.alba.credence.assumption", "expected a sentence"),
]


@pytest.mark.parametrize(("line", "path", "what"), CHANGES, ids=[line[:48] for line, _, _ in CHANGES])
def test_a_wrong_change_is_reported_at_its_line_with_what_is_allowed(
    tmp_path: Path, line: str, path: str, what: str
) -> None:
    match = the_fault(write_tiny(tmp_path, mine=f"{HEAD}  {line}\n"))
    assert what in match["what"]
    assert match["path"] == path
    if path != "actors":
        assert (Path(match["file"]).stem, match["line"]) == ("mine", "4")


WHOLE = [
    ("actors.alba.roles: [contributor, belligerent]", "actors.alba", "peacekeeper in its own cause"),
    (
        "actors.corvia.roles: [contributor, broker]",
        "actors.corvia",
        "also needs posture, backstop, burden_sharing, consent_ease",
    ),
    ("actors.corvia.capacity_troops: null", "actors.corvia", "also needs capacity_troops"),
    ("actors.corvia.provocation: 1", "actors.corvia", "provocation belong to no role of this actor"),
    ("missions.blue.target_troops: 10", "missions.blue", "a deployment aims at 1,000 troops or more"),
    ("missions.watch.target_troops: 0", "missions.watch", "a mission aims at 1 person or more"),
    ("missions.watch.groups: [observer, training]", "missions.watch", "in one of the groups"),
    ("missions.watch.groups: [european]", "missions.watch", "also in the group deployed"),
    ("actors.ukr.host: false", "actors.ukr", "an actor with the roles belligerent also needs provocation"),
]


@pytest.mark.parametrize(("line", "path", "what"), WHOLE, ids=[line for line, _, _ in WHOLE])
def test_a_change_that_a_whole_part_cannot_bear_is_reported_with_what_is_wrong(
    tmp_path: Path, line: str, path: str, what: str
) -> None:
    match = the_fault(write_tiny(tmp_path, mine=f"{HEAD}  {line}\n"))
    assert what in match["what"]
    assert match["path"] == path


@pytest.mark.parametrize(("line", "path", "what"), WHOLE, ids=[line for line, _, _ in WHOLE])
def test_a_change_that_a_whole_part_cannot_bear_is_reported_at_the_change(
    tmp_path: Path, line: str, path: str, what: str
) -> None:
    match = the_fault(write_tiny(tmp_path, mine=f"{HEAD}  {line}\n"))
    assert where(match)[:2] == ("mine", 4)


def test_wrong_reasons_are_reported_under_the_path_of_their_number(tmp_path: Path) -> None:
    text = f"{HEAD}  actors.alba.credence: {{likely: 0.3, because: 900.x.y}}\n"
    assert where(the_fault(write_tiny(tmp_path, mine=text))) == ("mine", 4, "actors.alba.credence.because")


def test_a_wrong_word_in_a_list_is_reported_once(tmp_path: Path) -> None:
    match = the_fault(write_tiny(tmp_path, mine=f"{HEAD}  actors.alba.roles: [contributer]\n"))
    assert where(match) == ("mine", 4, "actors.alba.roles.0")
    assert "did you mean 'contributor'?" in match["what"]


@pytest.mark.parametrize("value", [".nan", "{low: 0, high: .nan}", ".inf", "1e999"])
def test_a_number_that_is_not_finite_is_refused_where_it_stands(tmp_path: Path, value: str) -> None:
    match = the_fault(write_tiny(tmp_path, mine=f"{HEAD}  actors.alba.credence: {value}\n"))
    assert where(match)[:2] == ("mine", 4)
    assert "is not a finite number" in match["what"]


def test_a_fault_in_a_file_points_at_the_very_column(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(TINY.replace("arms: 50%", "arms: 150%"), encoding="utf-8")
    match = the_fault(tmp_path / "mine.yaml")
    line = TINY.splitlines().index("    arms: 50%") + 1
    assert (match["line"], match["column"], match["path"]) == (str(line), "11", "actors.ukr.arms")


def test_a_key_that_stands_twice_is_refused_at_the_second(tmp_path: Path) -> None:
    match = the_fault(write_tiny(tmp_path, mine=f"{HEAD}  horizon_weeks: 8\n  horizon_weeks: 9\n"))
    assert where(match) == ("mine", 5, "change.horizon_weeks")
    assert "stands twice" in match["what"]


def test_a_circle_of_extends_is_reported_with_all_its_members(tmp_path: Path) -> None:
    path = write_tiny(tmp_path, one="extends: two.yaml\n", two="extends: one.yaml\n")
    match = the_fault(path)
    assert where(match) == ("one", 1, "extends")
    assert "two -> one -> two" in match["what"]


def test_a_scenario_that_extends_itself_is_a_circle(tmp_path: Path) -> None:
    assert "cannot extend itself" in the_fault(write_tiny(tmp_path, one="extends: one.yaml\n"))["what"]


def test_extending_what_is_not_shipped_is_reported_at_its_line(tmp_path: Path) -> None:
    match = the_fault(write_tiny(tmp_path, mine="question: x?\nextends: baselin\n"))
    assert where(match)[:2] == ("mine", 2)
    assert "did you mean 'baseline'?" in match["what"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "the file is empty"),
        ("# nothing but a remark\n", "the file is empty"),
        ("- a\n- b\n", "expected a map of keys and values"),
        ("extends: [a, b]\n", "expected the name or path of one scenario"),
        ("extends: tiny.yaml\nchange: 3\n", "expected a map of dotted path: value"),
        ("extends: tiny.yaml\ninclude: 3\n", "expected a map of part: file or folder"),
        ("extends: tiny.yaml\ninclude: {actors: 3}\n", "expected the name of a file or folder"),
        ("extends: tiny.yaml\nchange:\n- actors.alba.stance: open\n", "such as actors.spain.stance: open"),
        ("extends: tiny.yaml\nchange:\n  actors.alba.stance:open\n", "with a space after the colon"),
        ("extends: tiny.yaml\nactors.alba.stance: open\n", "stands under change:, indented"),
        ("question: x\nchange: {horizon_weeks: 3}\n", "there is nothing to change; write extends: baseline"),
        ("question: What if: Berlin?\n", "a text with a colon and a space in it stands in quotes"),
        ("question: 'Berlin's change'\n", "a quotation mark within quotes is doubled"),
        ("question: 'What if\nextends: tiny.yaml\n", "a quotation mark is not closed, from line 1 on"),
        ("change:\n\ta: b\n", "a tab; indent with spaces"),
        ("question: @home\n", "put the text in quotes"),
        ("question: x\n---\nquestion: y\n", "one file holds one config: remove the line ---"),
        ("extends: [\n", "not YAML"),
        ("a: b: c\n", "not YAML"),
        ("a: *nobody\n", "not YAML"),
        ("? [a, b]\n: c\n", "a key must be a word"),
    ],
)
def test_a_file_of_the_wrong_form_is_refused_in_one_line(tmp_path: Path, text: str, what: str) -> None:
    assert what in the_fault(write_tiny(tmp_path, mine=text))["what"]


@pytest.mark.parametrize("content", [bytes(range(256)), b"\xff\xfe\x00\x01" * 50, b"PK\x03\x04\x00\x00\x00\x80\x99"])
def test_a_binary_file_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "binary.yaml"
    path.write_bytes(content)
    assert where(the_fault(path))[:2] == ("binary", 1)


def test_a_bomb_of_anchors_is_refused_and_not_unfolded(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert "too many values" in the_fault(write_tiny(tmp_path, mine="\n".join(lines)))["what"]


def test_a_missing_file_is_refused_in_the_same_form(tmp_path: Path) -> None:
    assert "no such file" in the_fault(tmp_path / "nowhere.yaml")["what"]


@pytest.mark.parametrize("text", ["extends: nowhere.yaml\n", "extends: tiny.yaml\ninclude: {actors: nowhere.yaml}\n"])
def test_a_file_that_is_asked_for_and_missing_is_reported_where_it_is_asked_for(tmp_path: Path, text: str) -> None:
    match = the_fault(write_tiny(tmp_path, mine=text))
    assert where(match)[:2] == ("mine", text.count("\n"))


def test_a_missing_file_or_a_folder_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    for name, what in (("nowhere.yaml", "no such file"), ("folder.yaml", "not a file")):
        with pytest.raises(InputError, match=what) as refused:
            load(tmp_path / name)
        assert name in str(refused.value)


def test_several_faults_of_values_are_reported_at_once_each_at_its_line(tmp_path: Path) -> None:
    text = f"""{HEAD}  actors.alba.credense: 30%
  actors.borea.credence: 140%
  horizon_weeks: soon
  actors.usa.backstop.offers.at_most: air_cove
"""
    matches = {(match["path"], int(match["line"])) for match in faults_of(write_tiny(tmp_path, mine=text))}
    assert matches == {
        ("actors.alba.credense", 4),
        ("actors.borea.credence", 5),
        ("horizon_weeks", 6),
        ("actors.usa.backstop.offers.at_most", 7),
    }


def test_several_faults_of_reference_are_reported_at_once(tmp_path: Path) -> None:
    text = f"""{HEAD}  network.usa->atlantis/persuasion: {{strength: 1, willingness: 1}}
  missions.watch.eligible: [everyone]
  actors.alba.credence: {{likely: 0.3, because: [900.nobody.nothing]}}
  actors.borea.credence: {{likely: 0.3, assumption: made up for tests}}
"""
    lines = [int(match["line"]) for match in faults_of(write_tiny(tmp_path, mine=text))]
    assert {4, 5, 6} <= set(lines)


def test_faults_of_all_kinds_are_reported_at_once(tmp_path: Path) -> None:
    text = f"""{HEAD}  actors.alba.credense: 30%
  actors.borea.credence: .nan
  actors.borea.home_guard: 140%
  actors.albo.credence: 30%
  network.usa->atlantis/persuasion: {{strength: 1, willingness: 1}}
  actors.corvia.credence: {{likely: 0.3, because: [900.nobody.nothing]}}
"""
    assert {int(match["line"]) for match in faults_of(write_tiny(tmp_path, mine=text))} == {4, 5, 6, 7, 8, 9}


def test_faults_of_reference_and_reason_are_reported_beside_wrong_values_of_the_same_part(tmp_path: Path) -> None:
    lever = "{held_by: [nowhere], group: a, steps: [{label: b, change: {}}, {label: c, change: {start: 2025-04-01}}]}"
    text = f"""extends: tiny.yaml
change:
  missions.reassurance.target_troops: {{likely: many, assumption: ours}}
  missions.reassurance.leads: [atlantis]
  missions.watch.eligible: [3, everyone]
  missions.watch.leads: [usa]
  levers.talk: {lever}
"""
    assert sorted((int(match["line"]), match["path"]) for match in faults_of(write_tiny(tmp_path, mine=text))) == [
        (3, "missions.reassurance.target_troops"),
        (4, "missions.reassurance.leads"),
        (5, "missions.watch.eligible.0"),
        (6, "missions.watch.leads"),
        (7, "levers.talk.held_by"),
        (7, "levers.talk.name"),
        (7, "levers.talk.steps.0.change"),
        (7, "levers.talk.steps.1.change.start"),
    ]


def test_a_number_without_reason_is_reported_beside_a_wrong_value_of_the_same_actor(tmp_path: Path) -> None:
    need = "actors.germany.needs.russian_consent: {at_least: 3, firmness: 0.3}"
    path = tmp_path / "mine.yaml"
    path.write_text(f"extends: baseline\nchange:\n  {need}\n  actors.germany.hesitancy.public: 0.3\n", encoding="utf-8")
    assert [match["path"] for match in faults_of(path)] == [
        "actors.germany.needs.russian_consent.at_least",
        "actors.germany.hesitancy.public",
    ]


def test_what_a_wrong_value_of_a_part_leaves_unknown_is_no_second_fault(tmp_path: Path) -> None:
    for line in (
        "missions.reassurance.eligible: 3",
        "missions.reassurance.groups: 3",
        "actors.ukr.roles: 3",
        "actors.usa.posture.turns: often",
        "network.usa->rus/persuasion: {strength: much, willingness: 1}",
    ):
        assert where(the_fault(write_tiny(tmp_path, mine=f"{HEAD}  {line}\n")))[:2] == ("mine", 4), line


def test_faults_of_several_files_are_reported_at_once(tmp_path: Path) -> None:
    path = write_tiny(tmp_path, mine=f"{HEAD}  horizon_weeks: soon\n  actors.corvia.name: 3\n  table.impose: nothing\n")
    base = TINY.replace("arms: 50%", "arms: 150%").replace("worth: 55%", "worth: .nan").replace("alba->b", "atlas->b")
    (tmp_path / "tiny.yaml").write_text(base, encoding="utf-8")
    assert {where(match)[::2] for match in faults_of(path)} == {
        ("mine", "horizon_weeks"),
        ("mine", "actors.corvia.name"),
        ("mine", "table.impose"),
        ("tiny", "actors.ukr.arms"),
        ("tiny", "missions.reassurance.worth"),
        ("tiny", "network.atlas->borea/troop_example"),
    }


@pytest.mark.parametrize("text", ["", "name: [\n", "? [a, b]\n: c\n"])
def test_an_actor_that_cannot_be_read_does_not_make_what_names_it_wrong(tmp_path: Path, text: str) -> None:
    (tmp_path / "actors").mkdir()
    (tmp_path / "actors" / "alba.yaml").write_text(text, encoding="utf-8")
    include = "include: {actors: actors}\nchange:\n  actors.alba.credence: 30%\n  rules.pledge.move: 300%\n"
    match, other = faults_of(write_tiny(tmp_path, mine=f"extends: tiny.yaml\nassumption: ours\n{include}"))
    assert where(match)[0] == "alba"
    assert where(other) == ("mine", 6, "rules.pledge.move")


def test_a_base_that_is_missing_does_not_hide_what_cannot_be_read(tmp_path: Path) -> None:
    path = write_tiny(tmp_path, mine="extends: nowhere.yaml\nchange:\n  actors.alba.credence: .nan\n")
    assert [where(match)[1] for match in faults_of(path)] == [1, 3]


def test_a_wrong_edit_of_the_baseline_in_python_is_reported_with_its_source() -> None:
    with pytest.raises(InputError) as refused:
        baseline().change({"actors.germny.stance": "open", "actors.frnace.stance": "open"})
    assert [str(fault).partition(";")[0] for fault in refused.value.faults] == [
        "python: actors.frnace.stance: 'frnace' is not among the actors",
        "python: actors.germny.stance: 'germny' is not among the actors",
    ]


@pytest.mark.parametrize("value", [float("nan"), True, object(), [], {"low": 1}])
def test_an_edit_of_the_wrong_type_in_python_is_refused_as_an_input_error(value: Any) -> None:
    with pytest.raises(InputError, match=r"actors\.alba\.credence"):
        tiny().change({"actors.alba.credence": value})


def test_a_part_in_the_wrong_shape_in_a_shipped_actor_file_is_reported_in_that_file(tmp_path: Path) -> None:
    (tmp_path / "actors").mkdir()
    (tmp_path / "actors" / "drift.yaml").write_text("name: Drift\nroles: [patron]\nrolls: []\n", encoding="utf-8")
    path = write_tiny(tmp_path, mine="extends: tiny.yaml\ninclude: {actors: actors}\n")
    match = the_fault(path)
    assert where(match) == ("drift", 3, "actors.drift.rolls")


def test_an_actor_is_offered_by_the_name_that_people_call_it_by() -> None:
    with pytest.raises(InputError, match="did you mean 'uk'\\?"):
        baseline().change({"actors.united_kingdom.stance": "open"})


def test_an_actor_with_governments_is_refused_a_stance_with_what_to_change_instead() -> None:
    with pytest.raises(InputError, match=r"change governments\.outgoing\.stance and governments\.incoming\.stance"):
        baseline().change({"actors.germany.stance": "open"})
    assert baseline().change({
        "actors.germany.stance": "open", "actors.germany.governments": None, "actors.germany.handover": None,
    }).parts.actors["germany"].stance is not None  # fmt: skip


def test_an_edge_with_a_wrong_number_is_reported_with_the_actors_that_nobody_has(tmp_path: Path) -> None:
    text = f"{HEAD}  network.usa->atlantis/persuasion: {{strength: 2, willingness: 1}}\n"
    messages = [match["what"] for match in faults_of(write_tiny(tmp_path, mine=text))]
    assert any("2 is outside" in each for each in messages) and any("no actor 'atlantis'" in each for each in messages)
    assert len(messages) == 2


def test_a_text_in_another_encoding_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes("extends: baseline\nquestion: gr\u00fcn\n".encode("latin-1"))
    assert "(line 2 has the byte 0xfc); save it as UTF-8" in the_fault(path)["what"]
    path.write_text("extends: baseline\n", encoding="utf-16")
    assert "in UTF-16; save it as UTF-8" in the_fault(path)["what"]


def test_a_misspelt_header_is_reported_with_what_it_may_have_meant(tmp_path: Path) -> None:
    match = the_fault(write_tiny(tmp_path, mine="extends: tiny.yaml\nquestoin: x?\n"))
    assert where(match) == ("mine", 2, "questoin")
    assert "did you mean 'question'?" in match["what"]


@pytest.mark.parametrize("wrong", ["chnage", "extend", "includes"])
def test_a_misspelt_key_of_the_header_is_reported_with_what_it_may_have_meant(tmp_path: Path, wrong: str) -> None:
    match = the_fault(write_tiny(tmp_path, mine=f"extends: tiny.yaml\n{wrong}: {{}}\n"))
    assert "did you mean" in match["what"]


def test_an_edge_with_a_wrong_number_is_reported_with_a_channel_that_is_none(tmp_path: Path) -> None:
    text = f"{HEAD}  network.usa->atlantis/persuading: {{strength: 2, willingness: 1}}\n"
    messages = [match["what"] for match in faults_of(write_tiny(tmp_path, mine=text))]
    assert any("'persuading' is not a channel; did you mean 'persuasion'?" in each for each in messages)
    assert any("2 is outside" in each for each in messages) and any("no actor 'atlantis'" in each for each in messages)
    assert len(messages) == 3
