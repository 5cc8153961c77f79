create or replace view scores as
select
  article_id, unnest(score_names) as score, unnest(components) as component, unnest(score_values) as value_ratio,
  unnest(weights) as weight_ratio, unnest(string_split(evidences, chr(31))) as evidence
from article_scores join score_layouts using (layout);

comment on view scores is
  'Scores and the components they are made of, one row an article, score and component. Totals alone: article_totals.';
comment on column scores.article_id is 'The article judged.';
comment on column scores.score is 'quality or seo_padding.';
comment on column scores.component is 'total for the score itself, else the component.';
comment on column scores.value_ratio is 'Value, 0-1.';
comment on column scores.weight_ratio is 'Weight of the component in its score, 0-1; 1 for the total.';
comment on column scores.evidence is 'Why, in words.';
