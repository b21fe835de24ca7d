"""Which of several places of one name a text means: by what else it names, and by how many live there."""

from collections import defaultdict

from streams.extraction.gazetteer import ADMIN1, ADMIN2, CITY, COUNTRY
from streams.extraction.places_atlas import REGION, Atlas
from streams.extraction.places_parts import QUARTER, Match

_ADJACENT = 5.0  # "Paris, Texas"
_DIVISION = 2.0  # the text names its division
_COUNTRY = 1.4  # the text names its country
_CUE = 1.6  # the text reads like one from its country
_COMPANY = 1.2  # other places of the text lie in its division
_CALLED = 2.0  # the language's own name for it
_SECOND = 0.8  # districts, and cities that are called otherwise first, are meant less often
_TYPED = 3.0  # "X province" is a division
# How far a city of one name only, or of one great bearer, says that the text is about its division.
_ANCHORING = {"at": 0.7, "typed": 0.7, "dateline": 0.7, "local": 0.6, "title": 0.5}
_BIG = 1_500_000  # people: Oklahoma is the state, although Oklahoma City is also called so
_CITY = 5.0  # the prior of about 100,000 people
_METROPOLIS = 5.6  # of 400,000
_STATE = 6.5  # the prior of a division of three million
_PLACED = 0.3  # an anchor of that weight says which division a text is about
_GREATER = 1.5  # one bearer of a name so much greater than the next is the one that is meant
_WIRED = 0.7  # the same in a date line, which leaves the division away where everybody knows it
_NAMESAKES = 4  # of a great name: Georgia is a country and a state
_MANY = 12  # spots looked at for one name where nothing stands beside it


def settle(
    matches: list[Match], atlas: Atlas, cued: dict[int, float], doubtful: frozenset[str] = frozenset()
) -> None:
    """Give every match its spots' scores. `cued` are the countries whose ways of speaking the text shows.

    `doubtful` are the keys that are words or people's names, too: far from everything else that the text
    names, such a place is only in passing.
    """
    anchors = _anchors([match for match in matches if match.type != QUARTER], atlas, cued)
    for match in matches:
        spots = _candidates(match, atlas)
        if len(spots) == 1:
            match.scores = {spots[0]: 0.0}
        else:
            match.scores = {spot: _first(spot, match, atlas, anchors) for spot in spots}
        if match.type == QUARTER:
            _keep_quarters(match, atlas, anchors)
    _agree(matches)
    company = _company(matches, atlas)
    for match in matches:
        if len(match.scores) < 2:
            continue
        best = match.spot
        for spot in match.scores:
            division = atlas.division(spot)
            if division is not None and len(company.get(division, ())) > (spot == best):
                others = company[division] - {match.key}
                match.scores[spot] += _COMPANY * min(len(others), 2) / 2
    _doubt(matches, atlas, anchors, doubtful)
    _estrange(matches, atlas)


def _doubt(matches: list[Match], atlas: Atlas, anchors: dict[int, float], doubtful: frozenset[str]) -> None:
    """Lower the part of towns that lie far from what the text is about: they are quarters, or no places."""
    company = _company(matches, atlas)
    about = {atlas.country(division) for division, keys in company.items() if len(keys) > 1}
    placed = any(atlas.kind(spot) == ADMIN1 and weight > _PLACED for spot, weight in anchors.items())
    home = _home(matches, atlas)
    for match in matches:
        spot = match.spot
        if spot is None or match.outer is not None or atlas.kind(spot) != CITY:
            continue
        sure = match.key not in doubtful and len(match.spots) > 1
        if atlas.prior(spot) >= (_METROPOLIS if sure else _CITY):
            continue
        division = atlas.division(spot)
        alone = division is None or company[division] <= {match.key}
        ambiguous = len({atlas.division(each) for each in match.spots[:_MANY]}) > 1
        strange = placed and (division is None or division not in anchors)
        strange = strange or (home is not None and ambiguous and atlas.is_far(spot, home))
        if strange or (alone and ambiguous and atlas.country(spot) in about):
            match.part = "modifier"


def _home(matches: list[Match], atlas: Atlas) -> int | None:
    """The big city that the date line names: towns far from it that have namesakes are quarters of it."""
    for match in matches:
        spot = match.spot
        if spot is not None and match.part == "dateline" and atlas.prior(spot) >= _METROPOLIS:
            return spot
    return None


def _estrange(matches: list[Match], atlas: Atlas) -> None:
    """Small places in countries that the text does not speak of are namesakes that the gazetteer lacks.

    A text speaks of the countries that it names, of those of its date line and of its big cities.
    """
    spoken: set[int] = set()
    for match in matches:
        dateline = match.spot if match.part == "dateline" else None
        if dateline is not None:
            spoken |= atlas.countries(dateline)
        for each in match.spots[:_NAMESAKES]:
            if atlas.kind(each) in (COUNTRY, REGION) or atlas.prior(each) >= _CITY:
                spoken |= atlas.countries(each)
    if not spoken:
        return
    for match in matches:
        spot = match.spot
        if spot is None or match.outer is not None or atlas.country(spot) in spoken:
            continue
        if atlas.kind(spot) in (CITY, ADMIN1, ADMIN2) and atlas.prior(spot) < _CITY:
            match.part = "stranger"


def _keep_quarters(match: Match, atlas: Atlas, anchors: dict[int, float]) -> None:
    """Of "the Austin neighborhood" keep what may be a quarter: no big city, nor one of another division."""
    divisions = {spot for spot in anchors if atlas.kind(spot) == ADMIN1}
    match.scores = {
        spot: score
        for spot, score in match.scores.items()
        if atlas.prior(spot) < _METROPOLIS and (not divisions or atlas.division(spot) in divisions)
    }


