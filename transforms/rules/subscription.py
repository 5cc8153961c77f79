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
            r"(?:straight|directly|right|delivered) (?:in|to|into) your (?:inbox|mailbox)\b.*",
            r"(?:jetzt )?(?:den |unseren |zum )?newsletter (?:abonnieren|bestellen|anmelden).*|"
            r"melden sie sich .*newsletter.*|abonnieren sie .*newsletter.*",
            r"(?:abonnez|inscrivez)-vous .*(?:newsletter|infolettre|lettre d['’]information).*",
            r"(?:suscr[íi]bete|suscr[íi]base) .*(?:newsletter|bolet[íi]n|noticias).*",
            r"(?:inscreva-se|assine|receba) .*newsletter.*|iscriviti .*newsletter.*",
            r"(?:schrijf je in|meld je aan|abonneer je) .*nieuwsbrief.*|zapisz si[ęe] .*newsletter.*",
            r"(?:подпишитесь|подписывайтесь) на (?:наш|нашу|рассылку|новости|канал).*",
            r"اشترك .*(?:النشرة|نشرتنا).*|订阅(?:我们的|本站)?.*(?:通讯|邮件|简报).*|"
            r".*(?:メルマガ|ニュースレター).*(?:登録|購読).*",
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
            "Der Newsletter der Werft erschien nur zweimal.",
            "La newsletter du port est lue par mille marins.",
        ),
    ),
    Rule(
        "newsletter-pitch",
        "subscription",
        sentence(
            r"(?:join|be one of) (?:over |more than |our |the )*[\d,.]+ ?(?:k|m|\+|million|thousand)*\+?(?: (?:other|happy|smart|fellow|email|weekly|monthly|newsletter))* (?:readers|subscribers|people|others|members|fans|followers|professionals|marketers|developers|founders|leaders)\b.*",
            r"(?:get|receive) (?:our |the |all the |all |more |my |free |breaking )*(?:(?:latest|best|top|day['’]s|week['’]s|biggest|most important|daily|weekly|breaking|new|newest|essential|exclusive|big) )+[^.?!]*\b(?:news|stories|posts?|headlines|updates|articles|content|insights|alerts|newsletters?|recipes|tips|deals|offers|analysis|research|emails?)\b"
            r"[^.?!]*(?:\b(?:e-?mails?|inbox|delivered|sent|every (?:day|week|morning|month)|each (?:day|week|morning)|alerts|newsletter|mornings|subscrib\w+)\b).*",
            r"(?:subscribe|sign up|signup|register|join)(?: (?:now|today|here|below|free|for free|with your email))*,? (?:to|for|and) (?:receive|get|read|continue|keep|access|stay|unlock|see|view|our|my|the free|free|email|e-mail|alerts|updates|be notified|never miss|start|full|unlimited|learn more about our|receive a copy)\b.*",
            r"(?:never|don['’]t|do not) miss (?:a|an|any|another|out on)? ?(?:\w+ )?(?:thing|post|article|story|update|episode|beat|issue|recipe|anything|news|the latest)\b.*",
            r"(?:be|become) (?:the |among the )?first to (?:know|hear|receive|get|read|see|learn)\b.*",
            r"stay (?:up[- ]to[- ]date|updated|informed|connected|in the loop|in touch|in the know)(?: (?:with|on|about) (?:us|our|the latest|all)\b.*|,? (?:by|subscribe|sign up|follow)\b.*|[!]*)",
            r"(?:we|i)(?:['’]ll| will| promise to| do| respect| value| hate| take| won['’]t| don['’]t)?(?: never| not| only)*(?: share| sell| spam| send you| respect| value| send)* ?(?:your (?:e-?mail|privacy|info\w*|data|inbox)|spam)\b.*",
            r"(?:you can |you may )?(?:unsubscribe|opt[- ]?out|cancel) (?:at )?any ?time\b.*|no spam\b.*|(?:100% )?privacy (?:guaranteed|respected)\b.*",
            r"by (?:signing up|subscribing|submitting|providing|clicking|creating|registering|joining|sharing|checking|signing|proceeding)\b[^.]*\b(?:you|i) (?:agree|consent|confirm|acknowledge|accept|understand|are agreeing)\b.*",
            r"(?:thanks|thank you)(?: so much)? for (?:signing up|subscribing|joining|registering|your (?:subscription|submission|interest in our))\b.*|(?:please )?(?:keep an eye on|check) your (?:inbox|e-?mail|spam)\b.*|"
            r"(?:great|success|almost there|awesome)[!,.]+ (?:check|now check|please check|your)\b.*|(?:you(?:['’]ve| have)(?: been)? )successfully (?:subscribed|signed|joined|registered)\b.*|"
            r"your (?:submission|subscription|message|request|form) (?:has been|was) (?:received|sent|submitted|confirmed|successful\w*)\b.*|oops[!,.]* ?(?:something went wrong)?.*|"
            r"(?:there was an error|something went wrong|an error (?:has )?occurred)\b.*|(?:sorry|error)[!,]? (?:please|there was|we could not|something)\b.*|please enter (?:a |your )?(?:valid )?e-?mail\b.*",
            r"(?:.* is a reader-supported|discover more from (?-i:\p{Lu})).*|to (?:receive new posts|support my work|continue reading|keep reading|read (?:more|on|the rest|the full))[^.?!]*\b(?:subscrib\w+|sign (?:up|in)|log in|register|member|account|trial)\b.*|"
            r"(?:thanks|thank you) for reading[^.?!]*|this (?:post|episode|content|article|story|page) is (?:public|for (?:paid|paying|premium|registered|members)|only for|exclusive|locked|restricted)\b.*|"
            r"(?:keep|continue) reading [^.?!]*\b(?:trial|account|subscription|register\w*|subscrib\w+)\b.*|you(?:['’]ve| have) (?:reached|read|hit|used|\d+) [^.?!]*\b(?:free|limit|articles|remaining)\b.*|"
            r"you are reading [^.?!]*free preview.*|(?:this is a preview|subscribers? only|for subscribers|members? only|premium content|exclusive for subscribers)\b.*",
            r"(?:please )?(?:disable|turn off|pause|whitelist) your ad ?-?blocker\b.*|.*\busing an ad ?-?blocker\b.*|(?:add|make) [^.?!]* (?:as a |your )(?:reliable and trusted|preferred|trusted|home ?page).*",
            unless=r"\b(?:said|says|told|asked)\b",
        ),
        removes=(
            "Join 12,000 readers who get the tide tables first.",
            "Never miss a post!",
            "We respect your privacy.",
            "By subscribing, you agree to the terms of the Courier.",
            "Subscribe for free to receive new posts.",
            "Island Notes is a reader-supported publication.",
            "You have reached your limit of free articles this month.",
        ),
        keeps=(
            "Thousands join the choir and never miss a rehearsal.",
            "Be the change, the banner said.",
            "Stay in the boat until the rope is tied.",
            "Receive the wind gently and the sail will hold.",
        ),
    ),
    Rule(
        "support-appeal",
        "subscription",
        sentence(
            r"(?:if you (?:like|liked|enjoy|enjoyed|value|appreciate|love|found|find)\b[^,]*, )?(?:please |kindly |why not )*consider (?:(?:making|giving|leaving) (?:us )?a (?:\w+[- ])*(?:donation|contribution|gift|tip|review|rating)|supporting (?:us|me|our|my|the (?:show|podcast|project|site|blog))|donating|becoming (?:a|an) (?:\w+[- ])*(?:member|patron|subscriber|supporter|friend)|subscribing)\b.*",
            r"(?:please )?(?:make|send|give) (?:us )?a (?:tax[- ]deductible )?(?:one[- ]time |monthly |small )?(?:donation|contribution|gift)\b.*|(?:your|reader|every) (?:support|donations?|contributions?|gifts?|subscriptions?|memberships?) (?:helps?|makes?|keeps?|allows?|enables?|funds?|means)\b.*",
            r"(?:please )?support (?:us|me|our (?:journalism|work|mission|newsroom|site)|my work|the (?:show|podcast|channel|site)|this (?:site|blog|podcast|newsletter|channel))\b.*|(?:you can (?:also )?)?support .* (?:on|via|through) (?:patreon|ko-?fi|paypal|github sponsors|buy me a coffee)\b.*",
            r".*\b(?:kept alive by|funded by|relies on|rely on|depends? on|made possible by) (?:\w+ )?(?:readers?|donations|listeners|members|supporters|viewers like)\b.*(?:donat|support|you|gener).*|we need your (?:help|support)\b.*|(?:enjoyed|liked|like|enjoying|enjoy) (?:this|our|what)[^.?!]*\?[^.?!]*",
            r"(?:unterst[üu]tzen sie (?:uns|unseren?)|soutenez(?:-nous| notre)|ap[óo]yanos|hazte socio|ap[óo]ie|sostieni(?:ci)?|steun (?:ons|onze)|wesprzyj nas|поддержите нас|поддержать (?:нас|проект|редакцию))(?:[ ,!].*)?",
            unless=r"\b(?:said|says|told|asked)\b|[\"“”]",
        ),
        removes=(
            "If you enjoy our work, please consider making a donation.",
            "Support our journalism with a small monthly gift.",
            "You can support the show on Patreon.",
            "Soutenez notre journal !",
        ),
        keeps=(
            "Your support beams must carry the weight of the roof.",
            "The choir relies on donations from the parish.",
            "Consider the lilies, the vicar said.",
        ),
    ),
    Rule(
        "app-and-podcast",
        "subscription",
        sentence(
            r"(?:you can |now |also )*(?:subscribe|listen|follow (?:us|the (?:show|podcast))|find (?:us|it|the (?:show|podcast))|tune in|rate (?:us|the (?:show|podcast))|(?:download|get) (?:it|our|the))\b[^.?!]*\b(?:on|in|via|through|from|at)\b[^.?!]*\b(?:apple podcasts?|itunes|spotify|google podcasts?|stitcher|soundcloud|overcast|pocket ?casts|app store|google play|wherever you (?:get|listen))\b.*",
            r"(?:please )?(?:subscribe to|rate|review|rate and review|leave a review (?:for|of)) (?:the|our|my|this) (?:podcast|show|channel|you ?tube)\b.*|subscribe to (?:us|me|my channel|our channel) on \w+.*",
            r"(?:download|get|try|install) (?:the|our) (?:free )?(?:\w+ )?(?:mobile )?app\b.*|(?:available|download|get it)(?: now)? (?:on|from|in) (?:the )?(?:app store|google play)\b.*|"
            r"(?:open|view|read|continue|watch) in (?:the )?app|get the app|app store|google play(?: store)?|(?:[\w.]+ )?(?:to|on) your home ?screen\b.*",
            r"(?:join (?:us|me)|register|sign up|enrol?l|save your (?:seat|spot)|reserve your (?:seat|spot)|rsvp)\b[^.?!]*\b(?:our|my|free|live|upcoming|next) (?:\w+ )*(?:webinar|workshop|course|masterclass|class|boot ?camp|challenge|retreat|conference|summit|event|training|program)\b.*",
            r"(?:(?:take|get|start|grab|buy|check out) )(?:my|our|the) (?:\w+[ -])*(?:e-?mail course|online course|mini[- ]course|free course|masterclass|e-?book|free guide|cheat ?sheet|checklist)\b.*",
            r"(?:jetzt )?(?:die |unsere )?app (?:herunterladen|laden)|t[ée]l[ée]charge[zr] (?:l['’]|notre )appli(?:cation)?.*|desc[áa]rga(?:te)? (?:la|nuestra) app.*|baixe (?:o|nosso) app.*|scarica (?:l['’]|la nostra )app.*|download (?:de|onze) app.*|pobierz (?:nasz[ąa] )?aplikacj[ęe].*|"
            r"(?:скачайте|установите) (?:наше )?приложение.*|(?:читайте|подписывайтесь|следите)[^.?!]* (?:в|на) (?:наш\w* )?(?:telegram|телеграм|дзен|яндекс|канал)\w*.*|حمل (?:ال)?تطبيق.*|下载(?:我们的)?(?:app|客户端|应用).*|アプリを(?:ダウンロード|入手).*",
            unless=r"\b(?:said|says|told|asked)\b|[\"“”]",
        ),
        removes=(
            "Subscribe to the show on Apple Podcasts or Spotify.",
            "Download our free app!",
            "Register for our upcoming webinar on ropes.",
            "Get it on Google Play",
            "Скачайте наше приложение.",
        ),
        keeps=(
            "The band's songs are on Spotify and sell well.",
            "Join us at the table, she said, and they sat down.",
            "Скачайте договор и прочтите его дома.",
            "Descarga la caja con cuidado.",
        ),
    ),
    Rule(
        "subscribe-line",
        "subscription",
        line(
            r"subscribe(?: (?:now|today|here|for free|via \w+))?|subscribe to (?:our|my) ..+|"
            r"sign ?up(?: (?:now|today|here|for free))?|(?:log|sign) ?in(?: (?:or|/) (?:register|sign ?up|subscribe))?|"
            r"create (?:a free|an|your) account|newsletter(?: sign ?-?up)?|enter your e-?mail(?: address)?|"
            r"(?:e-?mail )?newsletters?|subscribe to (?-i:\p{Lu})[^.?!]*|(?:daily|weekly|breaking|morning)(?: \w+)? (?:newsletters?|e-?mails?|briefing|digest|alerts)|(?:type|add|enter) your e-?mail(?: address| here)?[.…]*|"
            r"subscribed?(?: (?:and|&) save)?|subscription options|upgrade to paid|start (?:a|your) (?:free )?(?:trial|membership|subscription)|get (?:full|unlimited|digital) access.*|view subscription options|"
            r"already a (?:paid )?subscriber\?.*|ready for more\?|(?:log|sign) ?(?:in|out|up)(?: to (?:your account|continue|read|save|follow).*)?|my account|register(?: (?:now|here|for free))?|forgot (?:your )?password\??|remember me|create account|"
            r"newsletter (?:abonnieren|bestellen)|jetzt (?:abonnieren|anmelden|registrieren|spenden)|abonnieren|anmelden|registrieren|(?:bereits|schon) (?:abonnent|registriert|kunde)\?.*|weiterlesen mit .*|"
            r"s['’]abonner|je m['’]abonne|s['’]inscrire|se connecter|d[ée]j[àa] abonn[ée] ?\?.*|article r[ée]serv[ée] (?:aux|à nos) abonn[ée]s.*|suscr[íi]bete(?: (?:ahora|gratis|aqu[íi]))?|iniciar sesi[óo]n|reg[íi]strate|contenido exclusivo para suscriptores.*|"
            r"assine(?: (?:já|agora))?|fa[çc]a login|entrar|cadastre-se|conte[úu]do exclusivo para assinantes.*|abbonati(?: (?:ora|subito))?|accedi|registrati|contenuto riservato agli abbonati.*|abonneer(?: nu)?|inloggen|aanmelden|"
            r"zaloguj si[ęe]|zapisz si[ęe]|prenumeruj|подписаться(?: на (?:рассылку|новости|канал))?|войти|регистрация|зарегистрироваться|اشترك(?: الآن)?|تسجيل الدخول|订阅|登录|注册|立即订阅|登録する|ログイン|無料登録|会員登録|この記事は(?:会員|有料).*|"
            r"your e-?mail address|e-?mail address|thanks for (?:signing up|subscribing).*|no spam\b.*|unsubscribe any ?time",
            r"this (?:article|story|content|post) is (?:exclusive|only available|exclusively|available only|for) .*subscribers\b.*",
            r"already (?:a |have )?(?:subscriber|member|registered|an account)\?.*|unlock this article\b.*",
            r"support (?:our|independent|quality|local) (?:journalism|work|reporting)\b.*|donate(?: (?:now|today|here))?",
            r"(?:.+ )?buy me a coffee\b.*|become a (?:member|subscriber|patron|supporter)\b.*|download (?:our|the) (?:free )?app\b.*",
        ),
        removes=(
            "Subscribe now",
            "Sign in or register",
            "Already a subscriber? Log in here",
            "Enter your email address",
            "Jetzt abonnieren",
            "Déjà abonné ? Connectez-vous",
            "Zaloguj się",
            "立即订阅",
        ),
        keeps=(
            "Subscribe to the theory or not, the numbers stand.",
            "Donate blood on Tuesday, the hospital asks.",
            "Sie wollen sich im Hafenamt anmelden und dort warten.",
            "Войти в гавань ночью никто не решился.",
        ),
    ),
    Rule(
        "cookie-notice",
        "subscription",
        sentence(
            r"(?:we|this (?:web)?site|our (?:web)?site|the site)(?: and (?:our|its) partners)? uses? cookies\b.*",
            r"by (?:using|continuing|clicking|accepting)\b.*\b(?:cookies?|privacy policy|terms)\b.*",
            r"(?:.* )?(?:we(?:['’]ll| will) assume (?:you['’]re|you are|that you are) (?:ok|okay|happy)|if you continue to use this site we will assume)\b.*|if you are not ok with this\b.*|"
            r"(?:to learn more about|to find out more, including how to control|for more (?:information|details) (?:on|about)) [^.]*\bcookies?\b.*|(?:privacy (?:&|and) cookies:|privacy overview|this site uses functional cookies).*|"
            r"(?:we|our partners|this site|this website)[^.]*\b(?:use|uses|using|store|stores) (?:\w+ )?(?:cookies|tracking technologies|first[- ]party cookies)\b.*|(?:i accept|accept (?:and|&) (?:close|continue)|got it!?|ok,? got it|cookie policy|cookies settings|"
            r"accept reject read more|necessary (?:only|cookies)|(?:save|confirm) (?:my )?(?:choices|preferences)|close and accept|your privacy(?: choices| matters)?)|"
            r"(?:alle )?cookies? (?:akzeptieren|ablehnen|zulassen)|(?:tout |j['’])accepte[rz]?(?: (?:tout|et fermer|les cookies))?|aceptar (?:todas? )?(?:las )?cookies|rechazar (?:todas? )?(?:las )?cookies|aceitar (?:todos os )?cookies|accetta (?:tutti(?: i cookie)?|i cookie)|"
            r"alle cookies accepteren|akceptuj[ęe]? (?:wszystkie )?(?:pliki )?cookies?|принять (?:все )?(?:cookie|куки)\w*|قبول (?:جميع )?ملفات تعريف الارتباط|接受(?:所有)?cookies?|(?:すべての)?cookieを(?:受け入れる|許可).*|"
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
            r"当サイトでは.*(?:cookie|クッキー).*",
        ),
        removes=(
            "This website uses cookies to improve your experience.",
            "By continuing to browse you agree to our use of cookies.",
            "Accept all cookies",
            "Wir verwenden Cookies, um Inhalte zu verbessern.",
            "We'll assume you're ok with this.",
            "Aceptar todas las cookies",
            "Alle Cookies akzeptieren",
            "Мы используем файлы cookie.",
        ),
        keeps=(
            "The bakery uses cookies from the day before for its pudding.",
            "By continuing the talks both sides saved face.",
            "Принять гостей в порту было негде.",
            "Nous utilisons des filets neufs.",
        ),
    ),
)
