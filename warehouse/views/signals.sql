create or replace view signals as
select article_id, unnest(names) as name, unnest(signal_values) as value
from article_signals join signal_layouts using (layout);

comment on view signals is 'Raw measurements, one row an article and signal; thresholds are applied later.';
comment on column signals.article_id is 'The article measured.';
comment on column signals.name is 'Name of the signal.';
comment on column signals.value is 'Its value, in the unit that its name says.';
