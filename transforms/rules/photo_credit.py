"""Photo credits, with the caption that stands beside them, and agencies' captions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import re2

from transforms.page import Line, Page
from transforms.rule import Block, Rule, line

_AGENCIES = (
    r"(?:getty(?: images)?|shutterstock|reuters|ap(?: photo| images| file)?|associated press|afp|istock(?:photo)?|unsplash|pexels|pixabay|alamy|epa|dpa|"
    r"imago|xinhua|bloomberg|wireimage|adobe stock|depositphotos|dreamstime|freepik|canva|flickr|wikimedia(?: commons)?|"
    r"picture alliance|ullstein|ansa|lapresse|lusa|efe|anp|pap|рия новости|тасс|新华社|共同)"
)
_MEDIUM = (
    r"(?:(?:stock |file |feature[d]? |header |cover |hero |main |lead |top )?(?:photos?|photographs?|photography|images?|pictures?|pics?)|illustrations?|"
    r"graphics?|screenshots?|fotos?|bild(?:er)?|bildnachweis|bildquelle|titelbild|symbolbild|imagen|imagem|immagine|"
    r"beeld|afbeelding|zdj[ęe]cie|fot|фото(?:графия)?|изображение|صورة|الصورة|تصوير|图片?|写真|画像|撮影)"
)
_CAPTION_LONGEST_WORDS = 14

# A line that is a credit and nothing else.
_BARE_CREDIT = (
    rf"[\s(\[|—–-]*(?:{_MEDIUM} ?(?:credits?|sources?|courtesy(?: of)?|by)?\s*(?:[:：©=].+|/ ?{_AGENCIES}.*)|"
    rf"{_MEDIUM} (?:by|via|from|courtesy(?: of)?|di|de|par|von|van) (?-i:\p{{Lu}})[^.]+|"
    rf"{_MEDIUM}[-‐ ]?(?:credit|nachweis|quelle)s?\s*[:：].+|"
    rf"(?:credits?|photographer|cr[ée]dits?(?: photos?)?|cr[ée]ditos?(?: da foto| de la foto)?|fotograf(?:ie|in|a|o)?|foto ?'s|źr[óo]d[łl]o(?: zdj[ęe]cia)?|"
    rf"图源|图片来源|图片说明|摄影|資料写真|提供|撮影者|مصدر الصورة|المصور)\s*[:：].+|"
    rf"(?:[^.!?:]+(?:/|via |©\s?|\| |, ){_AGENCIES}|{_AGENCIES}(?: ?/ ?.+)?|{_AGENCIES} via {_AGENCIES})|"
    rf"[^©]*©\s?(?-i:\p{{Lu}})[\p{{L}}.'’ -]+|"
    rf"(?:image |photo |picture )?(?:is )?(?:provided )?courtesy (?:of )?(?:the )?[^.!?]+|"
    rf"(?:photo|image|picture)s? (?:courtesy of|credit to|credits? -) ?[^.!?]+)[\s)\].|]*"
)
# A caption with its credit at the end of the same line.
_CREDITED = (
    rf"..+(?:[(\[](?:(?:file |stock )?(?:photo|image|picture|credit|foto|bild|zdj|fot|photo ?credit|image ?credit)s?\b|getty|shutterstock|istock|unsplash|pexels|pixabay|alamy|ap photo|afp|courtesy\b|©|фото\b|写真|图)[^)\]]*[)\]]|"
    rf"(?:\b(?:photos?|images?|pictures?|photography) ?(?:credits?|courtesy of|sources?|by)\s*[:：]|\bcredits?:|\bfoto:|\bfoto ©|фото:|\bfot\.) ?[^.!?]+(?:, inc)?|"
    rf"[^\p{{L}}](?-i:\p{{Lu}})[\p{{L}}.'’-]+ (?-i:\p{{Lu}})[\p{{L}}.'’ -]+ ?(?:/|via|\|) ?{_AGENCIES}(?: file)?|— source)[.\s]*"
)
_BARE = re2.compile(f"(?i){_BARE_CREDIT}")


def find_photo_credits(page: Page, credited: Sequence[int]) -> Iterator[tuple[int, int]]:
    """A credit on its own line with the short caption above it, and a caption that ends in its credit."""
    has_blocks = "\n\n" in page.text
    for number in credited:
        at = page.lines[number]
        yield at.start, at.end
        above = page.lines[number - 1]
        # Where blank lines part the blocks, a single line break keeps a picture's words and its credit together.
        is_beside = has_blocks and number > 0 and at.start - above.end < 3
        if is_beside and _BARE.fullmatch(at.text) and _is_short_caption(page.text, above, at):
            yield above.start, above.end


def _is_short_caption(text: str, above: Line, credit: Line) -> bool:
    """A few words that no sentence mark ends, in the same block as the credit."""
    if text.count("\n", above.end, credit.start) > 1:
        return False
    is_short = len(above.text.split()) <= _CAPTION_LONGEST_WORDS
    return is_short and above.text[-1].isalnum() and above.text[0].isalnum()


PHOTO_CREDIT: tuple[Rule, ...] = (
    Rule(
        "photo-credit",
        "image_caption",
        Block(f"{_BARE_CREDIT}|{_CREDITED}", find_photo_credits),
        removes=(
            "Photo: Ana Ruiz",
            "Image by Tom Hale from Pixabay",
            "Ferry crews wait at the pier on Monday. (Photo by Ana Ruiz)",
            "Dana Cole/Getty Images",
            "Foto: Jens Lind",
            "Boats on the grey river\nAna Ruiz | Getty Images",
            "The old pier\nCourtesy of the museum",
            "New sails dry on the quay. Photo credit: Island Sails",
            "Crédit photo : Léa Morel",
            "Bildquelle: Hafenamt",
            "写真：港の朝",
        ),
        keeps=(
            "Image is everything in a harbour town, the mayor said.",
            "Photo by photo, the archive grew until it filled two rooms.",
            "The agency sold the rights to Reuters on Monday.",
            "Foto und Bild gehören nicht zusammen, sagte die Lehrerin.",
            "La foto del puerto ganó un premio.",
            "Курс фото начнётся в марте.",
        ),
    ),
    Rule(
        "agency-caption",
        "image_caption",
        line(
            r"(?-i:FILE)(?: (?-i:PHOTO|- )|\s*[-–—:])\s*.+",
            r"[^.]+[(\[](?:pictured|l-r|from l(?:eft)? to r(?:ight)?|left to right)[)\]][^.]*",
            r"(?:pictured|shown|seen)(?: (?:above|below|here|left|right))+[:,].+|(?:above|below|left|right|top|bottom)(?: (?:left|right))?[:：] (?-i:\p{Lu})[^.]*",
        ),
        removes=(
            "FILE - In this March 3 photo, crews lift a crane on the northern pier.",
            "FILE PHOTO: A ferry leaves Northport in the rain.",
            "Tom Hale (pictured) with the two oldest boats",
        ),
        keeps=(
            "File the forms before noon, the clerk said.",
            "Left to right, the road narrows until only carts can pass.",
        ),
    ),
)
