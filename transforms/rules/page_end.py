"""The last lines of a page: who wrote it or runs the site, and what they ask of the reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import re2

from transforms.page import Page
from transforms.rule import Block, Rule, line, sentence

_HEADING = (
    r"(?:written by|posted by|about me|about (?:the )?(?:author|contributor|blogger|host)s?|meet the author|who wrote this\??|"
    r"(?:zur|zum) (?:person|autor|autorin)|zu den autor(?:en|innen|\*innen|:innen)|[üu]ber (?:mich|uns|den autor|die autorin)|autor(?:en|in)?|"
    r"[àa] propos(?: de (?:moi|nous|l['’]auteure?))?|l['’]auteure?|sobre (?:m[íi]|el autor|la autora|o autor|a autora))\s*:?"
)
_PERSON = re2.compile(
    r"^(?:(?:Dr|Prof)\. )?(?-i:\p{Lu})[\p{L}.'’-]+(?: (?-i:\p{Lu})[\p{L}.'’-]+)* (?:(?:is|was) (?:a|an|the|our|one of)\b|has (?:been|written|covered|worked)\b|"
    r"(?:works|writes|lives|covers|reports|joined|holds|leads|runs)\b|(?:ist|schreibt|arbeitet|studiert|lebt|bloggt|leitet)\b|(?:est|travaille|vit|[ée]crit)\b)|"
    r"^(?:Hi|Hey|Hello|Hallo|Bonjour)[,!]? (?:I['’]m|I am|my name is|ich bin|mein Name ist|je suis)\b|^(?:I am|I['’]m|Ich bin|Je suis) (?:a|an|the|der|die|ein|eine|un|une)\b"
)
_TAIL_SHARE = 0.6
_LONGEST_NAME_CHARS = 50
_LONGEST_BIO_CHARS = 900


def find_introductions(page: Page, headings: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Below the article a heading or a bare name, and the paragraph below it that introduces the author."""
    named = frozenset(headings)
    tail = _TAIL_SHARE * len(page.text)
    for above, at in pairwise(page.lines):
        if len(above.text) > _LONGEST_NAME_CHARS or at.start < tail or len(at.text) > _LONGEST_BIO_CHARS:
            continue
        is_name = " " in above.text and at.text.startswith(above.text + " ")
        if not (is_name or above.number in named) or not _PERSON.search(at.text):
            continue
        yield above.start, above.end
        yield at.start, at.end


PAGE_END: tuple[Rule, ...] = (
    Rule(
        "author-introduction",
        "author_bio",
        Block(_HEADING, find_introductions),
        removes=(
            "Ana Ruiz\nAna Ruiz is a pilot who has sailed the strait for ten years.",
            "Zur Person\nJens Lind arbeitet am Institut für Hafenbau.",
            "About me\nHi, I'm Ana and I sail.",
        ),
        keeps=("Ana Ruiz was heard.\nShe is a pilot, and the court believed her.",),
    ),
    Rule(
        "sign-up-notice",
        "subscription",
        line(
            r"enter your e-?mail (?:address )?(?:below|to)\b.*|get .* stories in your inbox|join \w+ for free to get updates from this writer|"
            r"(?:please )?enter your (?:comment|name|e-?mail)(?: (?:here|address|below))?!?|this field is (?:for validation purposes|hidden when viewing)\b.*|"
            r"if you are (?:a )?human,? (?:ignore|leave) this field.*|mit dem laden des videos akzeptieren sie .*|externer inhalt|video laden|"
            r"(?:want|like) more (?:like this|stories like this|of this)\?|(?:deine|ihre) e-?mail-?adresse|(?:der|unser) newsletter|newsletter|"
            r"trage deine daten unten ein .*|du kommentierst mit deinem .*|bitte (?:logge dich ein|melden sie sich an)\b.*|"
            r"benachrichtige mich (?:bei|[üu]ber)\b.*|(?:eine )?abmeldung ist jederzeit m[öo]glich|(?:nie mehr|verpasse|verpassen sie) (?:nichts|keine|die wichtigsten)\b.*|"
            r"(?:notify of|oldest|newest most voted|[äa]lteste meiste(?:n)? abstimmungen|neueste|[äa]lteste|inline feedback)",
        ),
        removes=(
            "This field is for validation purposes and should be left unchanged.",
            "Want more stories like this?",
            "Mit dem Laden des Videos akzeptieren Sie die Datenschutzerklärung der Werft.",
            "Verpassen Sie keine Folge aus dem Hafen!",
        ),
        keeps=("This field is dry in summer.", "Der Newsletter der Werft erschien nur zweimal."),
    ),
    Rule(
        "editors-notice",
        "legal",
        sentence(
            r"(?:purchases|orders|sales) (?:you make |made )?(?:through|via|using) (?:our|my|the|these) links\b.*\bcommissions?\b.*|"
            r"(?:note:? )?some of the links\b[^.]*\baffiliate links\b.*|"
            r"dieser (?:beitrag|artikel|text) (?:entstand|enth[äa]lt|ist) (?:in (?:freundlicher )?(?:zusammenarbeit|kooperation) mit|werbung|anzeige)\b.*|"
            r"alle inhalte\b[^.]*\burheberrechtlich gesch[üu]tzt\b.*|(?:this|the) document is subject to copyright\b.*|"
            r"apart from any fair dealing for the purpose of private study\b.*|"
            r"(?:the )?(?:content|information) is provided for information purposes only\b.*",
            unless=r"[\"“”„]",
        ),
        removes=(
            "Purchases made through our links may earn us a commission.",
            "Dieser Beitrag entstand in Zusammenarbeit mit der Werft.",
            "Alle Inhalte dieser Seite sind urheberrechtlich geschützt.",
        ),
        keeps=("Sales through the links of the net were poor.", "Dieser Beitrag entstand am Hafen."),
    ),
    Rule(
        "link-arrow",
        "promo_link",
        line(
            r">>>.+|\+\+\+ .+ \+\+\+|(?:sehen sie auch|learn more|mehr [üu]ber [^.:]+ auf|weitere artikel von)[: ] ?(?-i:[\p{Lu}h]).*",
            unless=r"[.!?] ",
        ),
        removes=(">>> Werft bekommt neue Kräne", "+++ Sturm am Hafen +++", "Learn more: The long pier in winter"),
        keeps=("Sehen Sie auf die Uhr, rief er.",),
    ),
)
