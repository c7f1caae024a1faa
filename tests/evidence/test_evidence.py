"""Tests of documents, claims and patterns: small evidence of our own making, then the evidence that ships."""

import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.evidence import Evidence, load, seeds_home, unexplained_claims, used_claims
from sim.evidence.against_documents import DocumentsMissing, check, copied
from sim.reading import files
from sim.reading.errors import Fault, InputError

ORIGINAL = """Foxes met hens in the old barn on Monday to talk about eggs.

Eggs
The hens said that no fox may come closer than the old oak tree.
"""

DOCUMENTS = f"""\
documents:
  "900":
    file: 900.txt
    kind: fable
    outlet: null
    date: 2025-02-01
    sha256: {hashlib.sha256(ORIGINAL.encode()).hexdigest()}
    leans_on: {{}}
"""

CLAIMS = """\
document: "900"
without_claim:
  2: heading
claims:
  900.author.meeting:
    paragraph: 1
    speaker: author
    date: document
    actors: [fox, hen]
    topic: negotiation
    claim: The two sides held talks at the start of the week.
    locator: in the old barn
    says: {kind: fact}
  900.hens.distance:
    paragraph: 3
    speaker: hens
    date: 2025-02
    actors: [hen]
    topic: russian_consent
    claim: Foxes have to stay beyond a certain tree.
    locator: the old oak tree
    says: {kind: condition, sure: certain}
    unused: no number is about trees
"""

PATTERNS = """\
patterns:
  more_talk:
    says: Longer talks make peace more frequent.
    claims: [900.author.meeting]
    kind: comparison
    change: {talks: long}
    quantity: peace
    direction: rises
    sure: likely
  peace_at_all:
    says: Peace is not to be expected.
    claims: [900.author.meeting]
    kind: level
    quantity: peace
    likelihood: unlikely
    sure: possible
"""

Edit = Callable[..., Path]


@pytest.fixture
def seeds(tmp_path: Path) -> Edit:
    """Return a writer of a small seeds folder, with (file, old, new) edits made to it."""

    def write(*edits: tuple[str, str, str]) -> Path:
        files = {"documents": DOCUMENTS, "claims/900": CLAIMS, "patterns": PATTERNS}
        for name, old, new in edits:
            assert old in files[name]
            files[name] = files[name].replace(old, new, 1)
        (tmp_path / "claims").mkdir(exist_ok=True)
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "originals").mkdir(exist_ok=True)
        (tmp_path / "originals" / "900.txt").write_text(ORIGINAL, encoding="utf-8")
        return tmp_path

    return write


def refused(folder: Path, actors: tuple[str, ...] | None = None) -> list[Fault]:
    """Return the faults for which evidence is refused."""
    with pytest.raises(InputError) as error:
        load(folder, actors)
    return error.value.faults


def checked(folder: Path) -> list[Fault]:
    """Return the faults found when evidence is held against its originals."""
    return check(load(folder), folder / "originals")


def line_of(folder: Path, name: str, text: str) -> int:
    """Return the line at which ``text`` stands in a seeds file, counted from 1."""
    lines = (folder / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, start=1) if text in line)


def test_sound_evidence_loads_with_all_it_says(seeds: Edit) -> None:
    loaded = load(seeds(), actors=("fox", "hen"))
    claim = loaded.claims["900.hens.distance"]
    assert (claim.document, claim.paragraph, claim.speaker, claim.date) == ("900", 3, "hens", "2025-02")
    assert claim.text == "Foxes have to stay beyond a certain tree."
    assert claim.says is not None and claim.says.sure == "certain"
    assert loaded.documents["900"].without_claim == {2: "heading"}
    assert loaded.patterns["peace_at_all"].likelihood == "unlikely"


def test_a_claim_knows_the_line_it_stands_on(seeds: Edit) -> None:
    folder = seeds()
    place = load(folder).claims["900.hens.distance"].place
    assert place.file.endswith("900.yaml")
    assert place.line == line_of(folder, "claims/900", "900.hens.distance") + 1


