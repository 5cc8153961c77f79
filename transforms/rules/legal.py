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
            r".*(?:все права защищены|جميع الحقوق محفوظة|版权所有|無断転載).*",
        ),
        removes=(
            "© 2025 Harbour Courier Ltd. All rights reserved.",
            "Copyright 2024 Island Press",
            "Все права защищены",
        ),
        keeps=("Copyright law has not kept up, she wrote.", "The hall was full; all seats were reserved for the crew."),
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
            r".*\b(?:earn|earns|receive|receives|get) (?:a |an )?(?:small )?(?:affiliate )?commissions?\b.{0,60}"
            r"\b(?:links?|purchases?|buy|sales?|products)\b.*",
            r"(?:when|if) you (?:buy|shop|purchase|click).*\blinks?\b.*\bcommissions?\b.*",
            r"(?:\*? ?)?as an? amazon (?:associate|affiliate)\b.*",
            r"(?:this|our|my) (?:post|article|page|site|blog) (?:may )?contains? (?:some )?affiliate links\b.*",
            r"(?:some|all) (?:of the )?links (?:on this (?:page|site) |in this (?:post|article) )?(?:may be|are) affiliate links\b.*",
        ),
        removes=(
            "We may earn a commission if you buy through links on this page.",
            "This post may contain affiliate links.",
            "As an Amazon Associate I earn from qualifying purchases.",
        ),
        keeps=("Agents receive a commission of two per cent, the report says.",),
    ),
    Rule(
        "disclaimer",
        "legal",
        line(
            r"\*?(?:disclaimer|disclosure|legal notice|haftungsausschluss|avertissement l[ée]gal|descargo de responsabilidad)"
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
        ),
        keeps=("A disclaimer hung over the door of the boat shed.", "Views of the harbour do not come cheap."),
    ),
)
