"""Calls to action and link inserts, in mid-paragraph too: the sentences that only make sense as a link.

What gives them away is grammar: an imperative to the reader ("Find out more about ...") whose object is another
page. The same words with a subject ("They wanted to find out more about ...") are the article's own.
"""

from transforms.rule import Rule, line, sentence

_MORE = r"(?:find out|learn|discover|read|see)"
_PAGE_NOUN = (
    r"(?:guides?|articles?|posts?|analys[ie]s|coverage|pages?|sections?|lists?|reviews?|blogs?|tips|collections?|"
    r"resources?|reports?|stor(?:y|ies)|interviews?|series|shop|store|website|site|podcasts?|videos?|tutorials?|"
    r"faqs?|archives?|explainers?|round-?ups?|picks|calculators?|case stud(?:y|ies)|white ?papers?|e-?books?)"
)
_LABEL = (
    r"(?:read (?:more|also|next|this)|also read|see also|also see|related(?: (?:article|story|post|reading|video))?|"
    r"recommended(?: reading)?|must[- ]reads?|you (?:may|might) also like|more on this|up next|next steps|"
    r"watch(?: (?:now|next|live|video))?|listen(?: (?:now|here))?|don['’]t miss|"
    r"lesen sie auch|lies auch|auch interessant|mehr zum thema|lesetipp|lire aussi|[àa] lire(?: aussi| [ée]galement)?|"
    r"voir aussi|lea tambi[ée]n|lee tambi[ée]n|te puede interesar|ver tambi[ée]n|leia (?:tamb[ée]m|mais)|veja tamb[ée]m|"
    r"leggi anche|lees ook|bekijk ook|czytaj (?:tak[żz]e|te[żz])|zobacz (?:te[żz]|tak[żz]e)|читайте также|см\. также|"
    r"по теме|اقرأ أيض[اًا]+|إقرأ أيض[اًا]+|延伸阅读|相关阅读|推荐阅读|あわせて読みたい|関連記事)"
)

