-- In lower case and without accents. A run of a script that puts no space between words is one word here. On a page with
-- none of these scripts, accents are taken off word by word, where there are any: over a whole page, it takes as long as
-- all else.
create or replace macro page_words(page) as if(
  regexp_matches(page, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]'),
  string_split(
    trim(
      regexp_replace(
        regexp_replace(
          strip_accents(lower(page)),
          '([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+)', ' \1 ', 'g'
        ),
        '[^\p{L}\p{N}\p{M}]+', ' ', 'g'
      )
    ),
    ' '
  ),
  [
    if(strlen(word) = length(word), word, strip_accents(word))
    for word in string_split(trim(regexp_replace(lower(page), '[^\p{L}\p{N}\p{M}]+', ' ', 'g')), ' ')
  ]
);

comment on macro page_words is 'The words of a text as search finds them, in order; one empty word where there is none.';
