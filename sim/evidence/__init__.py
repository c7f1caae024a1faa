"""Look up what the documents say, and check it against the originals."""

from sim.evidence.against_documents import DocumentsMissing, check, copied, paragraphs
from sim.evidence.claims import (
    Claim,
    Evidence,
    Pattern,
    SourceDocument,
    load,
    seeds_home,
    unexplained_claims,
    used_claims,
)

__all__ = [
    "Claim",
    "DocumentsMissing",
    "Evidence",
    "Pattern",
    "SourceDocument",
    "check",
    "copied",
    "load",
    "paragraphs",
    "seeds_home",
    "unexplained_claims",
    "used_claims",
]
