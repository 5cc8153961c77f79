"""How much evidence makes a template: every bound of "templates by source", with its reason, in one place.

A template is text that a source repeats over its articles: furniture, not news. Losing article text is worse than
leaving an artifact, so each bound errs towards keeping. What counts is clusters: articles that are near-duplicates of
each other (the same page fetched twice, wire copy with another headline) are one cluster, so copies prove nothing.

Chosen on 2,408 news, blog and other pages, 340 of them from 67 registered domains with three pages or more;
docs/templates.md has what was found there, and with lower bounds.
"""

from __future__ import annotations

# Clusters that must show a text. With 3, lines of code that pages of a manual share came through, and headings of
# product data; from 5 on, only what the site itself prints.
LEAST_CLUSTERS = 5
# Share of the source's clusters, 0-1, counted between the first and the last time that the text was seen: a new
# sign-up box is found within days however long the source's history is.
LEAST_SHARE = 0.2  # a whole line, to the letter
LEAST_SENTENCE_SHARE = 0.3  # a sentence inside a paragraph, or a text with something masked: writers repeat themselves
LEAST_FRAME_SHARE = 0.3  # first words and last word alike, something else between: writers begin sentences alike
LEAST_FRAME_TEXTS = 5  # different texts that fill a frame; one text repeated is a template of its own

# A line that may be a heading which articles share counts at the edge of the page only, never between paragraphs: one
# of fewer than LEAST_WORDS ("Ingredients", "Key takeaways"), or one of up to MOST_HEADING_WORDS without a full stop
# ("How we picked and tested", "Who should buy it?", both of which repeat on review sites).
LEAST_WORDS = 5
MOST_HEADING_WORDS = 8
LEAST_PLAIN_WORDS = 4  # words left unmasked: "Published 3 March 2025 at 9:15" says nothing of its own
MOST_NAMES_SHARE = 1 / 3  # of the words; with more capitals it is a title, or German, and no name is masked
FRAME_WORDS = (6, 25)  # with five words nothing is left to vary, and beyond 25 a sentence is prose
FRAME_BEGINS = 4  # words that a frame keeps from the beginning; it keeps one from the end

# Near-duplicates, by MinHash over five-word shingles: 64 values in 16 bands of 4 find pairs with a Jaccard
# similarity of 0.7 in 99 of 100 cases; a pair is one cluster from an estimate of 0.5 on (standard error 0.06).
SHINGLE_WORDS = 5
BANDS = 16
BAND_VALUES = 4
LEAST_SIMILARITY = 0.5
