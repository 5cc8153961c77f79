# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the staged articles. One frame row an article; the text itself stays in DuckDB."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("article_id",)
SHOWN = {
    "is_text_chars_right": ("text_chars",),
    "is_text_words_right": ("text_words", "text_chars"),
    "is_removed_ratio_right": ("removed_ratio",),
    "is_status_right": ("published_status",),
    "is_precision_right": ("published_precision",),
    "is_date_chosen": ("published_status",),
    "is_language_of_text": ("language",),
    "is_title_of_text": ("title",),
    "is_as_input": ("input_id",),
}

# The original is put back together here from the clean text and the ledger alone, on purpose without our own
# `revert`: a fault in it must not hide itself. `clean_start` is where an edit stands in the clean text.
FRAME = r"""
with placed as (
    select
        article_id, edit_number, removed_text,
        start_char - coalesce(sum(length(removed_text) - length(replacement)) over earlier, 0)::bigint as clean_start,
        clean_start + length(replacement) as clean_end
    from edits
    window earlier as (
        partition by article_id order by edit_number rows between unbounded preceding and 1 preceding)
),
pieces as (
    select
        article_id, edit_number, removed_text, clean_start, clean_end,
        lag(clean_end, 1, 0) over (partition by article_id order by edit_number) as kept_from
    from placed
),
restored as (
    select
        articles.article_id,
        string_agg(substr(text, kept_from + 1, clean_start - kept_from) || removed_text, '' order by edit_number)
            || substr(any_value(text), max(clean_end) + 1) as original
    from pieces join articles using (article_id)
    group by articles.article_id
),
totals as (
    select
        article_id,
        count(*) filter (score = 'quality') as quality_totals,
        count(*) filter (score = 'seo_padding') as seo_padding_totals
    from scores where component = 'total'
    group by article_id
),
measured as (select article_id, count(*) as words_signals from signals where name = 'words' group by article_id),
chosen as (
    select article_id, (any_value(date_text) || '-01-01')[:10] as first_day
    from date_candidates where candidate_number = 1 group by article_id
),
records as (select distinct on (input_id) input_id, document_id, source, url from inputs),
-- Language and title are compared with the text on a sample, always the same one: enough to see a column that slipped.
sampled as (
    select distinct on (article_id)
        article_id, language, lower(left(text, 2000)) as head, lower(title) as lower_title, lower(text) as lower_text
    from articles where text is not null
    qualify row_number() over (order by hash(article_id), article_id) <= 2000
),
-- The commonest small words of a language that the others of the list do not share.
small_words (code, word) as (
    select code, unnest(string_split(words, ' ')) from (values
        ('en', 'the and of to that is for with was'), ('de', 'der die und das nicht ist ein mit den'),
        ('fr', 'les des est une dans pour que pas et'), ('es', 'el los las por con del y es como'),
        ('it', 'il che di della non sono gli è'), ('pt', 'os uma não com do da em é um'),
        ('nl', 'het een van en niet met voor zijn op'), ('sv', 'och att det som är på av inte för'),
        ('pl', 'w nie się że jest z oraz który')) as lists (code, words)
),
scripts (code, script) as (
    select unnest(string_split(codes, ' ')), script from (values
        ('en de fr es it pt nl sv pl', '[^\p{Latin}]'), ('ru uk bg', '[^\p{Cyrillic}]'),
        ('zh ja', '[^\p{Han}\p{Hiragana}\p{Katakana}]'), ('ko', '[^\p{Hangul}]'), ('ar fa', '[^\p{Arabic}]'),
        ('el', '[^\p{Greek}]'), ('he', '[^\p{Hebrew}]'), ('th', '[^\p{Thai}]')) as lists (codes, script)
),
tokens as (
    select article_id, unnest(regexp_split_to_array(head, '[^\p{L}]+')) as word from sampled
),
hits as (select article_id, code, count(*) as hits from tokens join small_words using (word) group by article_id, code),
in_words as (
    select sampled.article_id,
        coalesce(max(hits) filter (code = language), 0) as own,
        coalesce(max(hits) filter (code <> language), 0) as foreign_hits
    from sampled left join hits using (article_id)
    where language in (select code from small_words)
    group by sampled.article_id
),
in_script as (
    select article_id,
        length(regexp_replace(head, script, '', 'g')) / nullif(length(regexp_replace(head, '[^\p{L}]', '', 'g')), 0)
            as script_ratio
    from sampled join scripts on code = language
),
titles as (
    select article_id,
        list_filter(regexp_split_to_array(lower_title, '[^\p{L}]+'), lambda word: length(word) >= 5) as words,
        len(list_filter(words, lambda word: contains(lower_text, word))) as found
    from sampled where language not in ('zh', 'ja', 'th', 'lo', 'km', 'my') and length(lower_text) >= 500
)
select
    articles.article_id, articles.input_id, articles.source, language, published_status, removed_ratio,
    language_probability_ratio, published_precision, left(title, 80) as title, text_chars, text_words,
    trim(text) = '' as is_blank,
    coalesce(articles.document_id is not distinct from records.document_id
        and articles.source is not distinct from records.source
        and articles.url is not distinct from records.url, false) as is_as_input,
    regexp_matches(articles.url, '^[A-Za-z][A-Za-z0-9+.-]*:') as is_url,
    coalesce(text_words between 0 and text_chars, false) as is_text_words_right,
    (published_precision is null) = (published_on is null) as is_precision_right,
    case when published_on is not null then coalesce(published_on::varchar = first_day, false) end as is_date_chosen,
    date_diff('day', (fetched_at at time zone 'UTC')::date, published_on) as published_days_after_fetch,
    foreign_hits is null and script_ratio is null
        or not (coalesce(foreign_hits >= 10 and foreign_hits > 3 * own, false) or coalesce(script_ratio < 0.2, false))
        as is_language_of_text,
    if(len(words) >= 2, found > 0, null) as is_title_of_text,
    coalesce(words_signals, 0) as words_signals,
    coalesce(text_chars = length(text), false) as is_text_chars_right,
    coalesce(sha256(coalesce(restored.original, text)) = original_hash, false) as is_restored,
    coalesce(abs(removed_ratio - removed_chars / original_chars) < 0.001, false) as is_removed_ratio_right,
    coalesce((published_on is not null) = (published_status in ('dated', 'conflicting')), false) as is_status_right,
    date_diff('day', run_date, published_on) as published_days_ahead,
    coalesce(quality_totals, 0) as quality_totals,
    coalesce(seo_padding_totals, 0) as seo_padding_totals
from articles
cross join run
left join restored using (article_id)
left join totals using (article_id)
left join measured using (article_id)
left join chosen using (article_id)
left join records on records.input_id = articles.input_id
left join in_words using (article_id)
left join in_script using (article_id)
left join titles using (article_id)
"""

