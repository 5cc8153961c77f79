-- BM25 (k1 1.2, b 0.75) counted over the texts as they are: no index, so nothing to keep current and nothing for a run
-- to write. A word is found whole, whatever its case and accents; in scripts without spaces it is found anywhere.
-- Two spaces between words, so that a repeated word does not share its space with the next one.
create or replace macro search(words) as table
with terms as (
  select distinct unnest(regexp_extract_all(strip_accents(lower(words)), '[\p{L}\p{N}]+')) as term
), pages as (
  select article_id, text_words, strip_accents(lower(concat_ws(' ', title, text))) as page
  from clean_articles
), found as (
  select
    article_id, text_words, term,
    if(
      regexp_matches(term, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]'), page,
      '  ' || regexp_replace(page, '[^\p{L}\p{N}]+', '  ', 'g') || '  '
    ) as spaced,
    if(starts_with(spaced, '  '), ' ' || term || ' ', term) as looked_for,
    (length(spaced) - length(replace(spaced, looked_for, ''))) / length(looked_for) as occurrences
  from pages join terms on contains(page, term)
), rarity as (
  select
    term, ln(1 + (article_count - count(*) + 0.5) / (count(*) + 0.5)) as weight, any_value(mean_words) as mean_words
  from found, (select count(*) as article_count, avg(text_words) as mean_words from clean_articles)
  where occurrences > 0
  group by term, article_count
), scored as (
  select
    article_id,
    sum(weight * occurrences * 2.2 / (occurrences + 1.2 * (0.25 + 0.75 * text_words / greatest(mean_words, 1)))) as score,
    arg_max(term, weight) as rarest
  from found join rarity using (term)
  where occurrences > 0
  group by article_id
)
select
  article_id, round(score, 4) as score, source, title, published_on, url,
  trim(regexp_replace(substr(text, greatest(1, instr(lower(text), rarest) - 60), 160), '\s+', ' ', 'g')) as excerpt
from scored join clean_articles using (article_id)
order by score desc, article_id;

comment on macro table search is
  'Articles with any of the words, best first (BM25): from search(''harbour storm''). Score, and the text around.';
