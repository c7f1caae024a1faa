"""Phase 7, pledge: whether a contributor promises troops, if there is a truce."""

from typing import NamedTuple

from sim.rules.elementary import exp


class Contributor(NamedTuple):
    """What a contributor wants; each weight already multiplied by its own firmness or fear, all at least 0."""

    demanded: float
    weight_backstop: float
    autonomy: float
    wanted_consent: float
    weight_consent: float
    wanted_company: float
    weight_company: float
    weight_definition: float
    decent: float
    weight_settlement: float
    weight_exposure: float
    weight_guard: float
    weight_sidelining: float
    weight_fatigue: float
    weight_fear: float
    weight_call: float


class Sight(NamedTuple):
    """What a contributor sees when it decides; each in [0, 1] but exposure, sufficiency, fatigue and advantage.

    ``exposure`` is that of the mission on the table less that of the reference mission, ``advantage`` the opponent's
    on the battlefield. ``called`` is 1 where troops are all that a force lacks (:func:`called`), else 0.
    """

    promise: float
    consent: float
    sufficiency: float
    company: float
    exposure: float
    conceded: float
    defined: float
    sidelined: float
    fatigue: float
    advantage: float
    called: float


class Asked(NamedTuple):
    """What a commitment hangs on: at least this rung, answer and company, and a truce where it is 1."""

    rung: float
    consent: float
    company: float
    truce: float


class Unmet(NamedTuple):
    """How much each demand that is not met holds a state back, weighted: at least 0, and 0 where it is met."""

    backstop: float
    consent: float
    company: float
    definition: float
    settlement: float


class Circumstances(NamedTuple):
    """What the circumstances add to readiness, by term; below 0 where they speak against."""

    unmet: float
    exposure: float
    home_guard: float
    sidelining: float
    fatigue: float
    fear: float
    call: float


def committed(offered: float, consent: float, others: float, truce: bool, asked: Asked) -> bool:
    """Return whether all holds that a state made its commitment hang on.

    ``offered`` and ``consent`` are positions among the rungs and the answers of the opponent, ``others`` the troops
    that others pledged over the minimum. Source: conditional commitments, Schelling (1960); claims
    ``000.merz.if_russia_consents``, ``001.starmer.success_needs_us_support`` are of that form.

    >>> committed(2.0, 1.0, 0.5, True, Asked(rung=2.0, consent=0.0, company=0.5, truce=1.0))
    True
    """
    reached = offered >= asked.rung and consent >= asked.consent and others >= asked.company
    return reached and (truce or asked.truce < 1.0)


def backstop_shortfall(promise: float, demanded: float, own: float) -> float:
    r"""Return by how much the promise falls short of the guarantee demanded, as a share of it, in [0, 1].

    .. math:: s_d = (d - \hat q\, g - \alpha \min(1, n))^+ / d

    ``own``: how far a European guarantee stands in for it. Source: claims ``000.europeans.need_backstop``,
    ``003.macron.europe_responsible``.

    >>> round(backstop_shortfall(0.2, demanded=0.4, own=0.1), 6), backstop_shortfall(0.0, 0.0, 0.0)
    (0.25, 0.0)
    """
    return max(0.0, demanded - promise - own) / demanded if demanded > 0.0 else 0.0


def share_missing(seen: float, wanted: float) -> float:
    """Return the share of what is wanted that is missing, in [0, 1]; 0 where nothing is wanted.

    >>> share_missing(0.5, wanted=1.0), share_missing(0.5, wanted=0.4)
    (0.5, 0.0)
    """
    return max(0.0, wanted - seen) / wanted if wanted > 0.0 else 0.0


def settlement_shortfall(conceded: float, decent: float) -> float:
    """Return how far a settlement passes what is still decent, as a share of what lies beyond it, in [0, 1].

    Source: claims ``002.author.needs_settlement``, ``002.author.settlement_content``.

    >>> settlement_shortfall(0.8, decent=0.6), settlement_shortfall(1.0, decent=1.0)
    (0.5000000000000001, 0.0)
    """
    beyond = 1.0 - decent
    return max(0.0, conceded - decent) / beyond if beyond > 0.0 else 0.0


def unmet(me: Contributor, sees: Sight) -> Unmet:
    r"""Return how far each demand holds a state back now, :math:`\beta_j f_j s_j`.

    Source: ``docs/model.md``, phase 7; claims ``000.merz.if_russia_consents``, ``000.europeans.need_backstop``,
    ``002.baltics.wider_mission``, ``004.albares.which_mandate``, ``002.author.needs_settlement``.
    """
    own = me.autonomy * min(1.0, sees.sufficiency)
    return Unmet(
        me.weight_backstop * backstop_shortfall(sees.promise, me.demanded, own),
        me.weight_consent * share_missing(sees.consent, me.wanted_consent),
        me.weight_company * share_missing(sees.company, me.wanted_company),
        me.weight_definition * (1.0 - sees.defined),
        me.weight_settlement * settlement_shortfall(sees.conceded, me.decent),
    )