def test_claims_are_selected_by_actor_topic_and_document(seeds: Edit) -> None:
    loaded = load(seeds())
    assert [claim.id for claim in loaded.select(actor="fox")] == ["900.author.meeting"]
    assert [claim.id for claim in loaded.select(actor="hen", topic="russian_consent")] == ["900.hens.distance"]
    assert len(loaded.select(document="900")) == len(loaded.select()) == 2
    assert loaded.select(actor="wolf") == []
    assert loaded.by_document() == {"900": loaded.select()}


def test_selecting_by_a_topic_or_document_that_is_none_says_what_is_meant(seeds: Edit) -> None:
    loaded = load(seeds())
    with pytest.raises(ValueError, match="'stanec' is not a topic; did you mean 'stance'"):
        loaded.select(topic="stanec")
    with pytest.raises(ValueError, match="'901' is not a document; did you mean '900'"):
        loaded.select(document="901")


def test_evidence_survives_the_way_to_a_worker(seeds: Edit) -> None:
    loaded = load(seeds())
    assert pickle.loads(pickle.dumps(loaded)) == loaded


def test_an_edit_is_seen_at_the_next_load(seeds: Edit) -> None:
    before = load(seeds())
    after = load(seeds(("claims/900", "speaker: hens", "speaker: the henhouse")))
    assert before.claims["900.hens.distance"].speaker == "hens"
    assert after.claims["900.hens.distance"].speaker == "the henhouse"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("claims/900", "    speaker: author", "    speeker: author", "did you mean 'speaker'?"),
        ("claims/900", "    paragraph: 1", "    paragraph: one", "'one' is not a whole number"),
        ("claims/900", "    paragraph: 1", "    paragraph: true", "true is not a whole number"),
        ("claims/900", "    paragraph: 1", "    paragraph: 0", "0 is not at least 1"),
        ("claims/900", "topic: negotiation", "topic: negotation", "'negotation' is not a topic; did you mean"),
        ("claims/900", "actors: [fox, hen]", "actors: [fox, hem]", "'hem' is no actor here; did you mean 'hen'?"),
        ("claims/900", "locator: in the old barn", "locator: met hens in the old barn", "6 words"),
        ("claims/900", "date: document", "date: last week", "'last week' is not a date"),
        ("claims/900", "says: {kind: fact}", "says: {kind: fakt}", "did you mean 'fact'?"),
        ("claims/900", "    unused: no", "    taken_back_by: 900.author.meting\n    unused: no", "900.author.meeting"),
        ("claims/900", "900.hens.distance:", "901.hens.distance:", "the id begins with '901'"),
        ("claims/900", "  2: heading", "  3: heading", "paragraph 3 is listed as without a claim"),
        ("claims/900", 'document: "900"', 'document: "090"', "'090' is no document here; did you mean '900'?"),
        ("claims/900", "  2: heading", "  two: heading", "'two' is not a whole number"),
        ("documents", "leans_on: {}", 'leans_on: {"901": same}', "'901' is no document here"),
        ("documents", "    kind: fable", "    king: fable", "did you mean 'kind'?"),
        ("documents", "sha256: ", "sha256: xy", "does not have the form"),
        ("patterns", "claims: [900.author.meeting]", "claims: [900.author.meating]", "'900.author.meeting'?"),
        ("patterns", "    direction: rises\n", "", "a comparison has a direction"),
        ("patterns", "direction: rises", "direction: raises", "did you mean 'rises'?"),
        ("patterns", "    likelihood: unlikely\n", "", "either a range or a likelihood"),
        ("patterns", "likelihood: unlikely", "likelihood: unlikly", "did you mean 'unlikely'?"),
        ("patterns", "unlikely", "unlikely\n    range: {low: 0, high: 1}", "either a range or a likelihood"),
        ("patterns", "    change: {talks: long}\n", "", "either a change"),
        ("patterns", "change: {talks: long}", "reference: {talks: long}\n    than: war", "stands beside a change"),
        ("patterns", "likelihood: unlikely", "range: {}", "the range is empty"),
        ("patterns", "likelihood: unlikely", "range: {low: 2, high: 1}", "low (2) is above high (1)"),
        ("patterns", "    quantity: peace\n    direction", "    direction", "the key 'quantity' is missing"),
    ],
)
def test_each_mistake_is_refused_in_plain_words_with_its_file(
    seeds: Edit, name: str, old: str, new: str, message: str
) -> None:
    folder = seeds((name, old, new))
    faults = refused(folder, actors=("fox", "hen"))
    matching = [fault for fault in faults if message in fault.message]
    assert matching, [str(fault) for fault in faults]
    assert matching[0].place.file.endswith(f"{name}.yaml")
    assert matching[0].place.line > 0 and matching[0].place.column > 0


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("claims/900", "topic: russian_consent", "topic: russian_konsent"),
        ("claims/900", "locator: the old oak tree", "locator: closer than the old oak tree"),
        ("patterns", "direction: rises", "direction: soars"),
        ("documents", "date: 2025-02-01", "date: winter"),
    ],
)
def test_a_mistake_is_reported_at_its_own_line_and_path(seeds: Edit, name: str, old: str, new: str) -> None:
    folder = seeds((name, old, new))
    (fault,) = refused(folder)
    assert fault.place.line == line_of(folder, name, new)
    assert fault.path.endswith(new.partition(":")[0])


