from itertools import permutations

from gold_making import TEXT, bare_incident, gold_incident, incident_of
from hypothesis import given
from hypothesis import strategies as st

from extractor.evaluation.alignment import align, assign, likeness
from extractor.evaluation.gold import GoldIncident

WEIGHTS = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12).map(lambda n: n / 4), min_size=width, max_size=width), min_size=1, max_size=6
    )
)


def best_by_force(weights: list[list[float]]) -> float:
    if len(weights) > len(weights[0]):
        weights = [list(column) for column in zip(*weights, strict=True)]
    return max(
        sum(row[column] for row, column in zip(weights, chosen, strict=True))
        for chosen in permutations(range(len(weights[0])), len(weights))
    )


@given(WEIGHTS)
def test_assignment_is_the_best_one(weights: list[list[float]]) -> None:
    pairs = assign(weights)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(weights[row][column] > 0 for row, column in pairs)
    assert sum(weights[row][column] for row, column in pairs) == best_by_force(weights)


def test_nothing_to_assign() -> None:
    assert assign([]) == assign([[]]) == assign([[0.0]]) == []


def points(gold: dict[str, object], told: dict[str, object]) -> float:
    one, other = GoldIncident.model_validate(gold), GoldIncident.model_validate(told)
    return likeness(one, incident_of(other, TEXT))


def test_points_of_the_rules() -> None:
    apart = {"role": "background"}
    assert points(bare_incident(), bare_incident(**apart)) == 0.0
    assert points(bare_incident(), bare_incident()) == 0.5
    same = {"started_at": "2023-05-01T10:15"}
    assert points(bare_incident(**same), bare_incident(**same, **apart)) == 2.0
    assert points(bare_incident(**same), bare_incident(started_at="2023-05-01", **apart)) == 0.5
    assert points(bare_incident(organizations=["Acme"]), bare_incident(organizations=["Acme Web"], **apart)) == 1.0
    assert points(bare_incident(services=["Mail"]), bare_incident(services=["Mail"], **apart)) == 1.0
    causes = [{"text": "faulty battery", "category": "power", "role": "root"}]
    longer = [{"text": "old faulty battery pack", "category": "power", "role": "root"}]
    assert points(bare_incident(causes=causes), bare_incident(causes=longer, **apart)) == 2 * 2 / 6
    parts = [{"name": name, "category": "website", "status": "failed"} for name in ("website", "shop")]
    assert points(bare_incident(components=parts), bare_incident(components=parts, **apart)) == 0.5
    assert points(gold_incident(), gold_incident()) == 2 + 2 + 1 + 1 + 0.25 + 0.5


def test_pairs_of_half_a_point_stay_apart() -> None:
    bare = GoldIncident.model_validate(bare_incident())
    assert align([bare], [incident_of(bare, TEXT)]) == []
