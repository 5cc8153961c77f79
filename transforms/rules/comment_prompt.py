"""Comment forms and invitations to comment."""

from collections.abc import Iterator, Sequence

import re2

from transforms.page import Page, cut_sentences
from transforms.rule import Block, Rule, line, sentence

_INVITATION = re2.compile(
    r"(?i)^(?:(?:so|and|please|now|also|then|as always|if [^,]+|we(?:['’]d| would) love to hear [^,:;—–]*)[,:;—– ]+)*"
    r"(?:(?:feel free to|be sure to|don['’]t forget to) )?"
    r"(?:(?:share|post|drop|leave|add|write) (?:us )?(?:your|a|any)\b[^.?!]{0,60}\b(?:below|in the comments?)\b|"
    r"(?:share|post|drop|leave|add|write) (?:us )?(?:your|a) comments?(?:[,!.]|$| (?:and|or|to|if|here|with) )|"
    r"sound off\b|(?:let us know|tell us|let me know|tell me|let['’]s hear)\b[^.?!]*\b(?:below|comments?)\b|"
    r"join the (?:conversation|discussion)\b).*$"
)


def find_invitations(page: Page, hinted: Sequence[int]) -> Iterator[tuple[int, int]]:
    """ "Share your thoughts below", with the questions to the reader that lead up to it in the same paragraph."""
    for number in hinted:
        sentences = cut_sentences(page.lines[number])
        for at, part in enumerate(sentences):
            if not _INVITATION.search(part.text):
                continue
            first = at
            while first > 0 and sentences[first - 1].text.rstrip('"”’»)').endswith("?"):
                first -= 1
            # Questions in the middle of an argument stay, unless they speak to the reader.
            if first > 0 and not any(_addresses_reader(s.text) for s in sentences[first:at]):
                first = at
            yield sentences[first].start, part.end


def _has_hint(text: str) -> bool:
    """Whether one of the words stands in `text` that are in whatever the pattern finds; they are quicker to look for."""
    lower = text.lower()
    return "below" in lower or "comment" in lower or "sound off" in lower or "join the " in lower


def _addresses_reader(text: str) -> bool:
    words = text.lower().replace("’", "'").split()
    return any(word.strip("'\"?,.") in ("you", "your", "you'd", "you're", "yours") for word in words)


