"""The vocabulary of search-engine padding: what the traces of transforms/padding.py count.

Written from general knowledge of marketing copy and pruned on the labelled documents that the weights are fitted to
(benchmarks/fit_seo.py). A single hit says nothing; only rates per 1,000 words are judged. All entries are lower case
with straight apostrophes.
"""

from __future__ import annotations

# Words of praise and benefit that fit any product: they say something good about nothing in particular.
_STOCK = """
    additionally affordable allow allowing allows approach approaches audience beneficial benefit benefits beyond
    boost boosting boosts brand brands budget budget-friendly business businesses challenges choice choices choose
    choosing client clients comprehensive consider considering convenience convenient cost-effective create creating
    crucial customer customers cutting-edge decision decisions deliver delivering delivers depending discover diverse
    easily effective effectively effectiveness efficiency efficient efficiently elevate elevates empower empowers
    engagement engaging enhance enhanced enhances enhancing enjoy enjoyable ensure ensures ensuring essential
    essentials ever-evolving evolving experience experiences expert expertise experts explore flexibility flexible
    focus foster fostering full-service furthermore game-changer go-to goals growing growth handy hassle-free
    high-quality ideal impactful improve improves improving industry informed innovation innovative insights
    integration invaluable journey key landscape leverage leveraging lifestyle long-term maintain maintaining
    maximize maximizing maximise modern moreover must-have navigate navigating needs offer offering offers optimal
    optimize optimizing optimise option options overall perfect perfectly personalized personalised popular potential
    powerful preferences professional professionals provide provides providing quality range real-time reducing
    reliability reliable right robust scalable seamless seamlessly smooth smoothly solution solutions state-of-the-art
    stay strategic streamline streamlined streamlining stress-free stunning stylish success successful successfully
    tailor tailored timeless top-notch transform transformative trusted typically unique unlock unlocking
    user-friendly valuable value valued variety various versatile vital well-being whether wide"""
STOCK_WORDS = frozenset(_STOCK.split())

# Openers, transitions and promises that carry no information.
_FILLER = """in today's|in this article|in this guide|in this post|in this blog|it is important to
it's important to|important to note|it is essential to|it's essential to|it is crucial to|it's crucial to
is essential for|is crucial for|it's worth noting|it is worth noting|whether you're|whether you are|look no further
we'll explore|we will explore|let's explore|let's dive|let's take a|dive into|deep dive|delve into|when it comes to
plays a crucial|play a crucial|plays a vital|play a vital|plays a key|play a key|plays a significant|the world of
wide range of|a variety of|wide variety of|in conclusion|game changer|more than ever|the next level
at the end of the day|here are some|here are the|there are many|there are several|there are various|one of the best
one of the most|some of the best|some of the most|not only|but also|can help you|will help you|helps you|make sure you
making sure|ensure that|ensures that|keep in mind|be sure to|you're looking for|looking for a|designed to
allows you to|allowing you to|everything you need|ultimate guide|comprehensive guide|key takeaways|final thoughts
the bottom line|frequently asked questions|peace of mind|making it a|makes it a|making it easier|makes it easier
the key to|the right choice|your needs|your specific needs|great way to|great choice|perfect for|ideal for
one stop shop|ever changing|has become|have become|stay ahead|ahead of the curve|informed decision|informed decisions
the future of|plenty of|depending on|by following these|by understanding|by choosing|by incorporating|with the right
finding the right|find the right|choosing the right|choose the right|take advantage of|get the most
the most out of|stand out|top notch|tips and tricks|pros and cons|gain valuable|valuable insights|rest assured
don't worry|fear not|no matter what|no matter how|it's no secret|you can trust|on the rise|a must"""
FILLER_PHRASES = tuple(tuple(phrase.split()) for line in _FILLER.splitlines() for phrase in line.split("|"))

# Words that turn a keyword into another search query: "printer guide", "best printer", "printer cost".
_MODIFIERS = """
    affordable agencies agency alternatives basics beginners benefits best buy certification cheap checklist
    classes companies company comparison complete cost costs definition essential examples explained faq faqs
    features free future guide guides ideas importance introduction management near online options overview
    packages plan plans platform platforms practices price prices pricing process providers provider rates review
    reviews service services skills software solution solutions steps strategies strategy systems techniques tips
    tip tool tools top training trend trends types ultimate ways"""
MODIFIERS = frozenset(_MODIFIERS.split())

# Question words that open a heading. English by itself: a German "was" is an English verb.
ENGLISH_QUERY_WORDS = frozenset("what how why when where which who is are can do does should will".split())  # noqa: SIM905
_OTHER_QUERY = """
    was wie warum wieso weshalb wann wo welche welcher welches wer wozu kann sollte
    comment pourquoi quand où quel quelle quels quelles qui combien
    qué cómo cuándo cuál cuáles dónde quién cuánto cuánta
    cosa come perché quando quale quali dove chi quanto quanta
    wat hoe waarom wanneer waar welke hoeveel
    como qual quais onde quem"""
OTHER_QUERY_WORDS = frozenset(_OTHER_QUERY.split())

# How the headings of sections that restate begin, in lower case.
_RESTATING = """
conclusion|final thoughts|final words|final verdict|wrapping|faq|frequently|key takeaway|takeaway|the bottom line
summary|tl;dr|tldr|fazit|zusammenfassung|häufig gestellte|häufige fragen|das wichtigste in kürze
en résumé|questions fréquentes|foire aux questions|conclusión|conclusiones|preguntas frecuentes|resumen
conclusioni|domande frequenti|in sintesi|veelgestelde vragen|samenvatting|conclusão|perguntas frequentes"""
RESTATING_SECTIONS = tuple(start for line in _RESTATING.split("\n") for start in line.split("|") if start)
