"""Music chosen from the asset manifest: by tags, else by mood; always the same for the same job."""

import json
from collections import Counter
from typing import Any

import pytest

from src.errors import InvalidJob
from src.models.job import RenderJob, parse_job
from src.models.media_refs import MediaRef
from src.plan.facts import MediaFact
from src.plan.film import plan
from src.plan.music import Piece, UnknownMusic, chosen_music
from tests.unit.plan.facts_for import digest, facts_for

PIECES = (
    Piece("rain", ("calm", "Piano")),
    Piece("dawn", ("calm", "strings")),
    Piece("march", ("epic", "strings", "fast")),
)


def job_with(id: str = "film", **music: Any) -> RenderJob:
    return parse_job(json.dumps({"id": id, "music": music, "scenes": [{"text": "Hello"}]}))


def chosen(id: str = "film", pieces: tuple[Piece, ...] = PIECES, **music: Any) -> MediaRef | None:
    return chosen_music(job_with(id, **music), pieces)


@pytest.mark.parametrize("tags", [["strings", "fast"], ["EPIC"], [" fast "], ["Fast", "strings", "epic"]])
def test_a_piece_has_all_the_tags_in_any_case(tags: list[str]) -> None:
    assert chosen(tags=tags) == MediaRef("music.tags", "march", "sound")


def test_tags_count_more_than_a_mood() -> None:
    assert chosen(tags=["epic"], mood="calm") == MediaRef("music.tags", "march", "sound")


@pytest.mark.parametrize("tags", [["strings", "piano"], ["jazz"], ["cal"]])
def test_tags_that_no_piece_has_are_told_those_that_exist(tags: list[str]) -> None:
    with pytest.raises(UnknownMusic) as refused:
        chosen(tags=tags)
    assert (refused.value.code, refused.value.path) == ("unknown_music", "music.tags")
    assert refused.value.known == ("calm", "epic", "fast", "piano", "strings")
    assert "its music has: calm, epic, fast, piano, strings" in refused.value.message


def test_a_manifest_without_music_says_so() -> None:
    with pytest.raises(UnknownMusic, match="no music with tags"):
        chosen(tags=["jazz"], pieces=())


def test_a_mood_takes_a_piece_of_that_mood_if_there_is_one() -> None:
    assert chosen(mood="epic") == MediaRef("music.mood", "march", "sound")
    assert chosen(mood="dark") is None
    assert chosen(mood="calm", pieces=()) is None


def test_the_mood_that_a_job_leaves_out_is_a_mood_too() -> None:
    ref = chosen()
    assert ref
    assert ref.src in {"rain", "dawn"}


def test_a_job_that_names_its_music_or_wants_none_gets_nothing_else() -> None:
    assert chosen(src="own.mp3") is None
    assert chosen_music(parse_job('{"scenes": [{"text": "Hello"}]}'), PIECES) is None


def test_a_source_and_tags_contradict_each_other() -> None:
    with pytest.raises(InvalidJob) as refused:
        job_with(src="own.mp3", tags=["calm"])
    assert (refused.value.code, refused.value.path) == ("two_musics", "music")


def test_the_same_job_gets_the_same_piece_in_whatever_order_they_stand() -> None:
    for number in range(20):
        ref = chosen(f"film-{number}", tags=["calm"])
        assert ref == chosen(f"film-{number}", pieces=PIECES[::-1], tags=["calm"])


def test_films_share_the_pieces_out_and_a_new_piece_changes_only_the_films_that_get_it() -> None:
    ids = [f"film-{number}" for number in range(300)]
    pieces = tuple(Piece(f"piece-{number}", ("calm",)) for number in range(3))
    before = [chosen(id, pieces) for id in ids]
    after = [chosen(id, (*pieces, Piece("new", ("calm",)))) for id in ids]
    counts = Counter(ref.src for ref in before if ref)
    assert min(counts.values()) > 60
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert 30 < len(changed) < 150
    assert {ref.src for ref in changed if ref} == {"new"}


def test_a_job_without_an_id_is_known_by_its_words() -> None:
    def of(text: str) -> MediaRef | None:
        pieces = tuple(Piece(f"piece-{number}", ("calm",)) for number in range(50))
        return chosen_music(parse_job(json.dumps({"music": {}, "scenes": [{"text": text}]})), pieces)

    assert of("Hello") == of("Hello")
    assert len({of(f"Hello {number}") for number in range(10)}) > 5


@pytest.mark.parametrize("path", ["music.tags", "music.mood"])
def test_the_piece_is_what_is_mixed(path: str) -> None:
    job = job_with()
    facts = facts_for(job)
    synthesised = plan(job, facts).audio.music
    given = plan(job, facts._replace(media={**facts.media, path: MediaFact(digest(9), 4000)})).audio.music
    assert synthesised
    assert given
    assert (synthesised.sha256, given.sha256) == (None, digest(9))
