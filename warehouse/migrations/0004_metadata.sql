-- What a page says of itself, and where each fact stood. Null in articles of earlier versions.
alter table articles add column title_origin varchar;
alter table articles add column author_origin varchar;
alter table articles add column site_name_origin varchar;
alter table articles add column url_origin varchar;
alter table articles add column page_language varchar;
alter table articles add column page_language_origin varchar;
alter table articles add column section varchar;
alter table articles add column section_origin varchar;

comment on column articles.title_origin is
  'Where the title stood: given (by the record), json-ld, og, heading, title-tag, ...; null where there is no title.';
comment on column articles.author_origin is
  'Where the authors stood: given, json-ld, og, meta, microdata, rel-author, byline, ...; null where there is none.';
comment on column articles.site_name_origin is 'Where the name of the site stood: og, json-ld, meta, ...';
comment on column articles.url_origin is 'Where the address stood: given, canonical, og, json-ld.';
comment on column articles.page_language is
  'Language that the page declares, as in en-GB; articles.language is what the text is written in.';
comment on column articles.page_language_origin is 'Where that stood: html (its lang attribute), json-ld, og, meta.';
comment on column articles.section is 'Section of the site that the page names, such as Politics.';
comment on column articles.section_origin is 'Where the section stood: og (article:section), json-ld, meta.';
comment on column inputs.ruleset_version is
  'Ruleset that decided its fate, with the bounds of time and memory where they were too little.';
