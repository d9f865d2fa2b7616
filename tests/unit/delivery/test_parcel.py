"""What is delivered is the same however often it is packed."""

import json
from pathlib import Path

from src.delivery.parcel import pack
from tests.unit.delivery.parcels import ID, SENDER, parcel_in, result_in


def test_the_film_comes_first_and_what_tells_of_it_last(tmp_path: Path) -> None:
    parcel = parcel_in(tmp_path)

    assert [(item.kind, parcel.suffix(item), item.media_type) for item in parcel.items] == [
        ("film", ".mp4", "video/mp4"),
        ("poster", ".jpg", "image/jpeg"),
        ("words", ".words.json", "application/json"),
        ("job", ".job.json", "application/json"),
    ]


def test_a_render_from_the_cache_makes_an_equal_parcel(tmp_path: Path) -> None:
    first, second = (
        pack(SENDER, {}, result_in(tmp_path, cpu_seconds=seconds, timings={"rendering": seconds}))
        for seconds in (1.0, 9.0)
    )

    assert [item.sha256 for item in first.items] == [item.sha256 for item in second.items]


def test_what_tells_of_a_film_names_its_job_and_no_file_of_this_machine(tmp_path: Path) -> None:
    content = parcel_in(tmp_path).items[-1].content

    assert isinstance(content, bytes)
    told = json.loads(content)
    assert (told["id"], told["job_id"], told["metadata"]) == (ID, "row-1", {"row": 7})
    assert (told["film"]["width"], told["film"]["duration"]) == (64, 1.0)
    assert str(tmp_path).encode() not in content
