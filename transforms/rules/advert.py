"""Marks of advertisements, sponsored blocks, offers, and a company's pitch for itself."""

from transforms.rule import Rule, line, sentence

_SPONSORED = r"(?:sponsored|brought to you|made possible|supported in part|presented|paid for)"
_SHOW = r"(?:post|article|story|episode|video|podcast|newsletter|content|review|show)"
_QUOTE = (
    r"(?:quote|estimates?|consultations?|demos?|trial|samples?|callback|call back|evaluation|assessment|audit|"
    r"appointments?|discovery call|strategy (?:call|session)|catalog(?:ue)?|brochure|info(?:rmation)? (?:kit|pack))"
)
_PHONE = r"\(?\d\d\d\)?[\s.–-]*\d\d\d[\s.–-]*\d\d\d\d"

ADVERT: tuple[Rule, ...] = (
    Rule(
        "advert-mark",
        "advert",
        line(
            r"(?:advertisements?|advertising|advertorial|sponsored(?: (?:content|links?|posts?|by .{1,40}))?|ads?(?: by .{1,30})?|"
            r"promoted(?: content)?|paid (?:content|post|partnership)|partner content|advertisers|ad feedback|"
            r"anzeigen?|werbung|werbeanzeige|gesponserte[rs]? (?:inhalte?|beitrag|artikel)|"
            r"publicit[ée]|publi-?r[ée]portage|contenu sponsoris[ée]|publicidad|contenido patrocinado|publirreportaje|"
            r"publicidade|conte[úu]do patrocinado|pubblicit[àa]|contenuto sponsorizzato|messaggio pubblicitario|"
            r"advertentie|gesponsorde? (?:inhoud|bericht|artikel)|reklam[ay]|materia[łl] sponsorowany|artyku[łl] sponsorowany|"
            r"реклама|на правах рекламы|партн[её]рский материал|إعلان(?:ات)?|محتوى (?:إعلاني|ممول)|广告|廣告|赞助内容|推广内容|広告|"
            r"スポンサー(?:ド)?リンク|iklan)"
            r"(?:[.\s–—:-]*(?:continue reading below|scroll to continue(?: reading)?|(?:story|article) continues below|"
            r"skip advert(?:isement)?))?",
            r"(?:story|article|content) continues (?:below|after)(?: (?:this |the )?(?:advertisement|ad|advert))?",
            r"(?:this (?:article|post|content) is |in partnership with |brought to you by |presented by )(?:sponsored|.{2,40})",
            r"(?:report|hide|skip|close|remove)(?: this)? ads?|advertiser disclosure|why (?:am i seeing )?(?:this ad|ads)\??|"
            r"der artikel geht (?:unten|nach der anzeige) weiter|la suite apr[èe]s (?:la|cette) publicit[ée]|"
            r"contin[úu]a (?:leyendo )?(?:despu[ée]s|depois|dopo) .{0,12}publi.{0,10}|lees verder onder de advertentie|"
            r"dalsza cz[ęe][śs][ćc] (?:artyku[łl]u|tekstu) pod (?:reklam[ąa]|materia[łl]em).{0,20}",
            unless=r"(?:this (?:article|post|content) is [^s])",
        ),
        removes=(
            "Advertisement",
            "Advertisement - Continue Reading Below",
            "Sponsored content",
            "Anzeige",
            "Реклама",
            "Contenido patrocinado",
            "Lees verder onder de advertentie",
            "Materiał sponsorowany",
        ),
        keeps=(
            "Advertising fell by a fifth last year.",
            "Ads for the ferry hung in every shop.",
            "Die Anzeige gegen den Hafenmeister wurde fallen gelassen.",
            "Реклама на причале стала дороже на треть.",
            "La publicité coûte cher aux petites îles.",
        ),
    ),
    Rule(
        "deals-box",
        "advert",
        line(r"(?:today|this week)['’]s (?:best|top|lowest) (?:[\w&+.’'-]+ ){0,6}(?:deals|prices|offers)"),
        removes=("Today's best Lumen Page 3 deals", "This week’s top deals"),
        keeps=(
            "Today's best deals are struck at the fish market before dawn.",
            "The best ferry deals this year",
            "Today's best prices at the market, he said, were for eels.",
        ),
    ),
    Rule(
        "sponsor-line",
        "advert",
        sentence(
            rf"(?:this|today['’]?s?|this (?:week|month)['’]s|the|our) (?:\w+ )?{_SHOW} (?:is|was|has been) "
            rf"(?:also |proudly |kindly )?{_SPONSORED} (?:by|in part by) .*",
            r"(?:thanks|thank you|a (?:big|huge|special) thank you|special thanks) to (?:our|today['’]s|this week['’]s) sponsors?\b.*",
            r"(?:today['’]s|this week['’]s|this episode['’]s|our) sponsors?:? (?:is|are) .*",
            rf"(?:dieser|dieses) (?:beitrag|artikel|video) (?:wird|wurde|ist) (?:\w+ )*gesponsert.*|"
            rf"(?:cet|cette) (?:article|vid[ée]o|{_SHOW}) (?:est|a [ée]t[ée]) sponsoris[ée]e? par .*|"
            r"este (?:art[íi]culo|post|v[íi]deo|artigo) (?:est[áa]|es|foi|[ée]) patrocinado por .*",
        ),
        removes=(
            "This episode is brought to you by Northport Rope and Sail.",
            "Today's post was sponsored by the Island Bakery.",
            "Thanks to our sponsors for keeping the lights on!",
            "Cet article est sponsorisé par la Boulangerie du Port.",
        ),
        keeps=(
            "The regatta was sponsored by a bank until 2019.",
            "This bill is supported by both parties.",
            "The club thanked its sponsors and went home.",
        ),
    ),
    Rule(
        "discount-code",
        "advert",
        sentence(
            r"(?:use|enter) (?:the |my |our )?(?:promo |discount |coupon )?code:? (?-i:[A-Z0-9]{3,16})\b.*",
            r"(?:.+ )?(?:promo|coupon|discount|voucher) code\s*[:：] ?(?-i:[A-Z0-9]{4,16})\b.*",
            r"(?:order|buy|shop|book) (?:now|today)\b.*|limited[- ]time offer\b.*",
            r"(?:call|contact|visit|get|request|schedule|book) .*\b(?:free|no[- ]obligation)\b.{0,30}\b(?:quotes?|estimates?|consultations?|trials?|demos?)\b.*",
            r"(?:get|save|take|enjoy|receive|claim) (?:an extra |up to )?(?:\d+ ?%|[$€£]\d[\d,.]*)(?: off| discount| in \w+ credits?| credits?)\b.*"
            r"\b(?:your (?:first|next)|when you|at checkout|with (?:the |our |an? )?(?:exclusive |promo |discount |coupon )*code|sign(?:ing)? up|new (?:customers|users|accounts))\b.*",
            unless=r"\b(?:said|says|told|asked)\b",
        ),
        removes=(
            "Use code FERRY20 for a fifth off your first crossing.",
            "Order today and save 20%!",
            "Get 15% off your first order at the rope shop.",
            "Discount code: ROPE15",
            "Get 20% off with our exclusive code",
        ),
        keeps=(
            "Use code words, the trainer said, and never write them down.",
            "Use code review to find such errors early.",
            "Save 20% of your wages in the good years.",
            "Get 20% off with a smile, the seller says, and nothing without one.",
        ),
    ),
    Rule(
        "offer-call",
        "advert",
        sentence(
            rf"(?:click (?:here )?to )?(?:get|request|schedule|book|claim|arrange|order|receive|try|start|sign up for|set up|see)(?: for)? "
            rf"(?:a|an|my|your|our|the|one)? ?(?:(?:live|personali[sz]ed|quick|complimentary|initial|online|instant|custom|\d+[- ](?:days?|minutes?)|"
            rf"free(?:,)?|no[- ]obligation|no[- ]cost|confidential|virtual|physical|in-home) )*{_QUOTE}(?: (?:now|today|here|online|with us|with an? .*|from .*|by .*|of .*|at .*|"
            rf"and .*|to (?:see|learn|find|discover|get) .*))?",
            r"(?:try|start|get|use) ..+ (?:free for|for free|risk[- ]free)(?: (?:today|now|\d+ days?|a (?:week|month)|with .*|for .*))?",
            r"(?:start|begin|try|get) (?:my|your) (?:\w+ )?(?:free )?trial\b.*|sign up (?:today|now|for free|and get)\b.*",
            r"(?:hurry|act (?:now|fast)|don['’]t (?:wait|delay))\b[,!—–-].*|(?:offer|sale|deal|promotion) ends? (?:soon|today|tonight|midnight|on .*)",
            r"(?:free|fast|\w+, free) (?:standard |express |fast )?(?:shipping|delivery)(?: and returns)? (?:on (?:all )?orders|over|for orders|worldwide)\b.*",
            unless=r"\b(?:said|says|told|asked)\b",
        ),
        removes=(
            "Get a free quote from our riggers.",
            "Schedule your free consultation today!",
            "Request a demo",
            "Start your free trial now.",
            "Sign up today and make this your driest winter yet.",
            "Free shipping on orders over $40",
        ),
        keeps=(
            "Schedule an appointment with your doctor when the cough lasts three weeks.",
            "Get a second quote before you let anyone near the roof.",
            "Free delivery of the letters ended in 1990.",
        ),
    ),
    Rule(
        "contact-call",
        "advert",
        sentence(
            r"(?:so |then |simply |just |please |feel free to |don['’]t hesitate to |(?:if|when|for|to|whether|should) [^.!?]+, (?:please |simply |just |you can |feel free to )?)?"
            r"(?:contact|call|e-?mail|text|message|reach out to|get in touch with|give|speak (?:to|with)|talk to|chat with|connect with) "
            r"(?:us|our (?:\w+ )*(?:team|experts?|offices?|specialists?|staff|attorneys?|lawyers?|consultants?|advis[eo]rs?|agents?|technicians?|"
            r"professionals|representatives?|customer service|sales|support|firm|clinic|practice|company|recruiters?))"
            r"(?: a (?:call|ring|shout))?(?: (?:today|now|at|for|to|on|by|via|about|online|and|if|with|directly|here|or)\b.*|,.*)?",
            rf"call (?:us |now |today |toll[- ]free |or text |.* )?(?:at |on )?{_PHONE} (?:to|for|or|today|and)\b.*",
            r"(?:we|our (?:\w+ )*(?:team|experts|specialists|staff|attorneys|lawyers|professionals|advisors|technicians)) ?(?:are|is|['’]re)"
            r" (?:always |just |also )?(?:here (?:to help|for you)|standing by|ready to help|happy to help you|a (?:phone )?call away)\b.*",
            r"(?:we|our team) (?:would love|look forward) to (?:hear|hearing|help|helping|serve|serving|work|working) (?:from |with )?you\b.*",
            r"(?:kontaktieren sie uns|rufen sie uns an|contactez-nous|appelez-nous|cont[áa]ct[ae]nos|ll[áa]manos|entre em contato|fale conosco|"
            r"contattaci|neem contact (?:met ons )?op|skontaktuj si[ęe] z nami|свяжитесь с нами|позвоните нам|اتصل بنا|联系我们|お問い合わせください)(?:[ ,!].*)?",
            unless=r"[\"“”]|\b(?:said|says|told|asked)\b",
        ),
        removes=(
            "Contact us today to plan your mooring.",
            "If you have questions about your sails, call our team at 555-0100.",
            "Our team is here to help you find the right rope.",
            "Call 555-555-0134 to book a berth.",
            "Kontaktieren Sie uns!",
            "Contáctenos hoy mismo.",
        ),
        keeps=(
            "Contact with the crew was lost on Monday.",
            "Call your doctor if the fever lasts, and call 911 if you cannot breathe.",
            "The clerk asked us to contact our families first.",
            "Свяжитесь с врачом, если жар не проходит.",
            "Rufen Sie Ihren Arzt an, wenn das Fieber bleibt.",
        ),
    ),
    Rule(
        "price-box",
        "advert",
        line(
            r"[£$€] ?\d[\d.,]* (?:view|buy|shop|see|check|get)(?: (?:it|now|price|deal))? (?:at|from|on) [^.!?]{2,40}",
            r"(?:check|see|view|compare) (?:the )?(?:latest |current |best |lowest )?prices?(?: (?:at|from|on) [^.!?,]{2,40})?",
        ),
        removes=("£12.50 View at Chandler & Sons", "Check latest price"),
        keeps=(
            "$40 buys a berth for the night.",
            "See prices at the pump, and you know why they walked.",
        ),
    ),
    Rule(
        "company-pitch",
        "advert",
        sentence(
            r"(?:here )?at (?-i:\p{Lu})[^,.!?;:]*, (?:we|our|you['’]ll|you can) ?(?:['’]re |are |have |['’]ve |['’]ll |will )?(?:\w+ly |also |not only |always )?"
            r"(?:offer|pride|take pride|strive|team|committed|dedicated|proud|passionate|mission)\b.*",
            r"(?:that['’]s why|this is why) (?:here )?at (?-i:\p{Lu})[^,.!?;:]*, (?:we|our)\b.*",
            r"we (?:proudly )?serve (?:clients|customers|patients|families|students|homeowners|businesses) (?:in|throughout|across|all over|from)\b.*",
            unless=r"[\"“”]|\b(?:said|says|university|college)\b",
        ),
        removes=(
            "At Northport Rope, we take pride in every knot.",
            "Here at Island Sails, our team is dedicated to dry feet.",
        ),
        keeps=(
            "At Northport, we changed boats and went on.",
            "At low tide, we believe, the wreck can still be seen.",
        ),
    ),
)