PROMO_LINK: tuple[Rule, ...] = (
    Rule(
        "find-out-more",
        "promo_link",
        sentence(rf"(?:also,? )?(?:click here to )?{_MORE} more (?:about|on|at|in) ..+", unless=r"\bthan\b"),
        removes=(
            "Find out more about harbour dredging permits guide.",
            "Learn more about our coverage of the ferry strike",
            "Read more about the bridge repairs here.",
        ),
        keeps=(
            "They wanted to find out more about the plan before the vote.",
            "Learn more about one trade than about ten, her father used to say.",
            "The pupils read more about the war than their parents ever had.",
        ),
    ),
    Rule(
        "you-can-learn-more",
        "promo_link",
        sentence(
            rf"(?:(?:if|for|to) ..+, )?you can (?:also )?{_MORE} more "
            r"(?:information |details )?(?:about|on|at|in) ..+",
            unless=r"\b(?:than|from)\b",
        ),
        removes=(
            "You can learn more about the local reactions to the new harbour tax .",
            "If you want the details, you can read more about it here.",
        ),
        keeps=(
            "You can learn more about a person in an hour of play than in a year of talk.",
            "You can learn more from a bad harvest.",
        ),
    ),
    Rule(
        "for-more-see",
        "promo_link",
        sentence(
            r"for (?:more|further|additional|related|full|all the)\b.*,? ?\b"
            r"(?:see|visit|review|read|check out|consult|explore|browse|click|go to|head to|refer to|follow) "
            r"(?:our|my|this|these|here|the full|https?://|www\.).*",
        ),
        removes=(
            "For further reading on coastal budgets, review our analysis on port fees and the future of small ferries.",
            "For more information visit our help pages.",
        ),
        keeps=(
            "For more than a year the council refused to see the report.",
            "For further reading the pupils had only two old books.",
        ),
    ),
    Rule(
        "check-out-our",
        "promo_link",
        sentence(
            r"(?:(?:be|make) sure to |don['’]t forget to |also,? |please |you (?:can|may) also )?"
            r"(?:check out|take a look at) (?:our|my|this (?:post|article|guide|video|page|list))\b.*",
            r"(?:(?:be|make) sure to |don['’]t forget to |also,? |please )?"
            rf"(?:browse|explore|review|see|visit|view|read|use|try) (?:our|my) (?:.* )?{_PAGE_NOUN}\b.*",
        ),
        removes=(
            "Check out our guide to winter tyres.",
            "Be sure to read our full review of the camera.",
            "See our explainer on the new parking rules for more.",
        ),
        keeps=(
            "Guests check out our town before they look at its prices.",
            "Read our constitution before you speak of rights, she told the hall.",
        ),
    ),
    Rule(
        "keep-an-eye-on",
        "promo_link",
        sentence(
            r"(?:(?:to|for|as|while) .+, )?(?:and )?(?:be sure to |make sure to |please )?"
            r"(?:keep an eye on|stay tuned (?:to|for)|stay up to date (?:with|on)|stay updated on|follow) "
            r"(?:our\b..+|(?:the |latest |further |future |ongoing |new |more |recent |all )*"
            r"(?:developments?|updates?|news|coverage)\b(?: (?:in|on|from|about|around|regarding|of) ..+)?)",
        ),
        removes=(
            "To track this growing dispute, keep an eye on developments in island ferry contracts and their cost.",
            "Stay tuned for more updates on the port.",
            "Keep an eye on our election coverage.",
        ),
        keeps=(
            "Keep an eye on the milk, because it boils over quickly.",
            "Investors keep an eye on developments in the bond market.",
        ),
    ),
    Rule(
        "click-here",
        "promo_link",
        sentence(
            r"(?:(?:to|for) [^.]+,? |please |you can |simply |just )?"
            r"(?:click|tap) (?:here|below|on (?:this|the) (?:link|button|image)|(?:this|the) (?:link|button))\b.*",
        ),
        removes=("Click here to see the full timetable.", "To read the letter, click on the link below."),
        keeps=(
            "Fraudsters told her to click here and there until the account was empty.",
            "The locks click here at six every night, the warden said.",
        ),
    ),
    Rule(
        "link-label",
        "promo_link",
        line(rf"{_LABEL}\s*[:：»›|]..+"),
        removes=(
            "Read more: Island ferry timetable cut again",
            "Related: Three mayors and one bridge",
            "Lesen Sie auch: Hafen bekommt neue Kräne",
            "Lire aussi : Le port attend ses grues",
            "Читайте также: В порту ждут новые краны",
        ),
        keeps=(
            "Related costs rose by a third, the auditors found.",
            "Watch prices fell for a second year as buyers turned to phones.",
        ),
    ),
    Rule(
        "button",
        "promo_link",
        line(
            r"(?:read|learn|find out|see|view|show|load|discover|know) more",
            r"read (?:the )?(?:full|whole|original|entire|complete) (?:story|article|post|report|interview)(?: here)?",
            r"(?:continue|keep) reading|click here|watch (?:the |this )?video(?: here)?|view (?:the )?(?:gallery|all|details)",
            r"get (?:a (?:free )?quote|started)|(?:book|shop|buy|order|download|apply|register|enrol?l) (?:now|today|here)",
            r"(?:try|start) (?:it |your )?(?:for )?free(?: trial)?|learn how|see details|find out how",
            r"weiterlesen|mehr (?:lesen|erfahren)|lire la suite|en savoir plus|leer m[áa]s|seguir leyendo|saiba mais|"
            r"leia mais|continua a leggere|leggi (?:tutto|di pi[ùu])|lees (?:verder|meer)|czytaj (?:wi[ęe]cej|dalej)|"
            r"читать (?:далее|полностью)|подробнее|اقرأ المزيد|المزيد|阅读更多|查看更多|阅读全文|点击查看|続きを読む|もっと見る",
        ),
        removes=("Read more", "» Continue reading", "Mehr erfahren", "続きを読む", "Shop now"),
        keeps=("Read more books, watch less television.", "Learn more languages while you are young."),
    ),
)
