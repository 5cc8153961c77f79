"""Newsletters, sign-ups, paywalls, apps, donations, cookie and consent notices."""

from transforms.rule import Rule, line, sentence

_LEAD = (
    r"(?:(?:please|want [^.?]+\?|click here to|to [^.]+,|enjoy(?:ed|ing)? [^.?]{2,60}\?|"
    r"don['’]t miss [^.,:;!–—-]{2,60}[,.:;!–—-]|if you (?:liked|enjoyed) [^,]{2,60},|stay [^,:.–—]{2,40}[,:.–—]) )?"
)
_MAIL = (
    r"(?:(?:e-?)?newsletters?|mailing list|e-?mail (?:list|updates|alerts|briefing)|your inbox|daily digest|"
    r"(?:daily|morning|weekly|free) (?:briefing|bulletin|digest|e-?mail)|free updates)"
)

SUBSCRIPTION: tuple[Rule, ...] = (
    Rule(
        "newsletter-signup",
        "subscription",
        sentence(
            rf"{_LEAD}(?:sign up|signup|subscribe|register|join)\b[^.?!]*\b{_MAIL}\b.*",
            r"(?:get|receive|have|enjoy) ..+ (?:delivered |sent |straight |direct(?:ly)? |right )+(?:in|to|into) "
            r"your (?:inbox|e-?mail|mailbox)\b.*",
            r"(?:straight|directly|right|delivered) (?:in|to|into) your (?:inbox|mailbox)\b.{0,60}",
            r"(?:jetzt )?(?:den |unseren |zum )?newsletter (?:abonnieren|bestellen|anmelden).*|"
            r"melden sie sich .{0,60}newsletter.{0,60}|abonnieren sie .{0,60}newsletter.{0,60}",
            r"(?:abonnez|inscrivez)-vous .{0,60}(?:newsletter|infolettre|lettre d['’]information).{0,60}",
            r"(?:suscr[íi]bete|suscr[íi]base) .{0,60}(?:newsletter|bolet[íi]n|noticias).{0,60}",
            r"(?:inscreva-se|assine|receba) .{0,60}newsletter.{0,60}|iscriviti .{0,40}newsletter.{0,60}",
            r"(?:schrijf je in|meld je aan|abonneer je) .{0,40}nieuwsbrief.{0,60}|zapisz si[ęe] .{0,40}newsletter.{0,60}",
            r"(?:подпишитесь|подписывайтесь) на (?:наш|нашу|рассылку|новости|канал).*",
            r"اشترك .{0,30}(?:النشرة|نشرتنا).{0,60}|订阅(?:我们的|本站)?.{0,20}(?:通讯|邮件|简报).{0,40}|"
            r".{0,20}(?:メルマガ|ニュースレター).{0,20}(?:登録|購読).{0,30}",
        ),
        removes=(
            "Sign up for our free weekly newsletter.",
            "Get the latest harbour news delivered straight to your inbox!",
            "Abonnez-vous à notre newsletter !",
            "Подпишитесь на нашу рассылку.",
        ),
        keeps=(
            "More than 4,000 people signed up for the town's newsletter last year.",
            "The union will join the talks by email on Friday.",
        ),
    ),
    Rule(
        "subscribe-line",
        "subscription",
        line(
            r"subscribe(?: (?:now|today|here|for free|via \w+))?|subscribe to (?:our|my) ..+|"
            r"sign ?up(?: (?:now|today|here|for free))?|(?:log|sign) ?in(?: (?:or|/) (?:register|sign ?up|subscribe))?|"
            r"create (?:a free|an|your) account|newsletter(?: sign ?-?up)?|enter your e-?mail(?: address)?|"
            r"your e-?mail address|e-?mail address|thanks for (?:signing up|subscribing).{0,60}|no spam\b.*|unsubscribe any ?time",
            r"this (?:article|story|content|post) is (?:exclusive|only available|exclusively|available only|for) .{0,30}subscribers\b.{0,60}",
            r"already (?:a |have )?(?:subscriber|member|registered|an account)\?.{0,60}|unlock this article\b.*",
            r"support (?:our|independent|quality|local) (?:journalism|work|reporting)\b.*|donate(?: (?:now|today|here))?",
            r"(?:.+ )?buy me a coffee\b.*|become a (?:member|subscriber|patron|supporter)\b.*|download (?:our|the) (?:free )?app\b.*",
        ),
        removes=(
            "Subscribe now",
            "Sign in or register",
            "Already a subscriber? Log in here",
            "Enter your email address",
        ),
        keeps=("Subscribe to the theory or not, the numbers stand.", "Donate blood on Tuesday, the hospital asks."),
    ),
    Rule(
        "cookie-notice",
        "subscription",
        sentence(
            r"(?:we|this (?:web)?site|our (?:web)?site|the site)(?: and (?:our|its) partners)? uses? cookies\b.*",
            r"by (?:using|continuing|clicking|accepting)\b.*\b(?:cookies?|privacy policy|terms)\b.*",
            r"(?:accept|reject|allow|manage|refuse)(?: all)?(?: cookies| preferences| consent)?(?: (?:and|&) (?:close|continue))?",
            r"(?:cookie|privacy) (?:settings|preferences|notice|consent)|read more about cookies",
            r"(?:wir verwenden|diese (?:web)?seite (?:verwendet|nutzt)|unsere (?:web)?seite (?:verwendet|nutzt)) cookies\b.*",
            r"(?:ce site|nous) utilis(?:e|ons) des cookies\b.*",
            r"(?:este sitio(?: web)? (?:utiliza|usa)|utilizamos|usamos) cookies\b.*",
            r"(?:este site (?:utiliza|usa)) cookies\b.*|(?:questo sito (?:utilizza|usa)|utilizziamo) (?:i )?cookie\b.*",
            r"(?:deze (?:web)?site|wij|we) gebruik(?:t|en) (?:functionele )?cookies\b.*",
            r"(?:ta |nasza )?strona (?:u[żz]ywa|korzysta z) (?:plik[óo]w )?cookies?\b.*",
            r"(?:мы использу(?:ем)|(?:этот )?сайт использует) (?:файлы )?(?:cookie|куки).*",
            r"يستخدم (?:هذا )?الموقع ملفات تعريف الارتباط.*|(?:本网站|我们)使用\s?cookies?.*|"
            r"当サイトでは.{0,10}(?:cookie|クッキー).*",
        ),
        removes=(
            "This website uses cookies to improve your experience.",
            "By continuing to browse you agree to our use of cookies.",
            "Accept all cookies",
            "Wir verwenden Cookies, um Inhalte zu verbessern.",
        ),
        keeps=(
            "The bakery uses cookies from the day before for its pudding.",
            "By continuing the talks both sides saved face.",
        ),
    ),
)