def test_all_mistakes_of_all_files_are_reported_at_once(seeds: Edit) -> None:
    folder = seeds(
        ("documents", "    kind: fable\n", ""),
        ("claims/900", "topic: negotiation", "topic: gossip"),
        ("claims/900", "900.hens.distance:", "901.hens.distance:"),
        ("patterns", "sure: possible", "sure: perhaps"),
        ("patterns", "claims: [900.author.meeting]", "claims: [900.author.meating]"),
    )
    messages = [str(fault) for fault in refused(folder)]
    for part in ("'kind' is missing", "'gossip'", "begins with '901'", "'perhaps'", "'900.author.meating'"):
        assert sum(part in message for message in messages) == 1, messages


def test_a_pattern_may_cite_a_claim_that_has_a_fault_of_its_own(seeds: Edit) -> None:
    faults = refused(seeds(("claims/900", "topic: negotiation", "topic: gossip")))
    assert [fault.path for fault in faults] == ["claims.900.author.meeting.topic"]


def test_two_files_may_not_hold_claims_of_one_document(seeds: Edit) -> None:
    folder = seeds()
    (folder / "claims" / "900_again.yaml").write_text('document: "900"\nclaims: {}\n')
    assert all("2 files hold claims of '900'" in fault.message for fault in refused(folder))


def test_a_missing_or_empty_file_is_a_fault_and_not_a_crash(seeds: Edit) -> None:
    folder = seeds()
    (folder / "patterns.yaml").unlink()
    (folder / "documents.yaml").write_text("null\n")
    messages = [str(fault) for fault in refused(folder)]
    assert any("patterns.yaml:1:1: no such file" in message for message in messages)
    assert any("not a map of keys and values" in message for message in messages)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert any("no such file" in fault.message for fault in refused(tmp_path / "nowhere"))


def test_sound_evidence_agrees_with_its_originals(seeds: Edit) -> None:
    assert checked(seeds()) == []


def test_a_changed_document_is_detected_by_its_hash(seeds: Edit) -> None:
    folder = seeds()
    (folder / "originals" / "900.txt").write_text(ORIGINAL + " ")
    (fault,) = checked(folder)
    assert fault.path == "documents.900.sha256"
    assert hashlib.sha256((ORIGINAL + " ").encode()).hexdigest() in fault.message


@pytest.mark.parametrize(("locator", "times"), [("in the new barn", 0), ("In the old barn", 0), ("on", 2)])
def test_a_locator_stands_exactly_once_in_its_paragraph(seeds: Edit, locator: str, times: int) -> None:
    (fault,) = checked(seeds(("claims/900", "locator: in the old barn", f"locator: '{locator}'")))
    assert fault.path == "claims.900.author.meeting.locator"
    assert f"{locator!r} stands {times} times in paragraph 1" in fault.message


def test_a_paragraph_beyond_the_last_is_detected(seeds: Edit) -> None:
    folder = seeds(("claims/900", "paragraph: 1", "paragraph: 4"), ("claims/900", "2: heading", "5: heading"))
    messages = [str(fault) for fault in checked(folder)]
    assert any("4 is beyond the last paragraph, 3" in message for message in messages)
    assert any("paragraph 5 is listed, but there are 3" in message for message in messages)


