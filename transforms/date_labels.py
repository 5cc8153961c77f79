"""The words around a publication date, by language: labels ("Published", "Zuletzt aktualisiert"), bylines, noise.

Plain tables. `dates_text` and `dates_html` compare the few words beside a date with them, never a whole text.
"""

from __future__ import annotations

import re

from transforms.date_names import WEEKDAYS


def _phrases(*lines: str) -> frozenset[str]:
    return frozenset(phrase.strip() for line in lines for phrase in line.split(","))


PUBLISHED_LABELS = _phrases(
    "published, first published, originally published, published online, date published, publication date",
    "this article was published, this article was originally published, this article was first published",
    "this post was published, this story was originally published, this story was first published, publish date",
    "posted, originally posted, date posted, post date, submitted, date submitted, press release, release issued",
    "for immediate release, immediate release, news release, filed, article published, story published",
    "veröffentlicht, erstmals veröffentlicht, veröffentlichungsdatum, publiziert, erschienen, erstellt",
    "eingestellt, geschrieben, verfasst, gepostet, artikel vom, beitrag vom, meldung vom, pressemitteilung vom",
    "pressemitteilung, zur sofortigen veröffentlichung, online seit",
    "publicado, publicada, publicado originalmente, fecha de publicación, fecha publicación, escrito",
    "nota de prensa, publié, publiée, paru, posté, rédigé, écrit, mis en ligne, date de publication, publication",
    "communiqué de presse, créé, créée, erscheinungsdatum, nachricht vom, created, date created, creado, creada",
    "postado, data de publicação, data da publicação, comunicado de imprensa",
    "pubblicato, pubblicata, postato, scritto, inserito, data di pubblicazione, data pubblicazione",
    "comunicato stampa, gepubliceerd, geplaatst, publicatiedatum, datum publicatie, persbericht",
    "opublikowano, opublikowany, opublikowane, data publikacji, data dodania, dodano, dodane, utworzono",
    "опубликовано, опубликован, опубликована, дата публикации, размещено, добавлено",
    "نشر, نُشر, نشرت, تم النشر, تاريخ النشر, نشر في",
    "发布时间, 发布日期, 发布于, 发布, 发表于, 发表时间, 發布時間, 發布日期, 發布, 發表於, 刊登日期",
    "公開日, 公開日時, 公開, 掲載日, 掲載, 投稿日, 投稿, 投稿日時, 配信日, 配信, 作成日",
    "diterbitkan, dipublikasikan, diposting, publicerad, udgivet, publisert, julkaistu, publikováno, yayınlanma",
)
MODIFIED_LABELS = _phrases(
    "updated, last updated, date updated, last update, latest update, modified, last modified, date modified",
    "reviewed, last reviewed, revised, last revised, last edited, edited, last active",
    "this article was last updated, this page was last updated, this post was last updated",
    "this page was last modified, aktualisiert, zuletzt aktualisiert, letzte aktualisierung, aktualisierung, geändert",
    "zuletzt geändert, stand, letzte änderung, update, update vom, zuletzt bearbeitet, stand vom, stand des artikels",
    "actualizado, actualizada, última actualización, fecha de actualización, modificado, última modificación",
    "mis à jour, mise à jour, dernière mise à jour, actualisé, modifié, dernière modification",
    "atualizado, atualizada, última atualização, data de atualização",
    "aggiornato, aggiornata, ultimo aggiornamento, ultima modifica, aggiornamento, modificato",
    "bijgewerkt, laatst bijgewerkt, gewijzigd, laatst gewijzigd, laatste update, laatste wijziging",
    "zaktualizowano, aktualizacja, ostatnia aktualizacja, data aktualizacji, zmodyfikowano, ostatnia modyfikacja",
    "обновлено, обновлён, обновлен, изменено, последнее обновление, дата обновления",
    "تحديث, آخر تحديث, تم التحديث, تم تحديثه",
    "更新时间, 更新於, 更新于, 更新, 最后更新, 最後更新, 最終更新, 最終更新日, 更新日, 更新日時",
    "diperbarui, uppdaterad, opdateret, oppdatert, päivitetty, aktualizováno, güncelleme",
)
# First word of "By Jane Doe"; the others are asked for in the middle of "Posted by Jane Doe on ...".
BY_WORDS = _phrases(
    "by, von, par, por, di, da, door, przez, autor, author, автор, текст, بقلم, oleh, av, af, 文",
    "作者, 記者, 记者, redazione",
)
# Words that stand between a label, a weekday, a clock and a date and mean nothing.
_LINKS = _phrases(
    "on, at, in, the, date, time, online, as, of, am, den, der, vom, um, von, le, la, el, il, em, op, dne, w",
    "dniu, dnia, del, de, à, a, las, ore, alle, ás, às, в, на, от, года, году, г, r, o, kl, klo, godz, pada",
    "tanggal, jam, في, بتاريخ, يوم, الموافق, ora, heure, heures, horas, uhr, clock, uur, hrs, h, 日, 年, 月, 时, 時",
    "分, uk, local, datum, fecha, data, дата, تاريخ, 日期, 时间, 時間",
)
# Words beside a name in a byline: "Words by Jane Doe on", "VON JANE DOE am".
BESIDE_NAMES = _LINKS | BY_WORDS | {"words", "text", "story", "written"}
_NOISE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            r"T?\d{1,2}(?:[:.hｈ：时時]\d\d){1,2}(?:\.\d{1,9})?(?:min|[mh分])?\s?(?:[ap]\.?\s?m\b\.?)?"
            r"(?:\s?Z\b|[+-]\d\d:?\d\d)?"
        ),
        r"\b\d{1,2}\s?(?:[ap]\.?m\b\.?|uhr\b|h\b)",
        r"\b(?:GMT|UTC|[ECMPA][SD]?T|A[EWC][SD]T|BST|IST|MSK|MEZ|MESZ|CEST|WIB|SGT|JST)\b(?:\s?[+-]\s?\d{1,2})?",
        r"\d+\s?-?(?:min(?:ute[sn]?|uti|utos)?|мин)\b\.?(?:\s?(?:read|lesezeit|leestijd|d[ei] lect?[a-z]{3,5})\b)?",
        r"\b(?:reading time|read time|lesezeit|tiempo de lectura|temps de lecture)\b",
        r"\b(?:no|\d+)\s(?:comments?|kommentare?|commentaires?|comentarios?|commenti|views?|shares?|likes?|replies)\b",
        r"阅读\s?\d+|评论\s?\d+",
    )
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def telling_words(text: str) -> list[str]:
    """The words of a few characters beside a date, in lower case, without clocks, weekdays and linking words."""
    for noise in _NOISE:
        text = noise.sub(" ", text)
    words = [word.lower() for word in _WORD.findall(text)]
    return [word for word in words if word not in WEEKDAYS]


def without_links(words: list[str], *, leading: bool = True) -> list[str]:
    """`words` without trailing and, unless told otherwise, leading linking words."""
    start, end = 0, len(words)
    while end > start and words[end - 1] in _LINKS:
        end -= 1
    while leading and start < end and words[start] in _LINKS:
        start += 1
    return words[start:end]