def _agree(matches: list[Match]) -> None:
    """A name that the text explains once means the same throughout."""
    explained = {
        match.key: match
        for match in matches
        if match.key and match.spots and (match.outer is not None or match.type == QUARTER)
    }
    for match in matches:
        other = explained.get(match.key)
        if other is not None and match.outer is None and match.spots == other.spots:
            match.scores = dict(other.scores)


def _candidates(match: Match, atlas: Atlas) -> tuple[int, ...]:
    outer = match.outer
    if outer is not None and outer.spots:
        inside = [spot for spot in match.spots if any(atlas.within(spot, each) for each in outer.spots[:6])]
        inside = [spot for spot in inside if spot not in outer.spots] or inside
        if inside:
            return tuple(inside)
        if _is_larger(outer, atlas):
            match.outer = outer if not match.spots or len(outer.key) > 3 else None
    return match.spots[:_MANY]


def _is_larger(outer: Match, atlas: Atlas) -> bool:
    return any(atlas.kind(spot) in (COUNTRY, ADMIN1, REGION) for spot in outer.spots[:3])


def _anchors(matches: list[Match], atlas: Atlas, cued: dict[int, float]) -> dict[int, float]:
    """Countries and divisions that the text names, and how much each draws others to it: 0 to 1."""
    named: dict[int, float] = defaultdict(float)
    for match in matches:
        if not match.spots:
            continue
        spot = match.spots[0]
        kind = atlas.kind(spot)
        countries = {atlas.country(each) for each in match.spots[:_MANY]}
        if len(countries) == 1 and kind >= ADMIN1:
            named[atlas.country(spot) or 0] += 0.5
        if not match.key:
            named[spot] += 0.5 if kind == COUNTRY else 1.0
        elif kind in (COUNTRY, REGION):
            # The state of Georgia rivals the country; a country's own division of its name does not.
            divisions = [each for each in match.spots[1:4] if atlas.kind(each) == ADMIN1]
            divisions = [each for each in divisions if not atlas.within(each, spot)]
            named[spot] += 0.4 if divisions else 1.0
            for division in divisions:
                named[division] += 0.4
        elif kind == ADMIN1:
            rivals = any(not atlas.within(each, spot) for each in match.spots[1:_MANY])
            named[spot] += 0.3 if rivals and atlas.prior(spot) < _STATE else 1.0
        elif atlas.prior(spot) > _rival(match, atlas) + (_WIRED if match.part == "dateline" else _GREATER):
            around = atlas.division(spot)
            if around is not None:
                named[around] += _ANCHORING.get(match.part, 0.2)
    total: dict[int, float] = defaultdict(float)
    for spot, weight in named.items():
        total[spot] += weight
        for outer in atlas.parents(spot):
            total[outer] += weight * 0.7
    for spot, weight in cued.items():
        total[spot] += weight
    most = max(total.values(), default=1.0)
    return {spot: 0.2 + 0.8 * weight / most for spot, weight in total.items()}


def _rival(match: Match, atlas: Atlas) -> float:
    """The prior of the second-greatest spot of the name; beside one that is called so first, of its like
    (Amman is no rival of Philadelphia)."""
    first = atlas.first_key(match.spots[0]) == match.key
    others = (each for each in match.spots[1:] if not first or atlas.first_key(each) == match.key)
    return next((atlas.prior(each) for each in others), 0.0)


def _first(spot: int, match: Match, atlas: Atlas, anchors: dict[int, float]) -> float:
    score = atlas.prior(spot)
    kind = atlas.kind(spot)
    if match.key and atlas.is_named(spot, match.key):
        score += _CALLED
    parents = atlas.parents(spot)
    if match.outer is not None and any(each in match.outer.spots[:6] for each in parents):
        score += _ADJACENT
    if kind not in (COUNTRY, REGION):
        country = atlas.country(spot)
        score += _COUNTRY * anchors.get(country if country is not None else -1000, 0.0)
        score += _DIVISION * max(
            (
                anchors.get(each, 0.0)
                for each in parents
                if atlas.kind(each) in (ADMIN1, REGION) and each not in match.spots
            ),
            default=0.0,
        )
        if kind == ADMIN1:
            score += _DIVISION * anchors.get(spot, 0.0) * 0.5
    if match.type == "divisions":
        score += _TYPED if kind in (ADMIN1, ADMIN2, REGION) else 0.0
    elif kind in (ADMIN1, ADMIN2) and _has_namesake(spot, match, atlas):
        score -= _TYPED  # the city is meant that the division has its name from
    elif kind == ADMIN2 or (kind == CITY and atlas.first_key(spot) != match.key):
        score -= _SECOND
    return score


def _has_namesake(spot: int, match: Match, atlas: Atlas) -> bool:
    """Whether a division holds a city of the same name; of a big one it must be the city's first name."""
    for each in match.spots[:_MANY]:
        if atlas.kind(each) == CITY and spot in atlas.parents(each):
            big = atlas.gazetteer.population(spot) > _BIG and atlas.first_key(spot) == match.key
            if not big or atlas.first_key(each) == match.key:
                return True
    return False


def _company(matches: list[Match], atlas: Atlas) -> dict[int, set[str]]:
    """The names of places where something is said to be, by the division of their likeliest spots."""
    company: dict[int, set[str]] = defaultdict(set)
    for match in matches:
        spot = match.spot
        if spot is not None and spot >= 0 and (match.part in _ANCHORING or not match.key):
            division = atlas.division(spot)
            if division is not None:
                company[division].add(match.key)
    return company
