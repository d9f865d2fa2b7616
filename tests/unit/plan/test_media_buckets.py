"""Which buckets jobs may fetch from."""

import pytest
from pydantic import ValidationError

from src.errors import UncallableUrl
from src.models.media_refs import MediaRef
from src.plan.media_buckets import ForbiddenMediaBucket, is_allowed_bucket, refused_bucket
from src.settings import Settings


def allowing(*entries: str) -> Settings:
    return Settings(fetch_allow_buckets=entries)


@pytest.mark.parametrize(
    ("entry", "uri", "is_allowed"),
    [
        ("s3://media", "s3://media/a.jpg", True),
        ("s3://media/", "s3://media/below/a.jpg", True),
        ("s3://media", "S3://media/a.jpg", True),
        ("s3://media", "gs://media/a.jpg", False),
        ("gs://media", "gs://media/a.jpg", True),
        ("s3://media", "s3://media2/a.jpg", False),
        ("s3://media", "s3://MEDIA/a.jpg", False),
        ("s3://media/open/", "s3://media/open/a.jpg", True),
        ("s3://media/open/", "s3://media/opening/a.jpg", False),
        ("s3://media/open", "s3://media/open/a.jpg", True),
        ("s3://media/open", "s3://media/open-not/a.jpg", False),
        ("s3://media/open/a.jpg", "s3://media/open/a.jpg", True),
        ("s3://media/open/", "s3://media/%6fpen/a.jpg", False),
        ("*", "gs://any/a.jpg", True),
    ],
)
def test_an_entry_allows_what_is_below_it(entry: str, uri: str, is_allowed: bool) -> None:
    assert is_allowed_bucket(uri, allowing(entry)) is is_allowed


def test_without_entries_no_bucket_is_allowed() -> None:
    """Not the one for films either: others' films lie there."""
    assert not is_allowed_bucket("s3://films/a.jpg", Settings(s3_bucket="films", s3_allow_buckets=("films",)))


@pytest.mark.parametrize(
    "uri",
    [
        "s3://",
        "s3:///key",
        "s3://media",
        "s3://media/",
        "s3://media/a/../../other/b",
        "s3://../media/a",
        "s3://user:word@media/a",
        "s3://media?x/a",
        "s3://media/a\\b",
        "s3://media/a\nb",
        "gs://media/a/",
        "https://media/a",
        "media/a",
        "s3://media/" + "a" * 1025,
    ],
)
def test_a_uri_that_names_no_object_is_refused_even_where_all_buckets_are_allowed(uri: str) -> None:
    with pytest.raises(UncallableUrl):
        is_allowed_bucket(uri, allowing("*"))


def test_what_is_refused_is_told_with_its_path_and_the_setting() -> None:
    ref = MediaRef("music.src", "s3://private/song.mp3", "sound")
    refused = refused_bucket(ref, allowing("s3://media"))
    assert isinstance(refused, ForbiddenMediaBucket)
    assert (refused.code, refused.path) == ("forbidden_bucket", "music.src")
    assert "NEUROSHORTS_FETCH_ALLOW_BUCKETS=s3://private" in refused.message


def test_a_uri_that_names_no_object_is_told_with_its_path() -> None:
    refused = refused_bucket(MediaRef("music.src", "gs://", "sound"), allowing("*"))
    assert refused
    assert (refused.code, refused.path) == ("uncallable_url", "music.src")


@pytest.mark.parametrize("src", ["https://example.org/a", "a.png", "s3-logo", "s3:/a"])
def test_media_elsewhere_are_not_its_business(src: str) -> None:
    assert refused_bucket(MediaRef("music.src", src, "sound"), allowing()) is None


@pytest.mark.parametrize("entry", ["media", "s3://", "https://media.test", "s3:media", "gs://-"])
def test_a_setting_that_names_no_bucket_is_refused(entry: str) -> None:
    with pytest.raises(ValidationError, match="is no bucket"):
        allowing(entry)
