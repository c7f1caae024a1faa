"""Look up what the documents say and what was published elsewhere, and check claims against the originals."""

from sim.evidence import literature
from sim.evidence.against_documents import DocumentsMissing, check, copied, copied_records, paragraphs
from sim.evidence.claim_files import load, seeds_home
from sim.evidence.claims import (
    LIKELIHOODS,
    LOCATOR_WORDS,
    MANY,
    Claim,
    Date,
    Evidence,
    Likelihood,
    Number,
    Paragraph,
    Pattern,
    Range,
    Says,
    SourceDocument,
    Text,
    unexplained_claims,
    used_claims,
)
from sim.evidence.countries import load_countries
from sim.evidence.dates import LAST_DAY
from sim.evidence.literature import LITERATURE_TOPICS, SEEN, Column, Literature, Record, Source
from sim.evidence.targets import LOGS, SHARES, Target, Targets, load_targets

__all__ = [
    "LAST_DAY",
    "LIKELIHOODS",
    "LITERATURE_TOPICS",
    "LOCATOR_WORDS",
    "LOGS",
    "MANY",
    "SEEN",
    "SHARES",
    "Claim",
    "Column",
    "Date",
    "DocumentsMissing",
    "Evidence",
    "Likelihood",
    "Literature",
    "Number",
    "Paragraph",
    "Pattern",
    "Range",
    "Record",
    "Says",
    "Source",
    "SourceDocument",
    "Target",
    "Targets",
    "Text",
    "check",
    "copied",
    "copied_records",
    "literature",
    "load",
    "load_countries",
    "load_targets",
    "paragraphs",
    "seeds_home",
    "unexplained_claims",
    "used_claims",
]
