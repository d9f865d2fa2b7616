"""What a job may not name, and files that would make a demuxer open something else."""

import json
import os
import threading
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from src.cloud.signing import StoreSigner
from src.errors import ForbiddenHost, NeuroShortsError
from src.fetching.fetcher import MediaFetcher
from src.fetching.ondemand import OnDemandFetcher
from src.fetching.pace import Limits
from src.models.job import parse_job
from src.models.media_refs import MediaRef
from src.network.guard import Guard
from src.pipeline.media import find_media
from src.pipeline.request import Request
from src.settings import Settings
from src.store.cache import DiskCache
from tests.fileserver import FileServer, Offer, serving_files
from tests.synthetic import write_clip

#: Much of the same, slowly when it is measured; other tests run all of it.
pytestmark = pytest.mark.no_cover

#: No media of the network, though FFmpeg, curl or a browser would open most of them; each with its code.
SOURCES = {
    "file:///etc/passwd": "uncallable_url",
    "FILE://localhost/etc/passwd": "uncallable_url",
    "file:/etc/passwd": "forbidden_path",
    "/etc/passwd": "forbidden_path",
    "/proc/self/environ": "forbidden_path",
    "../../etc/passwd": "forbidden_path",
    "concat:/etc/passwd|/etc/hosts": "forbidden_path",
    "concat://etc/passwd": "uncallable_url",
    "subfile,,start,0,end,9,,:/etc/passwd": "forbidden_path",
    "crypto:/etc/passwd": "forbidden_path",
    "data:image/png;base64,iVBORw0KGgo=": "not_supported",
    "pipe:0": "forbidden_path",
    "fd:": "forbidden_path",
    "tee:/tmp/a": "forbidden_path",
    "async:http://HERE/secret": "forbidden_path",
    "cache:http://HERE/secret": "forbidden_path",
    "hls+http://HERE/secret": "uncallable_url",
    "tcp://HERE": "uncallable_url",
    "udp://HERE": "uncallable_url",
    "rtp://HERE": "uncallable_url",
    "rtsp://HERE/secret": "uncallable_url",
    "rtmp://HERE/secret": "uncallable_url",
    "ftp://HERE/secret": "uncallable_url",
    "gopher://HERE/_GET": "uncallable_url",
    "ws://HERE/secret": "uncallable_url",
    "ssh://HERE/secret": "uncallable_url",
    "ldap://HERE/secret": "uncallable_url",
    "dict://HERE/secret": "uncallable_url",
    "unix:///run/docker.sock": "uncallable_url",
    "jar:http://HERE/secret!/a": "forbidden_path",
    "javascript:alert(1)": "forbidden_path",
    "//HERE/secret": "forbidden_path",
    "\\\\HERE\\secret": "forbidden_path",
    "http:HERE/secret": "forbidden_path",
    "http://user:password@HERE/secret": "uncallable_url",
    "http://HERE/secret": "forbidden_host",
    "HTTP://HERE/secret": "forbidden_host",
    "http:///HERE/secret": "forbidden_host",
    "http://\\HERE/secret": "forbidden_host",
    "https://HERE/secret": "forbidden_host",
    "http://": "uncallable_url",
}


@pytest.fixture(scope="module")
def started() -> Iterator[FileServer]:
    with serving_files() as files:
        files.offer("/secret", Offer(b"secret"))
        yield files


@pytest.fixture
def files(started: FileServer) -> FileServer:
    started.asked.clear()
    return started


