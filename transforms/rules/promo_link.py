"""Calls to action and link inserts, in mid-paragraph too: the sentences that only make sense as a link.

What gives them away is grammar: an imperative to the reader ("Find out more about ...") whose object is another
page. The same words with a subject ("They wanted to find out more about ...") are the article's own.
"""

from transforms.rule import Rule, inline, line, sentence

_MORE = r"(?:find out|learn|discover|read|see)"
_PAGE_NOUN = (
    r"(?:guides?|articles?|posts?|analys[ie]s|coverage|pages?|sections?|lists?|reviews?|blogs?|tips|collections?|"
    r"resources?|reports?|stor(?:y|ies)|interviews?|series|shop|store|website|site|podcasts?|videos?|tutorials?|"
    r"faqs?|archives?|explainers?|round-?ups?|picks|calculators?|case stud(?:y|ies)|white ?papers?|e-?books?|documentation|"
    r"checklists?|templates?|worksheets?|courses?|class(?:es)?|newsletter|apps?|catalog(?:ue)?|plans?|recipes?|cookbooks?|selection|range|gallery|products?|services|offers?|deals|directory|hub|library|knowledge (?:base|center)|demos?|toolkit|tools?|book(?:list)?s?|maps?|playlists?|channel|portfolio|programs?|events|database)"
)
_LABEL = (
    r"(?:read (?:more|also|next|this|now|our|on)|also read|(?:must|also|more) (?:read|on|from) [^:.]+|more|more (?:here|reading)|"
    r"(?:also|further) (?:see|reading)|keep reading|continue reading|click here|get it|shop now|download|what to read next|(?:see|related) (?:details|coverage|link|guide|resources?)|"
    r"mehr dazu|siehe auch|passend dazu|lesen sie (?:mehr|hier|dazu)|lire (?:plus|la suite)|[àa] voir(?: aussi)?|plus d['’]infos?|m[áa]s informaci[óo]n|vea tambi[ée]n|mira tambi[ée]n|saiba mais|"
    r"leia|confira|approfondisci|leggi|meer (?:over|lezen)|zie ook|wi[ęe]cej|sprawd[źz] te[żz]|смотрите также|подробнее|узнать больше|للمزيد|شاهد أيضا?ً?|شاهد|更多|相关链接|関連|参考記事|also read|see also|also see|related(?: (?:article|story|post|reading|video))?|"
    r"recommended(?: reading)?|must[- ]reads?|you (?:may|might) also like|more on this|up next|next steps|"
    r"watch(?: (?:now|next|live|video))?|listen(?: (?:now|here))?|don['’]t miss|"
    r"lesen sie auch|lies auch|auch interessant|mehr zum thema|lesetipp|lire aussi|[àa] lire(?: aussi| [ée]galement)?|"
    r"voir aussi|lea tambi[ée]n|lee tambi[ée]n|te puede interesar|ver tambi[ée]n|leia (?:tamb[ée]m|mais)|veja tamb[ée]m|"
    r"leggi anche|lees ook|bekijk ook|czytaj (?:tak[żz]e|te[żz])|zobacz (?:te[żz]|tak[żz]e)|читайте также|см\. также|"
    r"по теме|اقرأ أيض[اًا]+|إقرأ أيض[اًا]+|延伸阅读|相关阅读|推荐阅读|あわせて読みたい|関連記事)"
)

# What may stand before the imperative.
_GO = (
    r"(?:(?:also|and|so|but|or|now|then),? |please |simply |just |be sure to |make sure to |you can (?:also |always )?|"
    r"we invite you to |(?:to|for|if|or)\b [^.!?,]*, )*"
)

