create or replace view restored_originals as
select article_id, original
from restore_originals(null, null);

comment on view restored_originals is
  'One row an article: the text before cleaning, rebuilt from clean text and ledger. For one: from original_of(id).';
comment on column restored_originals.article_id is 'The article.';
comment on column restored_originals.original is 'Extracted text before cleaning; its SHA-256 is articles.original_hash.';
