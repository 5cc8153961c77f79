create or replace macro what_was_removed(id) as table
select edit_number, start_char, end_char, kind, rule_id, removed_text, replacement, probability_ratio
from edits
where article_id = id
order by edit_number;

comment on macro table what_was_removed is 'Ledger of one article in order: from what_was_removed(article_id).';