def least_met(unmet: Unmet) -> float:
    r"""Return how much the demands hold a state back: as much as the one that is least met.

    .. math:: U = \max_j \beta_j f_j s_j

    Demands are conditions, not wishes: "only with" and "only if" are complements, and meeting one of two unlocks
    nothing while the other stands. Source: Goertz and Starr (2003) on necessary conditions, Hirshleifer (1983) on the
    weakest link; decisions 0010 and 0018.

    >>> least_met(Unmet(0.75, 0.5, 0.0, 0.25, 0.0))
    0.75
    """
    return max(unmet.backstop, unmet.consent, unmet.company, unmet.definition, unmet.settlement)


def circumstances(me: Contributor, sees: Sight, held_back: float) -> Circumstances:
    r"""Return what the circumstances add to a stance, by term; ``held_back`` is U of :func:`least_met`.

    .. math:: X = -U - \beta_h (h_m - h_{\text{ref}}) - \beta_x \chi \min(1, n) + \beta_s \sigma S + \beta_a \phi A
              + \beta_F \nu\, w^+ + \beta_c c

    Source: ``docs/model.md``, phase 7; Granovetter (1978), Wolford (2015), Reischmann and Oechssler (2018); fear of
    the host's defeat: claims ``003.europe.defeat_threatens``, ``002.author.inaction_worse``; the call for troops:
    :func:`called`.
    """
    return Circumstances(
        -held_back,
        -me.weight_exposure * sees.exposure,
        -me.weight_guard * min(1.0, sees.sufficiency),
        me.weight_sidelining * sees.sidelined,
        me.weight_fatigue * sees.fatigue,
        me.weight_fear * max(0.0, sees.advantage),
        me.weight_call * sees.called,
    )


def total(terms: Circumstances) -> float:
    """Return the sum of the circumstances, X.

    >>> total(Circumstances(-1.0, 0.25, -0.5, 0.5, 0.0, 0.25, 0.5))
    0.0
    """
    return terms.unmet + terms.exposure + terms.home_guard + terms.sidelining + terms.fatigue + terms.fear + terms.call


def called(truce: float, host: float, opponents: float, council: float, lead: float) -> float:
    r"""Return 1 if troops are called for: nothing else is missing that states which might send them cannot supply.

    .. math:: c = \prod_{g \in G} \text{met}_g, \qquad G = \{\text{truce, host, opponents, Council, lead}\}

    Each is 1 where that requirement was met last week, else 0. Most coalitions are built, not met: once there is a
    force to join, its lead or the organisation whose flag it flies goes round and asks, and each that is asked knows
    that the force may fail for want of it. Source: Henke (2019) on pivotal states that recruit, Palfrey and Rosenthal
    (1984) on being pivotal; claims ``004.sweden.does_not_exclude``, ``004.starmer.only_if_needed``.

    >>> called(1.0, 1.0, 1.0, 1.0, 1.0), called(1.0, 1.0, 1.0, 1.0, 0.0)
    (1.0, 0.0)
    """
    return truce * host * opponents * council * lead


def fitting_stage(readiness: float, hesitant: float, opened: float, pledged: float) -> int:
    """Return the stage that a readiness points to: at week 0 a state is where its readiness puts it.

    >>> fitting_stage(0.4, -0.6, 0.3, 1.0)
    2
    """
    return int(readiness >= hesitant) + int(readiness >= opened) + int(readiness >= pledged)


def company(sufficiency: float, example: float, weight: float) -> float:
    """Return the company a contributor sees: troops pledged by others over the minimum, and the example of leads.

    Source: claims ``002.baltics.wider_mission``, ``000.havlicek.uk_france_would_lead``; Granovetter (1978).

    >>> company(0.5, example=1.0, weight=0.4)
    0.7
    """
    return (1.0 - weight) * min(1.0, sufficiency) + weight * example


def fatigue(weeks: float, span: float, cut: float) -> float:
    """Return how tired of paying for aid a state has become after ``weeks``; aid that others cut adds to the burden.

    Source: claim ``002.author.cheaper_than_aid``; the saturating form is ours.

    >>> fatigue(0.0, 52.0, 0.5)
    0.0
    """
    if span <= 0.0:
        return 1.0 + cut
    return (1.0 - exp(-weeks / span)) * (1.0 + cut)


def defined(weeks_standing: float, wanted: float, settled: bool) -> float:
    """Return how far mission, flag and mandate are clear: fully once they are settled, else by weeks on the table.

    ``settled``: signed with a truce, or in the field.

    Source: claim ``004.albares.which_mandate``.

    >>> defined(2.0, wanted=8.0, settled=False)
    0.25
    """
    if settled or wanted <= 0.0:
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
    fitting = fitting_stage(readiness, hesitant, opened, pledged)
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