COMMENT_PROMPT: tuple[Rule, ...] = (
    Rule(
        "comment-invitation",
        "comment_prompt",
        Block(_has_hint, find_invitations),
        removes=(
            "What part of the new timetable do you fear most? Share your thoughts below—the pier is listening.",
            "Do you trust the ferry? Is the bridge the answer, or only a delay? Sound off in the comments below.",
            "Let us know in the comments.",
        ),
        keeps=(
            "He urged readers to leave a reply on her desk.",
            "Share your bread with a neighbour, the old song says.",
            "Who pays for the bridge? Nobody in the hall could say.",
        ),
    ),
    Rule(
        "comment-form",
        "comment_prompt",
        line(
            r"leave (?:a|your) (?:reply|comment)(?: below)?|(?:post|add|write|submit) (?:a|your|new|a new) comment",
            r"join the (?:discussion|conversation)|be the first to (?:comment|reply|leave a comment)\b.*",
            r"(?:no|0) (?:comments?|replies|responses)(?: (?:so far|yet))?|(?:comments?|responses?|replies) ?\(0\)|report (?:this )?comment",
            r"comments?(?: are| have been)? (?:closed|disabled|turned off)\b.*",
            r"(?:view|show|load|loading|see)(?: all| more)? comments|(?:log|sign) in to (?:post a )?comment|cancel reply|reply|there are no comments\b.*",
            r"what do you think\?|comment via\b.*|let['’]s hear your thoughts|discussion about this post|inline feedbacks",
            r"responses? ?\(\d+\)|write a (?:response|comment|review)|what are your thoughts\?|what do you think\? .*|reply ?(?:delete|to comment)|delete|replies|add comment|comment(?: now| here| below| on this (?:story|article|post))?|comments? (?:feed|policy|guidelines)|"
            r"(?:all|latest|newest|oldest|top|popular|most (?:liked|voted)) comments|sort(?:ed)? by:? (?:newest|oldest|best|top|popular).*|(?:please )?share your (?:thoughts|comments|opinions?|feedback|story|experience)(?: (?:here|now|with us|below))?|your (?:comment|name|review|message) ?\*?|powered by (?:disqus|facebook comments)|please enable javascript to view the comments.*|"
            r"(?:du|sie) (?:bist|sind) (?:hier|nicht angemeldet).*|(?:alle )?kommentare (?:anzeigen|lesen|laden|ansehen)|(?:jetzt )?kommentieren|antworten|diskutieren sie mit|voir (?:tous )?les commentaires|(?:r[ée]agir|commenter|r[ée]pondre)|(?:ver|mostrar) (?:todos los )?comentarios|responder|comentar|"
            r"ver (?:todos os )?coment[áa]rios|commenta|rispondi|mostra (?:i )?commenti|reageren|bekijk reacties|odpowiedz|poka[żz] komentarze|ответить|комментировать|(?:показать|читать) комментарии|комментариев (?:пока )?нет|ردود?|رد|查看评论|回复|评论|返信|コメント(?:する|を見る)?|"
            r"schreiben? (?:sie )?einen kommentar|kommentar (?:schreiben|hinterlassen|verfassen|abgeben)|kommentare? ?\(\d+\)",
            r"laisser un commentaire|laissez un commentaire|d[ée]j[ae] (?:un comentario|una respuesta)|"
            r"deixe (?:um coment[áa]rio|uma resposta)|lascia un commento|geef een reactie|laat een reactie achter|"
            r"(?:dodaj|zostaw) komentarz|(?:оставить|добавить|написать) комментарий|комментарии ?\(\d+\)|"
            r"اترك (?:تعليق[اًا]*|رد[اًا]*)|أضف تعليق[اًا]*|发表(?:评论|回复)|写评论|コメントを(?:残す|書く)|tinggalkan balasan",
        ),
        removes=(
            "Leave a Reply",
            "No comments yet",
            "Be the first to comment",
            "Kommentar schreiben",
            "Оставить комментарий",
            "Responses (18)",
            "Alle Kommentare anzeigen",
            "Voir les commentaires",
            "Odpowiedz",
            "查看评论",
        ),
        keeps=(
            "Leave a comment card on the table if the soup was good.",
            "No comment came from the harbour office.",
            "Kommentare zum Plan nahm der Rat bis Freitag an.",
            "Комментарии мэра были кратки.",
        ),
    ),
    Rule(
        "comment-form-notice",
        "comment_prompt",
        sentence(
            r"your e-?mail (?:address )?will (?:not|never) be (?:published|shared|displayed|made public)\b.*",
            r"(?:required )?fields (?:are )?marked .*|required fields are marked\b.*",
            r"save my name, e-?mail,? and website in this browser\b.*",
            r"you must be (?:logged|signed) in to (?:post|leave|reply|comment)\b.*",
            r"please (?:log|sign) in to (?:comment|post|leave|reply)\b.*",
            r"please log in using one of these methods to post your comment",
            r"notify me of (?:follow-?up|new) .*|(?:all )?comments are (?:moderated|reviewed)\b.*",
            r"this site uses akismet\b.*|learn how your comment data is processed|log ?in or register to comment",
            r"(?:fill in your details below|you are commenting using your|connecting to %s|please log in using one of these|notify me (?:of|via|when)|subscribe to: ?(?:post )?comments|subscribe to (?:this|comment)|(?:be respectful|please keep comments))\b.*|"
            r"(?:log ?in|register|sign up|sign in) (?:to|or \w+ to) (?:leave|post|join|write|add|reply|comment|vote)\b.*|this textbox defaults to using markdown\b.*|(?:you must|you need to|please|to comment,) (?:be |log|sign|enable|register)[^.]*\b(?:comment|reply|review)\w*\b.*",
            r"(?:i(?:['’]d| would)|we(?:['’]d| would)) (?:love|like) to (?:hear|know|read) (?:from you|your (?:thoughts|comments|opinion|feedback|experience|story|ideas)|what you(?: think| thought)?)\b.*|(?:please )?(?:let (?:us|me) know|tell (?:us|me)) (?:what you think|your (?:thoughts|opinion|favou?rites?|experience)|if you (?:have|try|tried|make|made))\b.*|"
            r"(?:do you )?(?:have|got) (?:a|any) (?:news )?(?:tips?|story|stories|question|questions|comment|comments|thoughts|feedback|suggestions?)(?: [^.?!]*)?\? ?(?:e-?mail|contact|let|send|tell|share|write|leave|drop)\b.*|e-?mail (?:your )?(?:questions?|comments?|feedback|suggestions|tips)\b.*\bto .*",
            r"(?:was hat (?:dir|ihnen)|was (?:meinst|denkst) du|wie ist deine meinung|schreib(?:t|en sie)? (?:es |uns |mir )?(?:gerne )?in die kommentare|dites-(?:nous|moi) en commentaire|et vous, qu|cu[ée]nt[ae]nos en los comentarios|[¿]?qu[ée] opinas|conte (?:pra gente |para n[óo]s )?nos coment[áa]rios|"
            r"fammi sapere nei commenti|laat het (?:ons )?weten in de (?:comments|reacties)|daj zna[ćc] w komentarzach|пишите в комментариях|делитесь мнением в комментариях|شاركنا رأيك|欢迎(?:在评论区)?留言|コメントで教えて).*",
            r"deine e-mail-adresse wird nicht ver[öo]ffentlicht\b.*|ihre e-mail-adresse wird nicht ver[öo]ffentlicht\b.*|"
            r"erforderliche felder sind\b.*",
            r"votre adresse (?:e-?mail|de messagerie) ne sera pas publi[ée]e\b.*|les champs obligatoires sont\b.*",
            r"(?:tu|su) direcci[óo]n de correo electr[óo]nico no ser[áa] publicada\b.*|los campos obligatorios est[áa]n\b.*",
            r"o seu endere[çc]o de e-?mail n[ãa]o ser[áa] publicado\b.*|campos obrigat[óo]rios s[ãa]o\b.*",
            r"il tuo indirizzo e-?mail non sar[àa] pubblicato\b.*|i campi obbligatori sono\b.*",
            r"(?:je|uw) e-?mailadres wordt niet gepubliceerd\b.*|(?:vereiste|verplichte) velden zijn\b.*",
            r"tw[óo]j adres e-?mail nie zostanie opublikowany.*|wymagane pola s[ąa]\b.*",
            r"ваш (?:адрес )?(?:e-?mail|электронной почты) не будет опубликован.*|обязательные поля помечены.*",
            r"لن يتم نشر عنوان بريدك الإلكتروني.*|الحقول الإلزامية مشار إليها.*",
            r"您的(?:电子)?(?:邮箱|邮件)地址不会被(?:公开|发布).*|必填项已用.*",
            r"メールアドレスが公開されることはありません.*|が付いている欄は必須項目です",
        ),
        removes=(
            "Your email address will not be published.",
            "Required fields are marked *",
            "Deine E-Mail-Adresse wird nicht veröffentlicht.",
            "Votre adresse e-mail ne sera pas publiée.",
            "I'd love to hear your thoughts.",
            "You are commenting using your harbour account.",
            "Dites-nous en commentaire ce que vous en pensez.",
            "Пишите в комментариях!",
        ),
        keeps=(
            "Her email address was published by mistake, the council said.",
            "Fields in the north stayed dry all spring.",
        ),
    ),
)