def test_a_paragraph_that_nothing_accounts_for_is_detected(seeds: Edit) -> None:
    (fault,) = checked(seeds(("claims/900", "without_claim:\n  2: heading", "without_claim: {}")))
    assert fault.message == "paragraph 2 has no claim and is not listed"


@pytest.mark.parametrize(
    ("name", "old", "path"),
    [
        ("claims/900", "claim: The two sides held talks at the start of the week.", "claims.900.author.meeting.claim"),
        ("patterns", "says: Peace is not to be expected.", "patterns.peace_at_all.says"),
        ("patterns", "    sure: possible", "patterns.peace_at_all.reading"),
    ],
)
def test_a_run_of_six_copied_words_is_detected(seeds: Edit, name: str, old: str, path: str) -> None:
    key = path.rpartition(".")[2]
    kept = old + "\n    " if key == "reading" else ""
    (fault,) = checked(seeds((name, old, f"{kept}{key}: It is so, no fox may come closer, than the hut.")))
    assert fault.path == path
    assert "'no fox may come closer than' is copied from document 900" in fault.message


def test_five_shared_words_are_not_copied_and_six_are_whatever_the_punctuation() -> None:
    assert copied("no fox may come closer again", ORIGINAL) == ""
    assert copied("No fox — MAY come, closer-than?", ORIGINAL) == "no fox may come closer than"
    assert copied("", ORIGINAL) == copied(ORIGINAL, "") == ""


def test_missing_originals_are_named(seeds: Edit, tmp_path: Path) -> None:
    loaded = load(seeds())
    with pytest.raises(DocumentsMissing, match="nowhere"):
        check(loaded, tmp_path / "nowhere")
    (tmp_path / "originals" / "900.txt").unlink()
    with pytest.raises(DocumentsMissing, match=r"900\.txt"):
        check(loaded, tmp_path / "originals")


def test_a_claim_is_used_by_a_number_or_a_pattern_or_says_why_not(seeds: Edit) -> None:
    loaded = load(seeds())
    assert used_claims(loaded, []) == {"900.author.meeting"}
    assert used_claims(loaded, ["900.hens.distance"]) == set(loaded.claims)
    assert unexplained_claims(loaded, []) == []
    silent = load(seeds(("claims/900", "    unused: no number is about trees\n", "")))
    assert unexplained_claims(silent, []) == ["900.hens.distance"]
    assert unexplained_claims(silent, ["900.hens.distance"]) == []


def test_an_installed_package_finds_its_seeds_inside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "sim"
    package.mkdir()
    monkeypatch.setattr(files, "__file__", str(package / "reading" / "files.py"))
    assert seeds_home() == tmp_path.resolve() / "seeds"
    (package / "_data" / "seeds").mkdir(parents=True)
    assert seeds_home() == package.resolve() / "_data" / "seeds"


@pytest.fixture(scope="module")
def shipped() -> Evidence:
    """Return the evidence that ships."""
    return load()


def test_the_shipped_evidence_is_sound_and_rich(shipped: Evidence) -> None:
    assert len(shipped.claims) >= 120
    assert shipped.patterns


def test_all_five_documents_have_claims(shipped: Evidence) -> None:
    assert set(shipped.documents) == {"000", "001", "002", "003", "004"}
    assert all(claims for claims in shipped.by_document().values())


def test_a_figure_that_its_speaker_denied_is_marked_as_taken_back(shipped: Evidence) -> None:
    withdrawn = [claim for claim in shipped.claims.values() if claim.taken_back_by]
    assert "000.zelensky.denies_200000" in {claim.taken_back_by for claim in withdrawn}


def test_leaning_documents_lean_on_each_other_and_say_why(shipped: Evidence) -> None:
    for id, document in shipped.documents.items():
        assert id not in document.leans_on
        assert all(id in shipped.documents[other].leans_on for other in document.leans_on)


def test_no_document_is_later_than_the_day_of_information(shipped: Evidence) -> None:
    assert all(document.date <= "2025-03-03" for document in shipped.documents.values())
    dated = [claim.date for claim in shipped.claims.values() if claim.date != "document"]
    assert all(date <= "2025-03-03" for date in dated)
