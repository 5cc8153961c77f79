"""The rule catalogue: one visible tuple, grouped by kind. Add a rule to its kind's module; nothing else is needed."""

from transforms.rule import Rule, RuleSet, compile_rules
from transforms.rules.advert import ADVERT
from transforms.rules.author_bio import AUTHOR_BIO
from transforms.rules.comment import COMMENT
from transforms.rules.comment_prompt import COMMENT_PROMPT
from transforms.rules.image_caption import IMAGE_CAPTION
from transforms.rules.legal import LEGAL
from transforms.rules.navigation import NAVIGATION
from transforms.rules.page_end import PAGE_END
from transforms.rules.photo_credit import PHOTO_CREDIT
from transforms.rules.promo_link import PROMO_LINK
from transforms.rules.related_content import RELATED_CONTENT
from transforms.rules.share import SHARE
from transforms.rules.subscription import SUBSCRIPTION
from transforms.rules.widget import WIDGET

RULES: tuple[Rule, ...] = (
    *NAVIGATION,
    *PROMO_LINK,
    *RELATED_CONTENT,
    *IMAGE_CAPTION,
    *PHOTO_CREDIT,
    *COMMENT_PROMPT,
    *COMMENT,
    *SUBSCRIPTION,
    *ADVERT,
    *SHARE,
    *AUTHOR_BIO,
    *LEGAL,
    *PAGE_END,
    *WIDGET,
)
COMPILED: RuleSet = compile_rules(RULES)
