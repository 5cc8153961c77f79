create or replace macro original_of(id) as table
select original
from restore_originals(null, id);

comment on macro table original_of is 'Text of one article before cleaning: from original_of(article_id).';
