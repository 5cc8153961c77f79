-- Macro: originals of one run's articles (of_run), of one article (of_article), or of all (null, null); of_prefix takes
-- a part of them, by the first digits of their ids.
-- Clean text lies between the edits. Every edit shifts what follows by length(replacement) - (end_char - start_char),
-- so the gap before an edit starts in the clean text at the end of the edit before, plus the shift so far.
-- length and substr count code points, as the ledger does. The choice stands twice, because DuckDB keeps a CTE that is
-- read twice in memory, texts and all.
create or replace macro restore_originals(of_run, of_article, of_prefix := '') as table
with placed as (
  select
    article_id, edit_number, start_char, end_char, removed_text,
    length(replacement) - (end_char - start_char) as shift,
    coalesce(lag(end_char) over ledger, 0) as gap_start,
    coalesce(sum(shift) over (ledger rows between unbounded preceding and 1 preceding), 0)::bigint as shift_before
  from edits
  where article_id in (
    select article_id
    from articles
    where (of_run is null or run_id = of_run) and (of_article is null or article_id = of_article)
      and starts_with(article_id, of_prefix)
  )
  window ledger as (partition by article_id order by edit_number)
), edited as (
  select
    placed.article_id,
    string_agg(
      substr(text, gap_start + shift_before + 1, start_char - gap_start) || removed_text, '' order by edit_number
    ) as head,
    (max(end_char) + sum(shift))::bigint as tail_start
  from placed join articles using (article_id)
  group by placed.article_id
)
select
  article_id,
  coalesce(head, '') || substr(text, coalesce(tail_start, 0) + 1) as original
from articles left join edited using (article_id)
where (of_run is null or run_id = of_run) and (of_article is null or article_id = of_article)
  and starts_with(article_id, of_prefix);

comment on macro table restore_originals is
  'Original text of the articles of a run, of one article, or of all (null, null).';
