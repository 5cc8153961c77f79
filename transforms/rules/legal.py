"""Copyright, terms, affiliate, medical and editorial disclaimers."""

from transforms.rule import Rule, line, sentence

_POLICY = (
    r"(?:privacy(?: policy| notice)?|terms(?: (?:of (?:use|service)|(?:and|&) conditions))?|cookie policy|contact(?: us)?|"
    r"about(?: us)?|imprint|impressum|datenschutz|mentions l[ée]gales|aviso legal|accessibility|do not sell my .{2,30}|"
    r"editorial policy|sitemap|advertise(?: with us)?|careers|help|faq|rss)"
)

LEGAL: tuple[Rule, ...] = (
    Rule(
        "copyright",
        "legal",
        line(
            r"©.+",
            r"(?:copyright|\(c\)) ?(?:©|\(c\)|\d{4}|by )\s?.*",
            r".*\b(?:all rights reserved|alle rechte vorbehalten|tous droits r[ée]serv[ée]s|"
            r"todos los derechos reservados|todos os direitos reservados|tutti i diritti riservati|"
            r"alle rechten voorbehouden|wszelkie prawa zastrze[żz]one)\b.*",
            r".*(?:все права защищены|جميع الحقوق محفوظة|版权所有|版權所有|無断転載|转载请注明).*",
            r"(?:this (?:web)?site is|this form is)? ?protected by (?:re|h)captcha\b.*",
            unless=r"[“”„]|some rights reserved|public domain",
        ),
        removes=(
            "© 2025 Harbour Courier Ltd. All rights reserved.",
            "Copyright 2024 Island Press",
            "Все права защищены",
            "© 2024 Verlag am Hafen. Alle Rechte vorbehalten.",
            "Tous droits réservés",
            "版权所有 港口报",
        ),
        keeps=(
            "Copyright law has not kept up, she wrote.",
            "The hall was full; all seats were reserved for the crew.",
            "Все права на остров спорны, сказал судья.",
            "Les droits réservés aux pêcheurs datent de 1900.",
        ),
    ),
    Rule(
        "policy-links",
        "legal",
        line(
            rf"{_POLICY}(?:[\s|•·,/–-]+{_POLICY})+",
            r"(?:privacy|cookie) policy|terms (?:of (?:use|service)|(?:and|&) conditions)",
        ),
        removes=("Privacy Policy | Terms of Use | Contact", "Terms and Conditions"),
        keeps=("Privacy and terms of trade were both on the table.",),
    ),
    Rule(
        "affiliate-notice",
        "legal",
        sentence(
            r".*\b(?:earn|earns|receive|receives|get) (?:a |an )?(?:small )?(?:affiliate )?commissions?\b.*"
            r"\b(?:links?|purchases?|buy|sales?|products)\b.*",
            r"(?:when|if) you (?:buy|shop|purchase|click).*\blinks?\b.*\bcommissions?\b.*",
            r"(?:\*? ?)?as an? amazon (?:associate|affiliate)\b.*",
            r"(?:this|our|my) (?:post|article|page|site|blog) (?:may )?contains? (?:some )?affiliate links\b.*",
            r"(?:some|all|many) (?:of (?:the|our|my) )?(?:products?|links|items)\b[^.]*\b(?:may be|are|contain|from) affiliate (?:links|partners)\b.*",
            r"(?:\*|note: ?)?(?:affiliate|paid) links?|.*\bparticipant in the amazon services\b.*|.*\baffiliate advertising program\b.*",
            r"(?:we|our editors|our team|all products|products|every product|everything)\b[^.]*\bindependently (?:select|chosen?|review|research|evaluat|recommend|pick|vet)\w*\b.*",
            r"prices? (?:and availability )?(?:is|are|was|were) (?:accurate|correct|subject to change)\b.*",
            r".*\bcontains? (?:\w+ )?affiliate links\b.*|(?:dieser|dieser artikel|der artikel|die seite)[^.]* enth[äa]lt (?:werbe|affiliate)[- ]?links\b.*|"
            r"cet article contient des liens affili[ée]s\b.*|este (?:art[íi]culo|post|artigo) cont(?:iene|[ée]m) (?:enlaces|links) de afiliad[oa]s?\b.*",
        ),
        removes=(
            "We may earn a commission if you buy through links on this page.",
            "This post may contain affiliate links.",
            "As an Amazon Associate I earn from qualifying purchases.",
        ),
        keeps=("Agents receive a commission of two per cent, the report says.",),
    ),
    Rule(
        "reprint-notice",
        "legal",
        sentence(
            r"(?:\*? ?)?this (?:article|story|post|piece|essay|content|interview|column|op-ed|excerpt|material|blog(?: post)?|version|text) "
            r"(?:was|is|has been|first|originally|also|may)(?: \w+){0,3}? (?:published|appeared|posted|adapted|syndicated|republished|reprinted|produced|updated from|licensed|distributed|"
            r"re-?posted|excerpted|provided|reproduced|be reproduced|be published) (?:by|in|on|at|from|with|under|via|as part of|through|here|without)\b.*",
            r"(?:originally|first) (?:published|posted|appeared|printed|written) (?:by|in|on|at|as|for)\b.*",
            r"(?:re-?(?:printed|published|posted)|reproduced|used|adapted|excerpted) (?:with|by) (?:the )?(?:kind )?permission\b.*",
            r"(?:read|see|view) the (?:original|full) (?:article|story|post)(?: (?:here|on|at|in)\b.*)?",
            r"(?:no part of )?this (?:publication|material|article|website|content|page|site|work|book)[^.]* (?:may not|may|cannot|must not|should not) be (?:reproduced|published|copied|used|broadcast|redistributed|reprinted|stored)\b.*",
            r"no part of this\b.*|(?:any )?(?:unauthorized|unauthorised) (?:use|reproduction|duplication|copying|distribution)\b.*|reproduction in whole or (?:in )?part\b.*",
            r"(?:this|our|the|except|unless) [^.]*\b(?:licensed|published|republished|available|shared) under (?:a |the )?(?:cc|creative commons)\b.*|[^.]*\bcreative commons attribution\b.*",
            r"all (?:images?|photos?|photographs|trademarks|content|text|logos|other trademarks|rights|product names)\b[^.]*\b(?:copyright(?:ed)?|property of|belongs? to|owned by)\b.*",
            r"(?:dieser (?:artikel|beitrag|text) (?:erschien|ist) (?:zuerst|urspr[üu]nglich|erstmals) (?:bei|in|im|auf)|nachdruck (?:nur )?mit|erstver[öo]ffentlichung)\b.*|"
            r"(?:cet article (?:a [ée]t[ée] publi[ée]|est paru)|reproduction interdite|publi[ée] initialement)\b.*|"
            r"(?:este art[íi]culo (?:fue|se) public[óo]?|publicado originalmente|prohibida (?:la|su) reproducci[óo]n|proibida a reprodu[çc][ãa]o|[ée] proibida a)\b.*|"
            r"(?:riproduzione riservata|dit artikel verscheen eerder|overname (?:van|zonder))\b.*|(?:перепечатка|копирование|использование) материалов .*|"
            r"(?:本文(?:转载自|来源于|首发于)|未经(?:许可|授权)|本文由).*|(?:記事・写真の|本記事の).*(?:転載|複製).*",
            unless=r"[\"“”]|\b(?:said|says)\b",
        ),
        removes=(
            "This article was originally published on Island News.",
            "Reprinted with permission from the Harbour Almanac.",
            "Originally published in the Northport Gazette.",
            "This material may not be published, broadcast, rewritten or redistributed.",
            "Dieser Beitrag erschien zuerst im Hafenblatt.",
            "Reproduction interdite sans accord.",
            "Publicado originalmente en El Puerto.",
            "未经授权不得转载。",
        ),
        keeps=(
            "This article of the harbour code was never used.",
            "The novel was first published in 1902 and sold badly.",
            "The report was published on Monday.",
            "Cet article de la loi date de 1900.",
            "Копирование ключей стоит дорого.",
        ),
    ),
    Rule(
        "offer-terms",
        "legal",
        sentence(
            r"\*? ?(?:other |additional |some |certain )?(?:terms|restrictions|exclusions|conditions|limitations|fees|charges)(?:,? (?:and|&) (?:conditions|restrictions|exclusions|limitations))? (?:may )?apply\b.*",
            r"\*? ?(?:this |the )?(?:offers?|promotion|coupon|deal|sale)(?: is| are)? (?:valid (?:until|through|only|for|at|on|while)|good (?:until|through|only)|ends? (?:on|soon|at)|expires? (?:on|soon|at)|subject to (?:change|availability|terms|approval))\b.*",
            r"(?:delivery|shipping|message and data|text and data|standard|data) (?:charges|rates|fees|messaging rates) (?:may )?apply\b.*|(?:results|savings|individual results|your results|mileage) (?:may|will) vary\b.*",
            r"(?:.* )?(?:member,? (?:fdic|sipc|ncua)|equal housing (?:lender|opportunity)|nmls ?(?:id)? ?#? ?\d*|fca regulated)\b.*",
            r".*\b(?:past performance|historical (?:performance|returns)) (?:is|are|does|may|do|cannot)\b.*\b(?:guarantee|indicat\w*|predict\w*|reliable)\b.*|(?:all )?invest(?:ing|ments?) (?:in \w+ )?(?:involves?|carr(?:y|ies)|entails?) (?:a )?(?:\w+ )?risks?\b.*",
            r".*\bindependent licensees? of\b.*|.*\b(?:registered )?(?:trademarks?|service marks?) of\b.*\b(?:inc|llc|ltd|corporation|company|companies|owners?|holders?)\b.*",
            r"void where prohibited\b.*|no purchase necessary\b.*|.*\bplease (?:gamble|drink|play|bet) responsibly\b.*|must be (?:18|21) (?:or older|years|\+).*|gambling problem\?.*",
            unless=r"[\"“”]|\b(?:said|says)\b",
        ),
        removes=(
            "*Terms and conditions apply.",
            "Offer valid through June 30 at Northport only.",
            "Past performance is no guarantee of future returns.",
            "Individual results may vary.",
            "Member FDIC",
        ),
        keeps=(
            "The same terms apply to every boat in the port and to its crew, the court held, said the clerk.",
            "Past performance of the pump had been good.",
            "Prices fell while the offers of the traders rose.",
        ),
    ),
    Rule(
        "no-advice",
        "legal",
        sentence(
            r".*\b(?:(?:is|are|does|do|should|may|must) not|(?:is|are|does|do|should)n['’]t|nor (?:is|are|does|do|should))(?: \w+)? (?:constitute|construed as|be (?:construed|considered|taken|used|treated|relied|interpreted)|considered|intended (?:as|to|for)|interpreted as|a substitute for|"
            r"(?:provide|offer|give|render) (?:\w+,? )?(?:legal|medical|tax|financial|investment)|(?:financial|investment|legal|medical|tax) advice)"
            r"\b[^.]*\b(?:advice|solicitation|endorsement|diagnosis)\b.*",
            r".*\b(?:statements?|products?|supplements?)\b[^.]*\b(?:not|n['’]t) (?:been )?(?:evaluated by the (?:food|fda|u\.?s)|intended to diagnose)\b.*",
            r"(?:.* )?(?:is|are) (?:provided )?(?:for|as|intended for|solely for|meant for) (?:general |purely |strictly )*(?:information(?:al)?|educational|entertainment|illustrative)(?:,? (?:and|or|and/or|&) (?:\w+ )?\w+)* (?:purposes?|use)(?: only)?\b.*",
            r"(?:this|the|our) (?:content|information|blog|article|post|website|site|material|page|newsletter|podcast)\b[^.]*\b(?:informational|educational|entertainment) purposes\b.*",
            r"always (?:consult|seek the advice of) [^.]* with any questions\b.*",
            r"(?:the )?(?:author|motley fool|writer|i|we|he|she)\b[^.]*\b(?:has no position|owns? (?:no )?shares|have no positions?|has positions? in|has a disclosure policy|may hold positions?)\b.*",
            r"(?:die (?:inhalte|informationen)[^.]* (?:keine|stellen keine) (?:anlage|rechts)?beratung|keine anlageberatung)\b.*|"
            r"(?:ces|les) informations? [^.]*ne constitue(?:nt)? pas un (?:conseil|avis)\b.*|"
            r"(?:la|esta) informaci[óo]n [^.]*no (?:constituye|sustituye)\b.*|(?:as|estas) informa[çc][õo]es [^.]*n[ãa]o (?:constituem|substituem)\b.*|"
            r"(?:le|queste) informazioni [^.]*non (?:costituiscono|sostituiscono)\b.*|"
            r".*не является (?:индивидуальной )?(?:инвестиционной рекомендацией|публичной офертой|офертой).*|.*(?:不构成(?:任何)?投资建议|仅供参考|投資助言ではありません).*|.*لا (?:يشكل|تشكل|يعد|تعد) (?:نصيحة|استشارة).*",
            unless=r"[\"“”]|\b(?:said|says|told|court|ruled|this is intended|in affiliate)\b",
        ),
        removes=(
            "It does not constitute legal advice.",
            "These statements have not been evaluated by the Food and Drug Administration.",
            "The information on this page is for general informational purposes only.",
            "The author owns shares in two ferry companies.",
            "Keine Anlageberatung.",
            "以上内容仅供参考。",
        ),
        keeps=(
            "She gave him advice that was not legal, he wrote.",
            "Ask your doctor whether the pills suit you.",
            "Die Beratung im Hafenamt ist kostenlos.",
        ),
    ),
    Rule(
        "disclaimer",
        "legal",
        line(
            r"(?:important (?:disclosures?|information|notice|plan information)|disclosures?|disclaimers?|terms apply|permissions for use|legal|editorial (?:note|standards|guidelines|policy)|our (?:editorial )?standards(?::.*)?)",
            r"\*?(?:disclaimer|disclosure|legal notice|haftungsausschluss|avertissement l[ée]gal|descargo de responsabilidad|aviso legal|"
            r"transparenzhinweis|risikohinweis|affiliate[- ](?:disclosure|disclaimer|hinweis)|ftc disclosure|full disclosure|medical disclaimer|отказ от ответственности|免责声明|إخلاء مسؤولية)"
            r"\s*[:：].*",
            r"(?:the |any )?(?:views?|opinions?)(?:(?: and|,|/) opinions?)? (?:and conclusions )?(?:expressed|presented)\b.*"
            r"\b(?:do not|does not|are (?:those|solely|his|her|their|the author)|belong)\b.*",
            r"(?:note on )?forward[- ]looking statements\s*[:：.].*",
            r"(?:this|the) (?:article|information|content|post|material|site)\b[^.]*\b"
            r"(?:informational|educational|general information)\b[^.]*\bpurposes?\b.*",
            r".*\bnot (?:a substitute for|intended (?:as|to be) a substitute for) (?:professional )?medical\b.*",
        ),
        removes=(
            "Disclaimer: The author owns shares in the ferry company.",
            "The views expressed here are those of the author and do not reflect those of the Courier.",
            "This article is for informational purposes only and is not medical advice.",
            "Transparenzhinweis: Die Reise wurde bezahlt.",
            "免责声明：本文观点属于作者。",
        ),
        keeps=("A disclaimer hung over the door of the boat shed.", "Views of the harbour do not come cheap."),
    ),
)
