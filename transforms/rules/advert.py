"""Marks of advertisements and sponsored blocks."""

from transforms.rule import Rule, line, sentence

ADVERT: tuple[Rule, ...] = (
    Rule(
        "advert-mark",
        "advert",
        line(
            r"(?:advertisements?|advertising|advertorial|sponsored(?: (?:content|links?|posts?|by .{1,40}))?|ads?(?: by .{1,30})?|"
            r"promoted(?: content)?|paid (?:content|post|partnership)|anzeige|werbung|publicit[ée]|publicidad|publicidade|"
            r"pubblicit[àa]|advertentie|reklama|реклама|إعلان|广告|広告|iklan)"
            r"(?:[.\s–—:-]*(?:continue reading below|scroll to continue(?: reading)?|(?:story|article) continues below|"
            r"skip advert(?:isement)?))?",
            r"(?:story|article|content) continues (?:below|after)(?: (?:this |the )?(?:advertisement|ad|advert))?",
            r"(?:this (?:article|post|content) is |in partnership with |brought to you by |presented by )(?:sponsored|.{2,40})",
            unless=r"(?:this (?:article|post|content) is [^s])",
        ),
        removes=("Advertisement", "Advertisement - Continue Reading Below", "Sponsored content", "Anzeige", "Реклама"),
        keeps=("Advertising fell by a fifth last year.", "Ads for the ferry hung in every shop."),
    ),
    Rule(
        "discount-code",
        "advert",
        sentence(
            r"(?:use|enter) (?:the )?(?:promo |discount |coupon )?code [A-Z0-9]{3,16}\b.*",
            r"(?:order|buy|shop|book) (?:now|today)\b.*|limited[- ]time offer\b.*",
            r"(?:call|contact|visit|get|request|schedule|book) .*\b(?:free|no[- ]obligation)\b.{0,30}\b(?:quotes?|estimates?|consultations?|trials?|demos?)\b.{0,40}",
            unless=r"\b(?:said|says|told|asked)\b",
        ),
        removes=("Use code FERRY20 for a fifth off your first crossing.", "Order today and save 20%!"),
        keeps=("Use code words, the trainer said, and never write them down.",),
    ),
)