PRECISIONS = ("day", "month", "year")
STATUSES = ("dated", "conflicting", "implausible", "undated")

SUITE = (
    gxe.ExpectTableRowCountToEqual(
        value={"$PARAMETER": "article_inputs"},
        severity="critical",
        notes="Each input whose fate is article gives one article. None at all is right when nothing was new.",
    ),
    gxe.ExpectColumnValuesToNotBeNull(
        column="article_id", severity="critical", notes="Every other table is joined through it."
    ),
    gxe.ExpectColumnValuesToBeUnique(
        column="article_id", severity="critical", notes="The same text twice is a duplicate, not a second article."
    ),
    gxe.ExpectColumnValuesToMatchRegex(
        column="article_id", regex="^[0-9a-f]{16}$", severity="critical", notes="First 16 hex digits of a SHA-256."
    ),
    gxe.ExpectColumnValuesToNotBeNull(
        column="input_id", severity="critical", notes="An article without its input record cannot be traced."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_restored",
        value_set=[True],
        severity="critical",
        notes="Reversible: clean text and ledger give back the original, to the character.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_text_chars_right", value_set=[True], severity="critical", notes="text_chars is the length of text."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_blank",
        value_set=[False],
        severity="warning",
        notes="Nothing but artifacts was found: an empty page, or rules that took the article too.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_removed_ratio_right",
        value_set=[True],
        severity="critical",
        notes="removed_ratio is removed_chars / original_chars, to the third decimal.",
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="removed_ratio", min_value=0, max_value=1, severity="critical", notes="A ratio is 0-1."
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="removed_ratio",
        max_value=0.6,
        severity="warning",
        notes="More than 60 % taken out is more often a rule gone wrong than a page of artifacts. Look at the ledger.",
    ),
    gxe.ExpectColumnValuesToMatchRegex(
        column="language",
        regex="^[a-z]{2,3}$",
        severity="warning",
        notes="ISO 639 code in lower case, or null where the language cannot be decided.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="published_status",
        value_set=list(STATUSES),
        severity="critical",
        notes="Views and the report count by these four.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_status_right",
        value_set=[True],
        severity="critical",
        notes="There is a date exactly when the status is dated or conflicting.",
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="published_days_ahead",
        max_value=1,
        severity="warning",
        notes="Pages lie about dates. One day ahead of the run's UTC date is a time zone, more is a wrong date.",
    ),
    gxe.ExpectColumnValuesToNotBeInSet(
        column="published_status",
        value_set=["undated"],
        mostly=0.5,
        severity="info",
        notes="When most articles have no date, look at how the pages were scraped: the head may be missing.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="quality_totals", value_set=[1], severity="critical", notes="Each article has one quality score."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="seo_padding_totals", value_set=[1], severity="critical", notes="Each article has one padding score."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="words_signals",
        value_set=[1],
        severity="critical",
        notes="Each article is measured; without signals no filter can judge it.",
    ),
    gxe.ExpectColumnValuesToNotBeNull(
        column="source", severity="critical", notes="Templates, scorecards and history are kept by source."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_as_input",
        value_set=[True],
        severity="critical",
        notes="Document, source and address are those of its input record; else columns or rows have slipped.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_url",
        value_set=[True],
        severity="warning",
        notes="An address has a scheme; text in its place is another column's, or a scraper's slip.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_text_words_right",
        value_set=[True],
        severity="critical",
        notes="A text has no more words than characters: else the two counts have changed places.",
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="language_probability_ratio",
        min_value=0,
        max_value=1,
        severity="critical",
        notes="A probability is 0-1.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_language_of_text",
        value_set=[True],
        mostly=0.98,
        severity="warning",
        notes="The small words and the letters of the text are those of its language. Looked at in 2,000 articles; one "
        "in fifty may quote another language at length.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_title_of_text",
        value_set=[True],
        mostly=0.7,
        severity="warning",
        notes="A text takes up a word of its title. Where three in ten do not, titles are another column's or another "
        "article's.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="published_precision",
        value_set=list(PRECISIONS),
        severity="critical",
        notes="Says how much of published_on is known.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_precision_right",
        value_set=[True],
        severity="critical",
        notes="There is a precision exactly when there is a date.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_date_chosen",
        value_set=[True],
        severity="critical",
        notes="The date is that of the first candidate: a date without evidence came from nowhere.",
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="published_days_after_fetch",
        max_value=1,
        severity="critical",
        notes="A page cannot have been published after it was fetched; one day is a time zone. Judging passes such "
        "dates over, so one here was changed afterwards.",
    ),
)
