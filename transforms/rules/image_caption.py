"""Stock-photo descriptions, alternative texts, file names, player labels (credits: photo_credit.py).

A stock description is a noun phrase that pictures a scene: one sentence, nothing capitalised after the first word
(a news caption names people and places), no verb that tells of an event, and a word that describes a picture
("showcasing", "close-up of", "a woman holding").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import re2

from transforms.page import Line, Page, find_sentences
from transforms.rule import Block, Rule, line

# What a described picture shows its subject doing.
_DEPICTS = re2.compile(
    r"(?i)\b(?:showcasing|depicting|displaying|featuring|capturing|highlighting|illustrating|symbolizing|symbolising|"
    r"representing|emphasizing|evoking|conveying|(?:holding|wearing|standing|sitting|overlooking|surrounded|using|walking|"
    r"looking|working|posing|smiling|typing|reading|lying|resting|leaning|parked|captured|displayed|illuminated|set) "
    r"(?:in|on|at|by|with|against|under|over|through|along|beside|near|a|an|the|his|her|their|up|while|outdoors|indoors)|"
    r"against a|with a .{3,30} (?:background|backdrop|sky)|in the background|under a .{3,20} sky|on a (?:sunny|cloudy|rainy) day)\b"
)
_PICTURE = (
    r"(?:(?:a |an |the )?(?:stunning |beautiful |detailed |scenic |vibrant |colou?rful |dramatic |moody |cozy |serene |high[- ]angle |"
    r"low[- ]angle |wide |black and white |monochrome )*"
    r"(?:close[- ]?up|aerial view|aerial shot|top view|overhead view|flat ?lay|view|photo|photograph|image|picture|shot|portrait|"
    r"silhouette|illustration|render(?:ing)?|screenshot) (?:of|from|showing)|"
    r"(?:a |an |two |three |group of |couple of |adult |young |elderly |smiling |professional |business )*"
    r"(?:man|woman|men|women|boy|girl|child|children|person|people|couple|businessman|businesswoman|hand|hands|team) "
    r"(?:in|with|holding|wearing|standing|sitting|using|working|looking|walking|typing|reading|posing|smiling)\b).*"
)
_TELLS = re2.compile(
    r"(?i)\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|do|does|did|said|says|be|been|"
    r"you|your|we|our|i|my|who|which|because|if|when|than|how|why|what|not)\b|[\d:;?!\"“”]"
)
_LONGEST_CAPTION_WORDS = 30
_LONGEST_CAPTION_CHARS = 300


def find_stock_captions(page: Page, pictures: Sequence[int]) -> Iterator[tuple[int, int]]:
    """One-sentence lines that describe a picture; at the very start of a text a weaker sign is enough."""
    for at in page.lines[:1]:
        if _is_stock_caption(at) and (0 in pictures or _DEPICTS.search(at.text)):
            yield at.start, at.end
    for at in (page.lines[n] for n in pictures if n):
        if _is_stock_caption(at) and (at.text.endswith(".") or _DEPICTS.search(at.text)):
            yield at.start, at.end


def _is_stock_caption(at: Line) -> bool:
    """Whether a line is one sentence and in the form of such a caption."""
    if len(at.text) > _LONGEST_CAPTION_CHARS:
        return False
    words = at.text.split()
    if not 5 <= len(words) <= _LONGEST_CAPTION_WORDS or _TELLS.search(at.text):
        return False
    return not any(word[:1].isupper() for word in words[1:]) and len(find_sentences(at.text)) == 1


_TITLE_LINES = 2
_TITLE_SHORTEST_WORDS = 4


def find_title_captions(page: Page) -> Iterator[tuple[int, int]]:
    """A line with the words of the headline, below the top: the alternative text of a picture."""
    for title, (words, below) in zip(page.lines[:_TITLE_LINES], pairwise(page.first_words), strict=False):
        # Two lines in a row that stand again below are entries of a table of contents.
        is_entry = len(page.copies[below]) > 1
        if is_entry or words.count(" ") < _TITLE_SHORTEST_WORDS - 1 or not title.text[0].isalnum():
            continue
        for at in (page.lines[n] for n in page.copies[words] if n >= _TITLE_LINES):
            if at.text[-1] not in ".!:":
                yield at.start, at.end


_STRAY_LONGEST_WORDS = 10
_STRAY_LONGEST_CHARS = 90
_STRAY_LEAST_PROSE_WORDS = 12
_JOINS = frozenset("and or to by vs aka via und oder et ou y o e i и или".split())  # noqa: SIM905
_STOPS = (".", "!", "?", "…", '."', ".”", ".)", "!”", "?”", ".’", ".'")


def find_stray_labels(page: Page, labels: Sequence[int]) -> Iterator[tuple[int, int]]:
    """A few words in lower case between a paragraph and the next: the alternative text of a picture.

    Headings and list items begin with a capital or a mark; what a scraper cut out of a sentence has no full stop
    above it.
    """
    for number in labels:
        if not 0 < number < len(page.lines) - 1:
            continue
        above, at, below = page.lines[number - 1 : number + 2]
        if not above.text.endswith(_STOPS) or len(above.text.split()) < _STRAY_LEAST_PROSE_WORDS:
            continue
        if below.text[0].isupper() or below.text[0].isdigit():
            yield at.start, at.end


def _is_stray(text: str) -> bool:
    """Whether a line is a few words in lower case and nothing else."""
    if len(text) > _STRAY_LONGEST_CHARS or not text[-1].isalpha() or not text.split(maxsplit=1)[0].islower():
        return False
    words = text.split()
    return len(words) <= _STRAY_LONGEST_WORDS and words[0] not in _JOINS and all(map(_is_plain, words))


def _is_plain(word: str) -> bool:
    return word.replace("-", "").replace("'", "").replace("’", "").isalnum()


# The tests set it in a page that begins with these words.
_FIRST = "The harbour office will stay closed until the end of March while the new cranes are tested and paid for"


IMAGE_CAPTION: tuple[Rule, ...] = (
    Rule(
        "stock-caption",
        "image_caption",
        Block(_PICTURE, find_stock_captions),
        removes=(
            "Modern container cranes on a quiet pier showcasing efficient port logistics.",
            "A woman holding a paper map in a bright office.",
            "Aerial view of a small harbour with fishing boats at dawn.",
        ),
        keeps=(
            "A woman holding a paper map was the first to see the smoke.",
            "Close-up of the mayor's office at the Northport town hall",
            "The new cranes stand idle on the pier.",
        ),
    ),
    Rule(
        "image-label",
        "image_caption",
        line(
            r"(?:picture|headshot|head shot|profile (?:picture|photo|image)|avatar|icon|logo|thumbnail|portrait) (?:of|for|showing) .+",
            r"[^.?!:]+['’]s (?:avatar|headshot|profile (?:picture|photo|image)|face|photo|picture)|"
            r"[^.?!:,]+ (?:avatar|headshot|(?:profile|feature[d]?|header|hero|cover) (?:picture|photo|image)|icon|thumbnail|logo(?: \w+)?|app store badge|alt text)",
            r"(?:article |post |blog )?(?:feature[d]?|header|hero|cover|main|lead|thumbnail|blog|profile) (?:image|picture|photo|banner)|image (?:placeholder|alt|may contain)\b.*",
            r"(?:press enter or )?click (?:or tap )?(?:on )?(?:the |this |any )?(?:image|photo|picture|here)? ?(?:to|for) (?:view|see|enlarge|zoom|expand|open)"
            r"(?: (?:the )?(?:image|photo|picture|gallery|it|larger|a larger|full|in|size|version|view|and|zoom|full[- ]size))*(?: in full size)?",
            r"(?:open|view|show|launch|enlarge|expand)(?: (?:the|this|full|larger|more))* (?:image|photo|picture|gallery|slideshow|photos|images)(?: (?:in|of|gallery|modal|full|fullscreen|size|screen|\(?\d+\)?))*",
            unless=r"(?i)\b(?:how|what|why|which|where|your|you|design|create|make|choose|best|new|is|are|was|were|has|became|becomes)\b|\b(?:a|an|the|our|my) (?:logo|icon|avatar|headshot|thumbnail)\b",
        ),
        removes=(
            "Picture of Ana Ruiz, MD",
            "Tom Hale's avatar",
            "Northport ferry company logo",
            "Press enter or click to view image in full size",
            "Open image in gallery",
            "Featured image",
        ),
        keeps=(
            "Portrait of a harbour town: how the island lost its boats, and what it found",
            "How to choose a logo",
            "She became a fashion icon",
            "View the image as a question rather than an answer.",
        ),
    ),
    Rule(
        "title-caption",
        "image_caption",
        find_title_captions,
        removes=(_FIRST.upper(),),
        keeps=("The cranes were tested in Northport.",),
    ),
    Rule(
        "stray-label",
        "image_caption",
        Block(_is_stray, find_stray_labels),
        removes=("old ferry pier at low tide", "northport crane"),
        keeps=("or", "old ferry pier at low tide, then, is what they saw."),
    ),
    Rule(
        "image-file-name",
        "image_caption",
        line(
            r"[\w\-%+()~ ]+\.(?:jpe?g|png|gif|webp|svg|heic|avif|jfif|bmp)",
            r"(?:img|dscn?|pxl|screenshot|image|photo)[_ -]\d[\w-]{2,40}|"
            r"(?:screen ?shot|whatsapp image|image|img) \d[\d /:_.-]+(?: ?at [\d.: ]+)?(?: ?[ap]m)?(?: ?\(\d+\))?|untitled(?:[- ]design)?(?: ?\(?\d+\)?)?",
            r"[\p{L}\d]+(?:[-_][\p{L}\d]+)(?:[-_][\p{L}\d]+)(?:[-_][\p{L}\d]+)(?:[-_][\p{L}\d]+)+|[\p{L}\d]+(?:-[\p{L}\d]+)+-\d+x\d+",
        ),
        removes=(
            "harbour-crane-2024.jpg",
            "IMG_20240312",
            "Screen Shot 2024-03-12 at 10.04.11 AM",
            "northport-harbour-crane-at-dawn-2",
        ),
        keeps=(
            "The file was called crane.jpg and nobody could open it.",
            "A state-of-the-art crane",
            "Rock-paper-scissors",
        ),
    ),
    Rule(
        "player-label",
        "image_caption",
        line(
            r"play (?:video|audio)(?: (?:watch|listen|now playing)\b.*)?|(?:watch|video|listen): .+ \(\d{1,2}:\d\d\)|video player.*|image \d+ of /? ?\d+|\d+ of \d+ (?:photos|images)|"
            r"(?:enlarge|expand|view) (?:this )?(?:image|photo|picture)|(?:hide|toggle|show) caption|enlarge|caption|now playing|"
            r"image caption,?.*|media caption,?.*|image source,?.*|(?:play|pause|mute|unmute|volume|full ?screen|replay|rewind)|"
            r"(?:current time|duration|loaded|progress|remaining time|playback rate|stream type|volume)[\s:]*(?:[\d:.%x-]+|live)|"
            r"\d{1,2}:\d\d(?:\s*/\s*\d{1,2}:\d\d)|this is a modal window\..*|(?:captions|subtitles|descriptions) (?:off|settings)\b.*|"
            r"watch on youtube|video unavailable|(?:photo|image|picture) gallery|slideshow|previous (?:image|slide|photo)|next (?:image|slide|photo)|"
            r"slide \d+ of \d+|\d+ / \d+ (?:images|photos)|video abspielen|bild vergr[öo]ßern|bildergalerie|agrandir l['’]image|"
            r"voir (?:le )?diaporama|ver (?:galer[íi]a|imagen|imagem)|ampliar (?:foto|imagen|imagem)|ingrandisci|смотреть видео|увеличить(?: фото)?|点击(?:查看大图|放大)|画像を(?:拡大|見る)",
        ),
        removes=(
            "Play video",
            "Play video Watch: how a crane is lifted (2:14)",
            "Watch: how a crane is lifted (2:14)",
            "Image 1 of 8",
            "Enlarge this image",
            "0:00 / 3:45",
            "Bildergalerie",
            "点击查看大图",
        ),
        keeps=(
            "Play video games less, the teacher said.",
            "Watch and learn: the crew does it every day (and at night).",
        ),
    ),
)