class Desk:
    """Somebody who renders jobs of strangers."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.folder, self.settings = folder, Settings(cache_dir=folder / "cache", **more)
        self.work = folder / "work"
        self.work.mkdir()

    def refusal(self, scene: dict[str, Any]) -> tuple[str, str]:
        """Look for the media of a scene; return code and path of why there are none."""
        cache = DiskCache(self.folder / "parts", 10**6, self.work)
        job = parse_job(json.dumps({"scenes": [scene]}))
        film, fetcher = self.folder / "film.mp4", OnDemandFetcher(self.settings, StoreSigner(self.settings))
        request = Request(job, None, self.work, film, self.settings, cache, fetcher)
        with pytest.raises(NeuroShortsError) as refused:
            find_media(request, (), lambda progress: None, threading.Event())
        return refused.value.code, refused.value.path

    def found_good(self) -> list[Path]:
        """List what was probed and found good."""
        return [file for file in (self.folder / "parts").rglob("probe/**/*") if file.is_file()]


def scene_of(kind: str, src: str) -> tuple[dict[str, Any], str]:
    """Make a scene that uses a medium; return it with the path of the field that names it."""
    if kind == "sound":
        return {"audio": {"src": src}}, "scenes[0].audio.src"
    return {"duration": 1, "visuals": [{"type": kind, "src": src}]}, "scenes[0].visuals[0].src"


@pytest.mark.parametrize("src", SOURCES)
@pytest.mark.parametrize("kind", ["image", "video", "sound"])
def test_nothing_but_public_http_is_fetched(kind: str, src: str, files: FileServer, tmp_path: Path) -> None:
    scene, path = scene_of(kind, src.replace("HERE", files.address))
    assert Desk(tmp_path).refusal(scene) == (SOURCES[src], path)
    assert files.asked == []


#: Files that tell whoever opens them to open another one: FILE on this machine, or URL on the network.
PLAYLISTS = {
    "HLS, file": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nFILE\n#EXT-X-ENDLIST\n",
    "HLS, file protocol": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:FILE\n#EXT-X-ENDLIST\n",
    "HLS, URL": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nURL\n#EXT-X-ENDLIST\n",
    "HLS, concat": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nconcat:FILE|FILE\n#EXT-X-ENDLIST\n",
    "HLS, key": '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-KEY:METHOD=AES-128,URI="URL"\n#EXTINF:1,\nFILE\n',
    "HLS, map": '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:URI="FILE"\n#EXTINF:1,\nURL\n#EXT-X-ENDLIST\n',
    "HLS, variants": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nURL\n",
    "concatenation": "ffconcat version 1.0\nfile 'FILE'\n",
    "concatenation of URLs": "ffconcat version 1.0\nfile 'URL'\n",
    "SDP": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n"
    "a=rtpmap:96 H264/90000\n",
    "DASH": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
    'mediaPresentationDuration="PT1S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" '
    'bandwidth="1"><BaseURL>URL</BaseURL></Representation></AdaptationSet></Period></MPD>',
    "IMF": '<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016">'
    "<Id>urn:uuid:0eb3d1b9-b77b-4d3f-bbe5-7c69b15dca85</Id></CompositionPlaylist>",
    "RTSP": "RTSPtextRTSP://URL",
    "reference": "[Reference]\nRef1=URL\n",
    "PLS": "[playlist]\nFile1=URL\nNumberOfEntries=1\n",
    "ASX": '<asx version="3.0"><entry><ref href="URL"/></entry></asx>',
    "SMIL": '<smil><body><video src="URL"/></body></smil>',
    "XSPF": '<?xml version="1.0"?><playlist version="1"><trackList><track><location>URL</location></track>'
    "</trackList></playlist>",
    "AviSynth": 'AviSource("FILE")\n',
    "SVG": '<svg xmlns="http://www.w3.org/2000/svg"><image href="URL" width="9" height="9"/></svg>',
    "PostScript": "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(FILE) run\n",
    "Magick": "push graphic-context\nimage over 0,0 9,9 'URL'\npop graphic-context\n",
    "subtitles": "1\n00:00:00,000 --> 00:00:01,000\n<img src='URL'>\n",
}
#: What a server may call them.
TYPES = ("application/octet-stream", "video/mp4", "application/vnd.apple.mpegurl")


@pytest.mark.parametrize("kind", ["image", "video", "sound"])
@pytest.mark.parametrize("name", PLAYLISTS)
def test_what_would_have_another_file_opened_is_refused_unopened(
    name: str, kind: str, files: FileServer, tmp_path: Path
) -> None:
    clip, url = write_clip(tmp_path / "a clip.ts"), f"http://{files.address}/secret"
    # Old enough that the system notes when it is read next.
    os.utime(clip, (0, 0))
    body = PLAYLISTS[name].replace("FILE", str(clip)).replace("URL", url).encode()
    desk = Desk(tmp_path, fetch_allow_hosts=("127.0.0.1",))
    for number, content_type in enumerate(TYPES):
        scene, path = scene_of(kind, files.offer(f"/{number}", Offer(body, content_type)))
        assert desk.refusal(scene) == ("unreadable_media", path)
    assert [ask.path for ask in files.asked] == ["/0", "/1", "/2"]
    assert clip.stat().st_atime == 0
    assert desk.found_good() == []


ENDINGS = {"HLS": ".m3u8", "con": ".ffconcat", "SDP": ".sdp", "DAS": ".mpd", "IMF": ".xml", "Avi": ".avs"}


@pytest.mark.parametrize("kind", ["image", "video", "sound"])
@pytest.mark.parametrize("name", PLAYLISTS)
def test_a_playlist_beside_what_it_names_is_refused_unopened(
    name: str, kind: str, files: FileServer, tmp_path: Path
) -> None:
    clip = write_clip(tmp_path / "clip.ts")
    os.utime(clip, (0, 0))
    playlist = tmp_path / f"list{ENDINGS.get(name[:3], '.txt')}"
    url = f"http://{files.address}/secret"
    playlist.write_text(PLAYLISTS[name].replace("FILE", clip.name).replace("URL", url))
    scene, path = scene_of(kind, playlist.name)
    assert Desk(tmp_path, asset_roots=(tmp_path,)).refusal(scene) == ("unreadable_media", path)
    assert files.asked == []
    assert clip.stat().st_atime == 0


def fetch(url: str, addresses: Iterator[str], allowed: str, folder: Path) -> None:
    """Fetch from a name that leads elsewhere each time that somebody asks the DNS."""
    guard = Guard([allowed], resolve=lambda name, port: (ip_address(next(addresses)),))
    settings = Settings(cache_dir=folder)
    fetcher = MediaFetcher(settings, StoreSigner(settings), guard, Limits(10**6, 20))
    ref, stop = MediaRef("music.src", url, "sound"), threading.Event()
    fetcher.fetch(ref, folder, lambda had, whole: None, stop, lambda setback: None)


@pytest.mark.parametrize(
    ("path", "offer"),
    [
        ("/cut", Offer(bytes(10_000), cut_after=5_000)),
        ("/moved", Offer(status=302, location="/secret")),
    ],
)
@pytest.mark.parametrize("inner", ["127.0.0.2", "169.254.169.254", "10.0.0.1", "::1"])
def test_a_name_that_leads_elsewhere_in_the_middle_is_not_followed(
    inner: str, path: str, offer: Offer, files: FileServer, tmp_path: Path
) -> None:
    files.offer(path, offer)
    addresses = iter(["127.0.0.1", inner])
    # What is allowed stands for the public internet here.
    with pytest.raises(ForbiddenHost) as refused:
        fetch(f"http://cdn.example:{files.port}{path}", addresses, f"127.0.0.1:{files.port}", tmp_path)
    assert (refused.value.code, refused.value.path) == ("forbidden_host", "music.src")
    assert [ask.path for ask in files.asked] == [path]
    assert next(addresses, None) is None
