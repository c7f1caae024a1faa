"""Phase 7, pledge: whether a contributor promises troops, if there is a truce."""

from math import exp
from typing import NamedTuple


class Contributor(NamedTuple):
    """What a contributor wants; each weight already multiplied by its own firmness or fear, all at least 0."""

    demanded: float
    weight_backstop: float
    autonomy: float
    wanted_consent: float
    weight_consent: float
    weight_company: float
    weight_exposure: float
    weight_guard: float
    decent: float
    weight_settlement: float
    weight_definition: float
    weight_sidelining: float
    weight_fatigue: float


class Sight(NamedTuple):
    """What a contributor sees when it decides; each in [0, 1] but exposure, pressure and sufficiency (at least 0)."""

    promise: float
    consent: float
    sufficiency: float
    company: float
    exposure: float
    conceded: float
    defined: float
    sidelined: float
    fatigue: float


def backstop_shortfall(promise: float, demanded: float, own: float) -> float:
    r"""Return by how much the promise falls short of the guarantee demanded, at least 0.

    .. math:: s = \max(0,\; d - \hat q\, g - \alpha \min(1, n))

    ``own``: how far a European guarantee stands in for it. Source: claims ``000.europeans.need_backstop``,
    ``003.macron.europe_responsible``.

    >>> round(backstop_shortfall(0.2, demanded=0.4, own=0.1), 6)
    0.1
    """
    return max(0.0, demanded - promise - own)


def unmet(backstop: float, consent: float) -> float:
    r"""Return how much the demands hold a state back: as much as the one that is least met, both at least 0.

    .. math:: u = \max(\beta_d s,\; \beta_k r\, (k^* - k)^+)

    Demands are conditions, not wishes: "only with" and "only if" are complements, and meeting one of two unlocks
    nothing while the other stands. Source: claims ``000.merz.if_russia_consents``, ``000.europeans.need_backstop``;
    Goertz and Starr (2003) on necessary conditions, Hirshleifer (1983) on the weakest link; decision 0010.

    >>> unmet(0.75, consent=0.5), unmet(0.25, consent=0.5)
    (0.75, 0.5)
    """
    return max(backstop, consent)


def circumstances(me: Contributor, sees: Sight) -> float:
    r"""Return how much the circumstances speak for sending troops, X; only its change since week 0 counts.

    .. math:: X = -\max(\beta_d (d - \hat q g - \alpha n)^+,\; \beta_k r (k^* - k)^+) + \beta_n a\, c - \beta_h h
              - \beta_x \chi \min(1,n) - \beta_q (\kappa - \kappa^*)^+ - \beta_f (1 - D) + \beta_s \sigma S
              + \beta_a \phi A

    Source: ``docs/model.md``, phase 7; Granovetter (1978), Wolford (2015), Reischmann and Oechssler (2018).
    """
    joined = min(1.0, sees.sufficiency)
    short = backstop_shortfall(sees.promise, me.demanded, me.autonomy * joined)
    refused = max(0.0, me.wanted_consent - sees.consent)
    against = unmet(me.weight_backstop * short, me.weight_consent * refused)
    against += me.weight_exposure * sees.exposure + me.weight_guard * joined
    against += me.weight_settlement * max(0.0, sees.conceded - me.decent) + me.weight_definition * (1.0 - sees.defined)
    return (
        me.weight_company * sees.company
        + me.weight_sidelining * sees.sidelined
        + me.weight_fatigue * sees.fatigue
        - against
    )


def company(sufficiency: float, example: float, weight: float) -> float:
    """Return the company a contributor sees: troops pledged by others over the minimum, and the example of leads.

    Source: claims ``002.baltics.wider_mission``, ``000.havlicek.uk_france_would_lead``; Granovetter (1978).

    >>> company(0.5, example=1.0, weight=0.4)
    0.7
    """
    return (1.0 - weight) * min(1.0, sufficiency) + weight * example


def fatigue(weeks: float, span: float, cut: float) -> float:
    """Return how tired of paying for aid a state has become after ``weeks``; American aid cut adds to the burden.

    Source: claim ``002.author.cheaper_than_aid``; the saturating form is ours.

    >>> fatigue(0.0, 52.0, 0.5)
    0.0
    """
    if span <= 0.0:
        return 1.0 + cut
    return (1.0 - exp(-weeks / span)) * (1.0 + cut)


def defined(weeks_standing: float, wanted: float, truce: bool) -> float:
    """Return how far mission, flag and mandate are settled: fully under a truce, else by weeks on the table.

    Source: claim ``004.albares.which_mandate``.

    >>> defined(2.0, wanted=8.0, truce=False)
    0.25
    """
    if truce or wanted <= 0.0:
        return 1.0
    return min(1.0, weeks_standing / wanted)


def due_stage(stage: int, readiness: float, hesitant: float, opened: float, pledged: float, margin: float) -> int:
    """Return the stage one step from ``stage`` towards where readiness points; down only past a margin.

    Stages are positions among the words of stance, 0 to 3.

    >>> due_stage(1, 0.4, -0.6, 0.3, 1.0, 0.3), due_stage(2, 0.1, -0.6, 0.3, 1.0, 0.3)
    (2, 2)
    >>> due_stage(2, -0.1, -0.6, 0.3, 1.0, 0.3)
    1
    """
    fitting = int(readiness >= hesitant) + int(readiness >= opened) + int(readiness >= pledged)
    keeping = (
        int(readiness >= hesitant - margin) + int(readiness >= opened - margin) + int(readiness >= pledged - margin)
    )
    if fitting > stage:
        return stage + 1
    return stage - 1 if keeping < stage else stage


def quantal_stage(
    stage: int,
    readiness: float,
    start: tuple[float, float, float],
    margin: float,
    precision: float,
    moves: float,
    luck: float,
) -> int:
    r"""Return the stage a state moves to if it decides noisily, at the luck of a round: the rival of a threshold.

    It goes up with the chance :math:`r\, / (1 + e^{-\lambda (y - y_{s+1})})`, where the threshold rule would have it go
    with the chance r (``moves``) or not at all, and down with :math:`r\, / (1 + e^{-\lambda (y_s - \Delta - y)})`;
    ``start`` are the starts of hesitant, open and pledged. A high precision :math:`\lambda` is the threshold again.

    Source: quantal response, McKelvey and Palfrey (1995).

    >>> start = (-0.6, 0.3, 1.0)
    >>> [quantal_stage(2, 1.1, start, 0.3, 4.0, 0.5, luck) for luck in (0.29, 0.31, 0.999)]
    [3, 2, 1]
    """
    if stage < len(start) and luck < moves * _tends(precision * (readiness - start[stage])):
        return stage + 1
    if stage > 0 and luck >= 1.0 - moves * _tends(precision * (start[stage - 1] - margin - readiness)):
        return stage - 1
    return stage


def _tends(x: float) -> float:
    """Return the logistic function, of what is not far beyond where it is 0 or 1."""
    return 1.0 / (1.0 + exp(-max(-50.0, min(50.0, x))))


def move_chance(base: float, slows: float, hesitancy: float) -> float:
    """Return the chance a week that a move that is due is made; hesitant governments take longer.

    >>> round(move_chance(0.4, slows=0.5, hesitancy=0.5), 6)
    0.3
    """
    return base * (1.0 - slows * hesitancy)