# A question to the reader that only leads to a link: it goes with the link.
_ASKS_READER = (
    r"(?-i:(?:(?:Are you|Do you|Still|So,?|Not) )?(?:[Rr]eady (?:to|for)|Looking (?:for|to)|(?:Are you|Still) looking for|Want (?:to|more|a|an|help)|Do you want to|Need (?:help|a|an|more|to|some)|"
    r"[Ii]nterested in|Curious (?:about|how|to)|Have (?:a question|questions|any questions|more questions|an idea|a story|a tip)|Got (?:a question|questions|a tip|a story)|Thinking (?:of|about)|In need of|In the market for|"
    r"Searching for|Struggling (?:with|to)|Not sure (?:where|what|how|which)|New to|Excited (?:to|about)|Tired of|Enjoy(?:ed|ing)? (?:this|the)|Lik(?:e|ed) (?:this|what)|Lov(?:e|ed) (?:this|what)|Questions about))\b[^.!?\"“”]*\?"
)
_CALLS_READER = (
    r"(?:then,? |so,? |just |simply |please |you can |if so, )*(?:check (?:out|it)|learn|find|read|see|visit|contact|call|click|get|book|schedule|try|start|sign|join|download|shop|browse|explore|discover|take|request|grab|"
    r"subscribe|reach|apply|give|let|speak|talk|message|register|watch|here(?:['’]s| is| are)|our)\b(?:[^.!?\"“”]|[.][\p{L}\d])*\b(?:our|us|my|me|here|today|now|below|free|started|this (?:post|article|guide|page|video|list|link|form)|more|"
    r"(?:a|your) (?:quote|demo|consultation|appointment))\b(?:[^.!?\"“”]|[.][\p{L}\d])*[.!:]"
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
        "link-sentence",
        "promo_link",
        sentence(
            rf"{_GO}(?:read|see|find|check out|watch|view|download|listen to|buy|order|register|apply|sign up|learn|purchase|explore|browse|access|grab|shop|join|donate|enter|book|take a look)\b[^.?!]* (?:right |over )?here[.!)]*",
            rf"{_GO}(?:{_MORE}|{_MORE} (?:all|the (?:full|whole|rest|original|complete))) (?:more|about|of|story|article|review|post|report|interview|transcript|recipe|details)\b(?: (?:about|on) (?:it|this|that|them|these|us))? (?:here|below|at|on|in our|by (?:clicking|visiting))\b.*",
            r"(?:here(?:['’]s| is)|this is) (?:a|an|the|my|our) (?:\w+ )?(?:link|download link|affiliate link) (?:to|for|where)\b[^:]*",
            rf"{_GO}watch (?:our|my|the full|the whole) (?: |\w+ )?(?:video|episode|trailer|webinar|interview|clip|recording|replay)\b.*",
            r"(?:please |simply |just )?(?:visit|head (?:over )?to|go to|check out|browse|log on to|see) (?:us at |our (?:\w+ )?(?:web)?site:? (?:at )?|the \w+ (?:web)?site at |www\.|https?:)\S+.*|"
            r"(?:please |simply |just )?visit \S+\.(?:com|org|net|io|co|ai|edu|gov|live|uk|de|app|dev)\S* (?:for (?:more|details|further|additional|info)|to (?:learn|find|read|see|get|shop|book|register|order|explore|discover)|today|now)\b.*",
            r"(?:more|additional|further) (?:information|details|info|resources)\b[^.?!]*\b(?:available|found|obtained) (?:at|on|here|from|by visiting|in our|via) .*|for (?:more )?(?:details|info|information|inquiries|questions|bookings|reservations|tickets)[^.?!,]*,? (?:please )?(?:visit|see|call|contact|e-?mail|click|go to)\b.*",
            r"(?:interested|curious|keen)(?: in| to| about)? [^.?!]*\? (?:check out|learn|find|read|see|contact|click|visit|get|try)\b.*|(?:(?:why )?you can trust|how we (?:test|review|rate|picked|choose))\b[^.]{0,3}",
            unless=r"\b(?:said|says|told|asked|than)\b",
        ),
        removes=(
            "You can read the whole letter here.",
            "See more here.",
            "Here is a link to the tide tables.",
            "Watch the full video above to see the crane fall.",
            "Visit northport.example.org to learn more about the ferries.",
            "More information is available at www.northport.example.",
        ),
        keeps=(
            "You can see the difference between the two boats from here to the pier.",
            "Watch the sea from any port and you will see the same birds.",
            "More information was found in the wreck.",
            "Visit the museum on a weekday, when it is quiet.",
        ),
    ),
    Rule(
        "reader-offer",
        "promo_link",
        sentence(
            r"(?:if you(?:['’]re| are|['’]d| would| want| need| have| like| prefer)\b[^,?!]*|for (?:more|a|an|the) [^,]*|to (?:learn|see|find|read|get|explore|discover|help)\b[^,]*|when you(?:['’]re| are) ready[^,]*|now that you[^,]*|in the meantime), (?:then )?(?:you can (?:also )?|please |be sure to |make sure (?:to|you) |don['’]t forget to |feel free to |I (?:highly |would )?recommend |we (?:highly )?recommend )?"
            r"(?:check(?:ing)? out|visit|see|read|explore|browse|try|grab|download|take a look at|refer to|join|contact|consult|watch|head (?:over )?to|get) (?:(?:out |one of |some of |all of )*(?:our|my) |this (?:article|post|guide|video|page|list|link|course)|these (?:articles|posts|guides|resources)).*",
            rf"(?:learn|read|discover|find out|see) (?:more |how |why |what |about |all about )+(?:about )?our (?:\w+[ -])*{_PAGE_NOUN}\b.*",
            r"(?:(?:also|so|and|then|but|please|for now|meanwhile),? )?(?:don['’]t forget to|be sure to|make sure (?:to|you)|feel free to) (?:also )?(?:check (?:it )?out|subscribe|sign up|bookmark|download (?:our|my|the)|grab (?:our|my|your|the)|(?:follow|visit|read|share|watch|pin|browse|see|use|join|take a look at) (?:us|me|our|my|this (?:post|article|page|guide|recipe|video)|these (?:posts|articles)|it (?:with|on|for later)|the (?:full|rest of (?:our|my))))\b.*",
            r"(?:(?:and|so|but),? )?(?:stay tuned|watch this space|more to come|coming soon)\b(?: for [^.?!]*|[.!…]*)|(?:happy (?:reading|shopping|cooking|baking|sewing|travels|gardening|knitting|crafting|camping|coding|painting))[.!]*|"
            r"(?:shop|browse|explore|discover|see|view|compare) (?:all|the (?:full|entire|whole|complete|new|latest)) (?:\w+ )*(?:collection|range|selection|catalog(?:ue)?|series|line-?up|list|store|menu|products|deals|offers|styles|plans|listings|archive|results|posts|articles|news|videos|events|jobs|reviews|recipes)(?: (?:here|now|today|at|on|of|from|by|in|for)\b.*)?",
            r"(?:book|plan|start|begin|get|reserve|buy|order|claim|grab|pre-?order|purchase|download|pick up) (?:your|my|our)(?: own| free)?(?: \w+){0,3} (?:today|now|online|here)\b.*|(?:discover|explore|learn about|see|experience) the (?:benefits|difference|power|possibilities) (?:of|with) [^.?!]*\b(?:today|now|us|our)\b.*",
            r"(?:download|get|grab|print)(?: out)? (?:the|our|my|this|your|a) (?:free |full |printable |complete |pdf |handy |ultimate )*(?:pdf|checklist|guide|template|e-?book|white ?paper|worksheet|printables?|report|brochure|app|cheat ?sheet|catalog(?:ue)?|spreadsheet|toolkit|infographic|presentation|slides)\b.*",
            unless=r"\b(?:said|says|told|asked|than)\b",
        ),
        removes=(
            "If you're new to sailing, check out our list of harbours.",
            "Don't forget to check out the tide tables.",
            "Stay tuned!",
            "Browse the full collection of ropes here.",
            "Book your berth today.",
            "Download our free checklist.",
        ),
        keeps=(
            "If you want the truth, see our past, she told the hall.",
            "Download speeds fell in the storm.",
            "Don't forget to close the hatch and check the pump.",
            "Plan your day around the tide.",
        ),
    ),
    Rule(
        "reader-question",
        "promo_link",
        inline(rf"\b{_ASKS_READER} {_CALLS_READER}"),
        removes=(
            "Looking for a safe berth? Check out our map of harbours.",
            "Ready to sail? Get started today.",
            "Need a new sail? Visit sails.example or contact us for a fitting.",
        ),
        keeps=(
            "Ready to sail? The crew was not, and the mate said so.",
            "Looking for answers? So was the council, which met again on Friday.",
            "Want to see the whales? Go in May, and take a coat.",
        ),
    ),
    Rule(
        "bracketed-link",
        "promo_link",
        inline(
            r"[ \t]?[(\[](?i:read more|read also|also read|see also|related(?: (?:article|story|post|reading))?|click here|more here|source link|lesen sie auch|mehr dazu|lire aussi|lea tambi[ée]n|leia tamb[ée]m|leggi anche|lees ook|czytaj te[żz]|читайте также)\s*[:：][^()\[\]]+[)\]]|[ \t]?[(\[](?i:read more|click here|learn more|see more|more here|find out more|read more here|click to (?:enlarge|view|tweet)|opens? in (?:a )?new (?:window|tab))[^()\[\]:]*[)\]]"
        ),
        removes=(
            "(Read more: Island ferry timetable cut again)",
            "[Related: Three mayors and one bridge]",
            "(Lesen Sie auch: Hafen bekommt neue Kräne)",
            "(opens in a new window)",
        ),
        keeps=(
            "The clerk (see the list) was late.",
            "The related costs (wages, rope) fell.",
        ),
    ),
    Rule(
        "keep-an-eye-on",
        "promo_link",
        sentence(
            r"(?:(?:to|for|as|while) .+, )?(?:and )?(?:be sure to |make sure to |please )?"
            r"(?:(?:keep an eye on|stay tuned (?:to|for)|stay up to date (?:with|on)|stay updated on) our\b..+|"
            r"(?:keep an eye on|stay tuned (?:to|for)|stay up to date (?:with|on)|stay updated on|follow) "
            r"(?:our |the |latest |further |future |ongoing |new |more |recent |all )*"
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
            r"(?:find|check) (?:it )?out(?: more| here| now)?|take the (?:quiz|survey|test|poll)|get (?:directions|in touch|help|tickets|access|it now|the (?:guide|book|recipe|look|code|deal|details))|(?:shop|buy) (?:it |the look|all|online|tickets)?(?: (?:on|at|from) [\w. ]+)?|"
            r"(?:view|see|check|get) (?:on|at|price|the deal|deal|offer|it|price (?:on|at)|latest price|best price|best deal|current price)(?: (?:on|at|from) ?[\w. ]+)?(?: (?:amazon|walmart|target|ebay|etsy|best buy))?|add to (?:cart|bag|basket|wishlist)|"
            r"[$€£][\d.,]+ (?:at|on|from) (?-i:\p{Lu})[\w. ]+|(?:visit|go to) (?:site|website|store|the (?:site|website|store)|our (?:website|store|blog|shop)|page)|see (?:all|it|also|how it works|plans|pricing|our \w+)|(?:view|see|browse|explore|show) (?:all|more|our) ?(?:\w+|\(\d+\))?|try it (?:now|free|out)|"
            r"(?:request|schedule|book|make|set up) (?:an?|your|my) (?:\w+ )?(?:appointment|tour|visit|call|demo|service|consultation|info|test drive|meeting|table)|find (?:a|an|your|my) (?:store|doctor|location|agent|provider|dealer|lawyer|local \w+)|(?:submit|send|join|vote|apply|enter|donate|install|download|subscribe|register|bookmark|compare)(?: (?:now|today|here|us|pdf|free|the pdf))|"
            r"hier klicken|jetzt (?:kaufen|bestellen|buchen|lesen|ansehen|mehr erfahren|informieren)|mehr (?:infos?|informationen|dazu|anzeigen)|zum (?:artikel|shop|angebot)|cliquez ici|d[ée]couvrir(?: plus)?|voir (?:plus|tout|l['’]offre)|plus d['’]informations?|acheter|haga? clic aqu[íi]|ver m[áa]s|m[áa]s informaci[óo]n|conoce m[áa]s|"
            r"comprar(?: ahora| agora)?|clique aqui|ver mais|veja mais|mais informa[çc][õo]es|clicca qui|scopri di pi[ùu]|vedi tutt[oi]|acquista(?: ora)?|klik hier|bekijk (?:meer|alles)|meer (?:informatie|weten)|kliknij tutaj|zobacz wi[ęe]cej|dowiedz si[ęe] wi[ęe]cej|kup teraz|"
            r"нажмите здесь|узнать больше|смотреть (?:все|вс[её]|далее|ещ[её])|купить|показать ещ[её]|اضغط هنا|عرض المزيد|تعرف على المزيد|اشتر الآن|点击(?:这里|此处)|了解更多|更多|展开全文|立即购买|詳しくはこちら|こちら(?:から|をクリック)?|詳細を見る|すべて見る|購入する|"
            r"weiterlesen|mehr (?:lesen|erfahren)|lire la suite|en savoir plus|leer m[áa]s|seguir leyendo|saiba mais|"
            r"leia mais|continua a leggere|leggi (?:tutto|di pi[ùu])|lees (?:verder|meer)|czytaj (?:wi[ęe]cej|dalej)|"
            r"читать (?:далее|полностью)|подробнее|اقرأ المزيد|المزيد|阅读更多|查看更多|阅读全文|点击查看|続きを読む|もっと見る",
        ),
        removes=(
            "Read more",
            "» Continue reading",
            "Mehr erfahren",
            "続きを読む",
            "Shop now",
            "Check price at Amazon",
            "View all (23)",
            "Haga clic aquí",
            "Подробнее",
            "了解更多",
        ),
        keeps=(
            "Read more books, watch less television.",
            "Learn more languages while you are young.",
            "Wer mehr lesen will, braucht Zeit.",
            "Voir plus loin, disait-elle, demande du courage.",
            "Купить лодку в порту нельзя.",
        ),
    ),
)
