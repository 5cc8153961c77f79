"""Share buttons, follow us, counters."""

from transforms.rule import Rule, line, sentence

_NETWORK = (
    r"(?:facebook|twitter|x|linked ?in|whats ?app|e-?mail|pinterest|reddit|telegram|copy link|print|tumblr|flipboard|"
    r"messenger|blue ?sky|threads|mastodon|instagram|tik ?tok|you ?tube|pocket|xing|vk|вконтакте|одноклассники|"
    r"微信|微博|line|weibo|wechat|snapchat|google\+?|sms|rss)"
)
_JOIN = r"(?:[\s:,|/•·&]|\band\b|\bor\b|\bon\b|\bund\b|\bet\b|\by\b|\bи\b)+"

SHARE: tuple[Rule, ...] = (
    Rule(
        "share-buttons",
        "share",
        line(
            rf"(?:share|tweet|post|pin|save|send)(?: (?:this|it|the))?(?: (?:article|story|post|page|recipe|link))?"
            rf"(?: (?:on|via|to|with|by))?(?:{_JOIN}{_NETWORK})*(?: (?:for later|with (?:your )?friends))?",
            rf"{_NETWORK}(?:{_JOIN}{_NETWORK})+",
            rf"(?:(?:(?:share|follow us|follow me|find us|like us|partager|envoyer|teilen|compartir|condividi|поделиться)"
            rf"[\s:]*(?:on|via|with|to|by|sur|par|auf|en|su|в|через)?[\s:]*)?{_NETWORK}[\s:,|/•·&]*)+",
            r"поделиться\s*[:：].+",
            r"[\d.,]+ ?[km]? (?:shares?|likes?|views?|retweets|reactions|claps|followers)|shares? ?[:(]? ?\d+\)?",
            r"share this(?: (?:post|article|story|page))?:.*|(?:share|print|save|e-?mail|bookmark|copy|listen|cite|comments?|gift)(?:[\s|,/·•]+(?:share|print|save|e-?mail|bookmark|copy|listen|cite|comments?|gift|tweet|pin))+|(?:save|gift|bookmark|print|e-?mail|forward)(?: this)? (?:article|story|post|page|recipe)|(?:be the first to )?like this\.?|get short url|copy (?:link|url)|link copied.{0,30}|tweet|pin it|share icon|(?:click to )?share",
            rf"(?:teilen|partager|compartir|compartilhar|condividi|delen|udost[ęe]pnij|поделиться|"
            rf"شارك(?: المقال| الخبر)?|分享(?:到)?|シェア(?:する)?)"
            rf"(?: (?:auf|sur|en|no|su|op|na|в|через|على))?(?:{_JOIN}{_NETWORK})*",
        ),
        removes=(
            "Share this article",
            "Share on Facebook",
            "Facebook Twitter LinkedIn Email",
            "1,204 shares",
            "Partager sur Facebook",
            "Поделиться",
        ),
        keeps=(
            "Share prices fell by a tenth.",
            "Facebook and two rivals were fined on Monday.",
            "Teilen macht Freude.",
        ),
    ),
    Rule(
        "follow-us",
        "share",
        sentence(
            rf"(?:(?:please |don['’]t forget to |you can (?:also )?|and )?(?:follow|like|find|join|connect with|tag) "
            rf"(?:us|me|him|her|our \w+) on (?:our )?{_NETWORK}\b.*)",
            r"(?:follow|connect with|find) (?:us|me)(?: on)?(?: social media)?",
            r"(?:folgen sie uns|suivez-nous|s[íi]guenos|siga-nos|seguici|volg ons|obserwuj nas|"
            r"подписывайтесь на нас|تابعونا|关注我们|フォローする)\b?.*",
            rf"follow (?-i:\p{{Lu}})[\p{{L}}.'’ -]+ on (?:our )?{_NETWORK}\b.*|(?:find|catch|reach|say hi (?:to (?:us|me))?|say hello|join the conversation|connect|more from (?:us|me))\b[^.?!]*\bon (?:our |my )?{_NETWORK}(?:{_JOIN}{_NETWORK})*\.?",
            r"(?:if you (?:like|liked|enjoy|enjoyed|found|love|loved)\b[^,]*, )?(?:please |don['’]t forget to |and |be sure to )*(?:share|tweet|pin|forward|send) (?:this|it|them|the) ?(?:\w+ )?(?:article|post|story|page|recipe|link|episode|video|blog|on|with (?:your|a|someone|others|friends)|to (?:your|a|someone))\b.*",
            r"(?:help (?:us|me) )?spread the (?:word|love)\b.*|sharing is caring\b.*|tag (?:us|me)\b.*|(?:use|with) the hashtag #\w+.*|(?:please )?(?:leave|write) (?:us |me )?a (?:\w+ )?(?:review|rating)\b.*|like this(?: (?:post|article|page))?:?|show some love\b.*",
            r"(?:teilen sie|teile) diesen (?:artikel|beitrag)\b.*|partagez (?:cet|cette|l['’])\b.*|comparte (?:este|esta|en)\b.*|compartilhe (?:este|esta|no)\b.*|condividi (?:questo|su)\b.*|deel dit (?:artikel|bericht)\b.*|udost[ęe]pnij (?:ten|artyku[łl])\b.*|"
            r"поделитесь (?:с друзьями|статьей|статьёй|новостью|этим|в соцсетях).*|شارك هذا.*|分享这篇文章.*|この記事をシェア.*|folge[nt]? (?:sie )?uns (?:auf|bei)\b.*|nous suivre\b.*|retrouvez-nous sur\b.*|sigam?-nos\b.*|śled[źz] nas\b.*|читайте нас в\b.*|follow us!?",
            r"did you (?:enjoy|like) this (?:post|article|story)\?.*|like us on facebook\b.*",
        ),
        removes=(
            "Follow us on Facebook and Instagram for more.",
            "Follow me on Instagram!",
            "Suivez-nous sur Facebook",
            "Follow Ana Ruiz on Twitter",
            "If you enjoyed this post, please share it with a friend.",
            "Partagez cet article avec vos amis.",
            "Поделитесь с друзьями!",
        ),
        keeps=(
            "Two boys began to follow us on the path to the lighthouse.",
            "Follow the river until it meets the sea.",
            "Share the catch with the crew, the rule says.",
            "Partagez le pain avant le vin.",
        ),
    ),
)
