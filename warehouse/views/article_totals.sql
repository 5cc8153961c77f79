-- Read by their places, which are the same for all articles of a layout: no row a component is made.
create or replace view article_totals as
with places as (
  select
    layout,
    list_position(list_transform(list_zip(score_names, components), lambda pair: pair[1] || ' ' || pair[2]), 'quality total')
      as quality_place,
    list_position(
      list_transform(list_zip(score_names, components), lambda pair: pair[1] || ' ' || pair[2]), 'seo_padding total'
    ) as padding_place
  from score_layouts
)
select article_id, score_values[quality_place] as quality, score_values[padding_place] as seo_padding
from article_scores join places using (layout);

comment on view article_totals is 'Both scores of an article, one row an article that has scores.';
comment on column article_totals.article_id is 'The article judged.';
comment on column article_totals.quality is 'Quality score, 0-1; higher is better.';
comment on column article_totals.seo_padding is 'SEO padding score, 0-1; higher is more padded.';
