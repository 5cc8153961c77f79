"""Comment forms and invitations to comment."""

from collections.abc import Iterator

import re2

from transforms.page import Page
from transforms.rule import Rule, line, sentence

_INVITATION = re2.compile(
    r"(?i)^(?:(?:so|and|please|now|also|then|as always|if [^,]+|we(?:['’]d| would) love to hear [^,:;—–]*)[,:;—– ]+)*"
    r"(?:(?:feel free to|be sure to|don['’]t forget to) )?"
    r"(?:(?:share|post|drop|leave|add|write) (?:us )?(?:your|a|any)\b[^.?!]{0,60}\b(?:below|in the comments?)\b|"
    r"(?:share|post|drop|leave|add|write) (?:us )?(?:your|a) comments?(?:[,!.]|$| (?:and|or|to|if|here|with) )|"
    r"sound off\b|(?:let us know|tell us|let me know|tell me|let['’]s hear)\b[^.?!]*\b(?:below|comments?)\b|"
    r"join the (?:conversation|discussion)\b).*$"
)


def find_invitations(page: Page) -> Iterator[tuple[int, int]]:
    """ "Share your thoughts below", with the questions to the reader that lead up to it in the same paragraph."""
    for sentences in page.sentences:
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


def _addresses_reader(text: str) -> bool:
    words = text.lower().replace("’", "'").split()
    return any(word.strip("'\"?,.") in ("you", "your", "you'd", "you're", "yours") for word in words)


COMMENT_PROMPT: tuple[Rule, ...] = (
    Rule(
        "comment-invitation",
        "comment_prompt",
        find_invitations,
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
            r"join the (?:discussion|conversation)|be the first to (?:comment|reply|leave a comment)\b.{0,40}",
            r"(?:no|0) (?:comments?|replies|responses)(?: (?:so far|yet))?|(?:comments?|responses?|replies) ?\(0\)|report (?:this )?comment",
            r"comments?(?: are| have been)? (?:closed|disabled|turned off)\b.{0,60}",
            r"(?:view|show|load|loading|see)(?: all| more)? comments|(?:log|sign) in to (?:post a )?comment|cancel reply|reply|there are no comments\b.{0,20}",
            r"what do you think\?|comment via\b.{0,60}|let['’]s hear your thoughts|discussion about this post|inline feedbacks",
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
        ),
        keeps=(
            "Leave a comment card on the table if the soup was good.",
            "No comment came from the harbour office.",
        ),
    ),
    Rule(
        "comment-form-notice",
        "comment_prompt",
        sentence(
            r"your e-?mail (?:address )?will (?:not|never) be (?:published|shared|displayed|made public)\b.*",
            r"(?:required )?fields (?:are )?marked .{0,40}|required fields are marked\b.{0,20}",
            r"save my name, e-?mail,? and website in this browser\b.{0,60}",
            r"you must be (?:logged|signed) in to (?:post|leave|reply|comment)\b.{0,60}",
            r"please (?:log|sign) in to (?:comment|post|leave|reply)\b.{0,60}",
            r"please log in using one of these methods to post your comment",
            r"notify me of (?:follow-?up|new) .{0,60}|(?:all )?comments are (?:moderated|reviewed)\b.*",
            r"this site uses akismet\b.{0,60}|learn how your comment data is processed|log ?in or register to comment",
            r"deine e-mail-adresse wird nicht ver[öo]ffentlicht\b.{0,20}|ihre e-mail-adresse wird nicht ver[öo]ffentlicht\b.{0,20}|"
            r"erforderliche felder sind\b.{0,30}",
            r"votre adresse (?:e-?mail|de messagerie) ne sera pas publi[ée]e\b.{0,20}|les champs obligatoires sont\b.{0,40}",
            r"(?:tu|su) direcci[óo]n de correo electr[óo]nico no ser[áa] publicada\b.{0,20}|los campos obligatorios est[áa]n\b.{0,40}",
            r"o seu endere[çc]o de e-?mail n[ãa]o ser[áa] publicado\b.{0,20}|campos obrigat[óo]rios s[ãa]o\b.{0,40}",
            r"il tuo indirizzo e-?mail non sar[àa] pubblicato\b.{0,20}|i campi obbligatori sono\b.{0,40}",
            r"(?:je|uw) e-?mailadres wordt niet gepubliceerd\b.{0,20}|(?:vereiste|verplichte) velden zijn\b.{0,40}",
            r"tw[óo]j adres e-?mail nie zostanie opublikowany.{0,20}|wymagane pola s[ąa]\b.{0,40}",
            r"ваш (?:адрес )?(?:e-?mail|электронной почты) не будет опубликован.{0,20}|обязательные поля помечены.{0,20}",
            r"لن يتم نشر عنوان بريدك الإلكتروني.{0,20}|الحقول الإلزامية مشار إليها.{0,20}",
            r"您的(?:电子)?(?:邮箱|邮件)地址不会被(?:公开|发布).{0,20}|必填项已用.{0,20}",
            r"メールアドレスが公開されることはありません.{0,20}|が付いている欄は必須項目です",
        ),
        removes=(
            "Your email address will not be published.",
            "Required fields are marked *",
            "Deine E-Mail-Adresse wird nicht veröffentlicht.",
            "Votre adresse e-mail ne sera pas publiée.",
        ),
        keeps=(
            "Her email address was published by mistake, the council said.",
            "Fields in the north stayed dry all spring.",
        ),
    ),
)
