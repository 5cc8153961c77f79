-- BM25 (k1 1.2, b 0.75) over the index that each run keeps current. A word is found whole, whatever its case and
-- accents; in scripts without spaces where all its pairs of characters are. Only the best are joined to their texts:
-- to read the text of all that have a common word would take longer than the search. They are joined by their place in
-- the table, which DuckDB goes to; a join by id reads all texts.
create or replace macro search(words, best := 20) as table
with asked as (
  select distinct unnest(page_words(words)) as word
), asked_terms as (
  select distinct word, unnest(terms) as term, len(list_distinct(terms)) as term_count
  from (
    select
      word,
      if(
        length(word) > 1 and regexp_matches(word, '^[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]'),
        [substr(word, place, 2) for place in range(1, length(word))], [word]
      ) as terms
    from asked
    where word <> ''
  )
), met as (
  select
    segment, ((block::ubigint << spread) + unnest(offsets))::uinteger as article_number,
    unnest(occurrences) as occurrences, word, term_count
  from search_postings
  join (select word, md5_number_lower(term) >> 16 as term, term_count from asked_terms) using (term)
), found as (
  select segment, article_number, word, min(occurrences) as occurrences
  from met
  group by segment, article_number, word, term_count
  having count(*) = term_count
), live as (
  select article_id, word, occurrences, a.words as length
  from found join search_articles as a using (segment, article_number)
), sizes as (
  select count(*) as article_count, greatest(avg(a.words), 1) as mean_length from search_articles as a
), rarity as (
  select word, ln(1 + (any_value(article_count) - count(*) + 0.5) / (count(*) + 0.5)) as weight
  from live cross join sizes
  group by word
), scored as (
  select
    article_id,
    sum(weight * occurrences * 2.2 / (occurrences + 1.2 * (0.25 + 0.75 * length / mean_length))) as score,
    arg_max(word, weight) as rarest
  from live join rarity using (word) cross join sizes
  where article_id not in (from superseded_versions)
  group by article_id
), ranked as (
  from scored order by score desc, article_id limit best
), placed as (
  select r.article_id, score, rarest, a.rowid as place from ranked as r join articles as a using (article_id)
)
select
  placed.article_id, round(score, 4) as score, source, title, published_on, url,
  trim(regexp_replace(substr(text, greatest(1, instr(lower(text), rarest) - 60), 160), '\s+', ' ', 'g')) as excerpt
from placed join articles as a on a.rowid = place
order by score desc, placed.article_id;

comment on macro table search is
  'The 20 best articles with any of the words (BM25): from search(''harbour storm''), or (''storm'', best := 500).';
