-- A word is a term of its own. Where words have no spaces between them, every character and every pair of neighbours
-- is one, as in Lucene's CJK analysis: a word asked for is then found by its pairs.
create or replace macro index_terms(page) as if(
  regexp_matches(page, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]'),
  flatten([
    if(
      regexp_matches(word, '^[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]'),
      [substr(word, place, 1) for place in range(1, length(word) + 1)]
        || [substr(word, place, 2) for place in range(1, length(word))],
      [word]
    )
    for word in page_words(page)
  ]),
  page_words(page)
);

comment on macro index_terms is 'What the search index knows a text by: its words, or characters and pairs of them.';
