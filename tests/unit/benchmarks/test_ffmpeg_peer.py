"""The filtergraph of the ffmpeg peer, and its captions, written out."""

from pathlib import Path

from benchmarks.ffmpeg_captions import substation
from benchmarks.ffmpeg_peer import graph

CAMERA = {"zoom_ppm": 1_000_000, "x_ppm": 500_000, "y_ppm": 500_000}
WORDS = [{"text": "Look", "start_frame": 3}, {"text": "up", "start_frame": 12}]
TIMELINE = {
    "width": 108,
    "height": 192,
    "fps_numerator": 30,
    "fps_denominator": 1,
    "frames": 60,
    "shots": [
        {
            "source": {"kind": "image"},
            "frames": 33,
            "camera_start": CAMERA,
            "camera_end": {**CAMERA, "zoom_ppm": 1_150_000},
        },
        {"source": {"kind": "video", "trim_ms": 80}, "frames": 30},
    ],
    "transitions": [{"start_frame": 30, "frames": 3}],
    "cues": [{"start_frame": 0, "end_frame": 30, "lines": [WORDS[:1], WORDS[1:]]}],
    "look": {
        "size_px": 100,
        "stroke_px": 4,
        "color": [255, 255, 255, 255],
        "active_color": [255, 221, 0, 255],
    },
}


def test_the_filtergraph_reads_as_it_should() -> None:
    assert graph(TIMELINE, Path("it's/captions.ass"), 0.2).split(";") == [
        "[0:v]crop='min(iw,ih*108/192)':'min(ih,iw*192/108)',"
        "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,"
        "zoompan=z='1.0+0.15*on/32':x='(iw-iw/zoom)*(0.5+0.0*on/32)':y='(ih-ih/zoom)*(0.5+0.0*on/32)'"
        ":d=33:s=108x192:fps=30.0,format=yuv420p,setsar=1,settb=1/30.0[joined0]",
        "[1:v]trim=start=0.08:duration=1.0,setpts=PTS-STARTPTS,"
        "scale=108:192:force_original_aspect_ratio=increase,crop=108:192,fps=30.0,"
        "format=yuv420p,setsar=1,settb=1/30.0[shot1]",
        "[joined0][shot1]xfade=transition=fade:duration=0.1:offset=1.0[joined1]",
        "[2:a]asplit[voice][key]",
        "[3:a]atrim=duration=2.0,volume=0.2,afade=t=in:d=0.5,afade=t=out:st=0.5:d=1.5[bed]",
        "[bed][key]sidechaincompress=threshold=0.03:ratio=4:attack=15:release=400[ducked]",
        "[voice][ducked]amix=inputs=2:duration=first:normalize=0,loudnorm=I=-14:TP=-1,aresample=48000[sound]",
        r"[joined1]ass=filename=it\\\'s/captions.ass:fontsdir=it\\\'s/fonts[film]",
    ]


def test_every_word_has_an_event_in_which_it_is_marked() -> None:
    *_, first, second = substation(TIMELINE, "Montserrat").splitlines()
    assert first == r"Dialogue: 0,0:00:00.00,0:00:00.40,Caption,{\c&H0000DDFF&\3c&H0000DDFF&}Look{\r}\Nup"
    assert second == r"Dialogue: 0,0:00:00.40,0:00:01.00,Caption,Look\N{\c&H0000DDFF&\3c&H0000DDFF&}up{\r}"
