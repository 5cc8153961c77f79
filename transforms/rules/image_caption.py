"""Stock-photo descriptions, photo credits, file names, player labels.

A stock description is a noun phrase that pictures a scene: one sentence, nothing capitalised after the first word
(a news caption names people and places), no verb that tells of an event, and a word that describes a picture
("showcasing", "close-up of", "a woman holding").
"""

from __future__ import annotations

from collections.abc import Iterator

import re2

from transforms.page import Line, Page
from transforms.rule import Rule, line

_AGENCIES = r"(?:getty images|shutterstock|reuters|ap(?: photo)?|afp|istock(?:photo)?|unsplash|pexels|pixabay|alamy|epa|dpa|imago)"
_MEDIUM = r"(?:(?:stock |file )?photos?|photograph|images?|pictures?|pics?|illustration|graphic|foto|fotos|bild|imagen|imagem|фото|图片|图)"

# What a described picture shows its subject doing.
_DEPICTS = re2.compile(
    r"(?i)\b(?:showcasing|depicting|displaying|featuring|capturing|highlighting|illustrating|symbolizing|symbolising|"
    r"representing|emphasizing|evoking|conveying|(?:holding|wearing|standing|sitting|overlooking|surrounded|using|walking|"
    r"looking|working|posing|smiling|typing|reading|lying|resting|leaning|parked|captured|displayed|illuminated|set) "
    r"(?:in|on|at|by|with|against|under|over|through|along|beside|near|a|an|the|his|her|their|up|while|outdoors|indoors)|"
    r"against a|with a .{3,30} (?:background|backdrop|sky)|in the background|under a .{3,20} sky|on a (?:sunny|cloudy|rainy) day)\b"
)
_OPENS_PICTURE = re2.compile(
    r"(?i)^(?:(?:a |an |the )?(?:stunning |beautiful |detailed |scenic |vibrant |colou?rful |dramatic |moody |cozy |serene |high[- ]angle |"
    r"low[- ]angle |wide |black and white |monochrome )*"
    r"(?:close[- ]?up|aerial view|aerial shot|top view|overhead view|flat ?lay|view|photo|photograph|image|picture|shot|portrait|"
    r"silhouette|illustration|render(?:ing)?|screenshot) (?:of|from|showing)|"
    r"(?:a |an |two |three |group of |couple of |adult |young |elderly |smiling |professional |business )*"
    r"(?:man|woman|men|women|boy|girl|child|children|person|people|couple|businessman|businesswoman|hand|hands|team) "
    r"(?:in|with|holding|wearing|standing|sitting|using|working|looking|walking|typing|reading|posing|smiling)\b)"
)
_TELLS = re2.compile(
    r"(?i)\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|do|does|did|said|says|be|been|"
    r"you|your|we|our|i|my|who|which|because|if|when|than|how|why|what|not)\b|[\d:;?!\"“”]"
)
_LONGEST_CAPTION_WORDS = 30


def find_stock_captions(page: Page) -> Iterator[tuple[int, int]]:
    """One-sentence lines that describe a picture; at the very start of a text a weaker sign is enough."""
    for at, sentences in zip(page.lines, page.sentences, strict=True):
        if len(sentences) == 1 and _is_stock_caption(at):
            yield at.start, at.end


def _is_stock_caption(at: Line) -> bool:
    words = at.text.split()
    if not 5 <= len(words) <= _LONGEST_CAPTION_WORDS or _TELLS.search(at.text):
        return False
    if any(word[:1].isupper() for word in words[1:]):
        return False
    opens = _OPENS_PICTURE.search(at.text) is not None
    if at.number == 0:
        return opens or _DEPICTS.search(at.text) is not None
    return opens and (at.text.endswith(".") or _DEPICTS.search(at.text) is not None)


IMAGE_CAPTION: tuple[Rule, ...] = (
    Rule(
        "stock-caption",
        "image_caption",
        find_stock_captions,
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
        "photo-credit",
        "image_caption",
        line(
            rf"{_MEDIUM} ?(?:credits?|sources?|courtesy(?: of)?|by)?\s*[:：©/].+",
            rf"{_MEDIUM} (?:by|via|from|courtesy(?: of)?) (?-i:\p{{Lu}})[^.]+",
            r"(?:credits?|photographer|cr[ée]dits?(?: photo)?|cr[ée]dito|fotograf(?:ie)?|图源|图片来源|摄影)\s*[:：].+",
            rf".*(?:/|via |©\s?|\| ){_AGENCIES}",
            rf"..+[(\[](?:(?:file )?(?:photo|image|picture|credit|foto|bild)s?\b|{_AGENCIES}\b|courtesy\b)[^)\]]*[)\]]",
            rf"{_AGENCIES}(?: / .+)?",
            r"[^©]*©\s?(?-i:\p{Lu})[\p{L}.'’ -]+",
        ),
        removes=(
            "Photo: Ana Ruiz",
            "Image by Tom Hale from Pixabay",
            "Ferry crews wait at the pier on Monday. (Photo by Ana Ruiz)",
            "Dana Cole/Getty Images",
            "Foto: Jens Lind",
        ),
        keeps=(
            "Image is everything in a harbour town, the mayor said.",
            "Photo by photo, the archive grew until it filled two rooms.",
            "The agency sold the rights to Reuters on Monday.",
        ),
    ),
    Rule(
        "image-file-name",
        "image_caption",
        line(
            r"[\w\-%+()~ ]{1,120}\.(?:jpe?g|png|gif|webp|svg|heic|avif)",
            r"(?:img|dscn?|pxl|screenshot)[_-]\d[\w-]{2,40}",
        ),
        removes=("harbour-crane-2024.jpg", "IMG_20240312"),
        keeps=("The file was called crane.jpg and nobody could open it.",),
    ),
    Rule(
        "player-label",
        "image_caption",
        line(
            r"play (?:video|audio)|video player.{0,40}|image \d+ of /? ?\d+|\d+ of \d+ (?:photos|images)|"
            r"(?:enlarge|expand|view) (?:this )?(?:image|photo|picture)|(?:hide|toggle|show) caption|enlarge|caption|now playing|"
            r"image caption,?.*|media caption,?.*",
        ),
        removes=("Play video", "Image 1 of 8", "Enlarge this image"),
        keeps=("Play video games less, the teacher said.",),
    ),
)
