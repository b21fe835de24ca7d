"""What speaks for and against each possible toll."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from math import log1p
from typing import get_args

from schemas import Count
from streams.extraction.context import Cue
from streams.extraction.story import Told, all_apart

Features = dict[str, float]


@dataclass(slots=True)
class Choice:
    """One possible toll: `value` with the `parts` it is made of (none for "nobody"), how it came about, and
    its features."""

    value: int
    kind: str
    count: Count
    parts: list[Told] = field(default_factory=list)
    attackers: int = 0
    features: Features = field(default_factory=dict)
    score: float = 0.0


def add_features(
    choices: list[Choice], told: list[Told], zeros: list[Told], hits: list[Told], beside: list[Told]
) -> None:
    """Gives each choice its features; `beside` is what the text tells of the other measure."""
    values = [item.mention.value or 0 for item in told if item.mention.value]
    top = max(values, default=0)
    times = Counter(item.mention.value for item in told)
    distinct = sorted(set(values))
    up_to = [0, *accumulate(distinct)]
    exact = any(item.mention.count.best is not None and not item.mention.one for item in told)
    clear = [item for item in told if not item.aside and not item.mention.part]
    top_clear = max((item.mention.value or 0 for item in clear), default=0)
    title = [item for item in told if item.lead == 0 and item.mention.value]
    lead = [item for item in told if item.lead <= 1 and item.mention.value and not item.mention.part]
    title_values = {item.mention.value for item in title}
    early = [item.mention.value or 0 for item in lead if not item.mention.one]
    first = told[0].order if told else -1
    attackers = any(
        item.mention.attacker and not item.mention.trigger.bomber and not item.aside for item in told
    )
    hit_top = max((item.mention.value or 0 for item in hits), default=0)
    groups = {item.mention.value for item in told if item.mention.value and not item.mention.one}
    top_lead = max((item.mention.value or 0 for item in lead if not item.aside), default=0)
    body_values = {item.mention.value for item in told if item.lead > 0 and not item.mention.part}
    told_again = title_values & body_values - {1}
    first_group = next((item.order for item in told if not item.mention.one and item.mention.value), -1)
    beside_attackers = _sentences_of_attackers(told)
    for choice in choices:
        value, parts = choice.value, choice.parts
        f: Features = {f"kind_{choice.kind}": 1.0}
        if choice.kind == "none":
            f["none_mentions"] = min(len(values), 3)
            f["none_clear"] = float(bool(clear))
            f["none_lead"] = float(bool(lead))
            f["none_title"] = float(bool(title))
            f["none_zero"] = float(bool(zeros))
            f["none_zero_lead"] = float(any(item.lead <= 1 for item in zeros))
            f["none_hits"] = float(bool(hits))
            f["none_groups"] = float(bool(groups))
            f["none_beside"] = float(bool(beside))
            choice.features = f
            continue
        mentions = [item.mention for item in parts]
        head = parts[0]
        f["value"] = log1p(value)
        f["is_top"] = float(value == top)
        f["is_top_clear"] = float(value == top_clear)
        f["below_top"] = float(value < top_clear)
        titled = value in title_values or all(item.lead == 0 for item in parts)
        f["in_title"] = float(titled)
        f["not_title"] = float(bool(title) and not titled)
        f["not_title_group"] = float(any(not item.mention.one for item in title) and not titled)
        f["first"] = float(head.order == first)
        f["lead"] = float(head.lead == 1)
        f["first_group"] = float(head.order == first_group)
        f["is_top_lead"] = float(value == top_lead)
        f["below_lead"] = float(value < top_lead)
        f["share"] = head.share
        f["title_again_left"] = float(bool(told_again) and value not in told_again)
        both = any(part.mention.sentence in beside_attackers and not part.mention.attackers for part in parts)
        f["sides"] = float(both and bool(choice.attackers))
        f["side_left"] = float(both and not choice.attackers)
        f["same"] = min(3, times[value]) / 3
        f["group"] = float(value in groups)
        f["one"] = float(len(parts) == 1 and mentions[0].one)
        f["one_more"] = float(len(parts) == 1 and mentions[0].one and mentions[0].more)
        f["one_active"] = float(len(parts) == 1 and mentions[0].one and mentions[0].active)
        f["definite_one"] = float(len(parts) == 1 and mentions[0].one and mentions[0].definite)
        f["one_of_groups"] = float(len(parts) == 1 and mentions[0].one and bool(groups - {1}))
        f["part"] = float(any(mention.part for mention in mentions))
        f["more"] = float(len(parts) == 1 and mentions[0].more)
        f["ordinal"] = float(any(mention.ordinal for mention in mentions))
        f["bare"] = float(any(mention.bare for mention in mentions))
        f["feared"] = float(any(mention.feared for mention in mentions))
        f["toll"] = float(any(mention.trigger.frame == "toll" for mention in mentions))
        moved = [mention for mention in mentions if mention.trigger.transport and not mention.wounded]
        f["transport_one"] = float(any(mention.one for mention in moved))
        f["transport_group"] = float(any(not mention.one for mention in moved))
        f["bomber_one"] = float(len(parts) == 1 and mentions[0].trigger.bomber)
        f["statistic"] = float(any(mention.trigger.statistic for mention in mentions))
        f["also"] = float(any(mention.also for mention in mentions))
        f["list"] = float(mentions[0].count.rule == "sum" and len(parts) == 1)
        f["which"] = float(any(mention.which for mention in mentions))
        f["which_late"] = float(any(item.mention.which and item.lead == 2 for item in parts))
        f["vague"] = float(any(mention.count.best is None for mention in mentions))
        f["vague_of_exact"] = float(choice.count.best is None and exact)
        f["definite"] = float(any(mention.definite and not mention.one for mention in mentions))
        f["passive_title"] = float(head.lead == 0 and not mentions[0].active)
        f["attackers_left"] = float(attackers and not choice.attackers)
        f["attackers_left_active"] = float(attackers and not choice.attackers and mentions[0].active)
        f["suicide_one"] = float(len(parts) == 1 and mentions[0].trigger.suicide)
        late = bool(early) and all(item.lead == 2 for item in parts)
        f["late"] = float(late)
        f["late_over"] = float(late and value > max(early, default=0))
        f["late_alone"] = float(late and f["same"] < 0.5 and len(parts) == 1)
        f["apart"] = float(choice.kind in ("people", "living") and all_apart(parts))
        f["attacker_only"] = float(choice.attackers == value)
        f["size"] = float(len(parts) > 2)
        for cue in get_args(Cue):
            f[cue] = float(any(cue in item.cues for item in parts))
        f["overall_single"] = float("overall" in head.cues and len(parts) == 1)
        f["old_year"] = float(any(item.old_year for item in parts))
        f["fits_hits"] = float(0 < value <= hit_top)
        f["over_hits"] = float(0 < hit_top < value)
        smaller = bisect_left(distinct, value)
        f["sum_of_rest"] = float(len(parts) == 1 and smaller > 1 and up_to[smaller] == value)
        choice.features = f


def _sentences_of_attackers(told: list[Told]) -> set[int]:
    """The sentences that tell of a number of dead attackers."""
    return {
        item.mention.sentence for item in told if item.mention.attacker and not item.mention.trigger.bomber
    }
