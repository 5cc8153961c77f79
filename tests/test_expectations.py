"""The data checks, one by one: a good set of staged tables passes them all, each bad one fails exactly its own.

Great Expectations is imported here, in process, once, by the first test: that alone takes seconds, and collecting
tests must not.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import get_args

import duckdb
import pytest

from expectations.outcome import CheckOutcome, critical_failures
from expectations.staged import EMPTY_TABLES, open_staged
from expectations.worker import audit_staged, warm
from transforms import template_bounds as bounds
from transforms.types import DateStatus, Kind

pytestmark = pytest.mark.slow

RUN_DATE = date(2026, 3, 5)
A = "aaaaaaaaaaaaaaaa"
B = "bbbbbbbbbbbbbbbb"

# Article A has three edits, one of them with a replacement, one at the very end, and characters of two to four bytes.
GOOD = (
    f"""insert into articles by name select
        '{A}' as article_id, 'in-a' as input_id, 'en' as language, date '2026-03-01' as published_on,
        'dated' as published_status, 'Füchse 🦊 jagen. Ende' as text, 20 as text_chars, 36 as original_chars,
        sha256('Füchse [link] 🦊 jagen.. Ende–Teilen!') as original_hash,
        16 as removed_chars, 0.4444 as removed_ratio, 'a' as document_id, 'a.example' as source,
        'https://a.example/1' as url, 'Füchse' as title, 0.9 as language_probability_ratio,
        'day' as published_precision, timestamptz '2026-03-05 09:00:00+00' as fetched_at, 3 as text_words""",
    f"""insert into articles by name select
        '{B}' as article_id, 'in-b' as input_id, null as language, null as published_on,
        'undated' as published_status, 'Untouched.' as text, 10 as text_chars, 10 as original_chars,
        sha256('Untouched.') as original_hash, 0 as removed_chars, 0 as removed_ratio, 'b' as document_id,
        'a.example' as source, 1 as text_words""",
    f"insert into signals values ('{A}', 'words', 3), ('{A}', 'flesch_reading_ease', -4), ('{B}', 'words', 1)",
    f"""insert into article_signatures
        select article_id, 'a.example', timestamptz '2026-03-05 09:00:00+00'
        from (values ('{A}'), ('{B}')) as a (article_id)""",
    f"""insert into edits values
        ('{A}', 1, 7, 14, 'promo_link', 'bracket', '[link] ', '', 1.0),
        ('{A}', 2, 21, 23, 'tidy', 'double-stop', '..', '.', 1.0),
        ('{A}', 3, 28, 36, 'share', 'share-line', '–Teilen!', '', 0.9)""",
    f"""insert into scores select article_id, score, component, value, weight from
        (values ('{A}'), ('{B}')) as a (article_id), (values ('quality'), ('seo_padding')) as s (score),
        (values ('total', 0.5, 1.0), ('length', 0.4, 0.7), ('signs', 0.6, 0.3)) as c (component, value, weight)""",
    """insert into templates
        select left(sha256(source || chr(10) || fingerprint), 16), source, scope, fingerprint, 'widget',
            'free for readers since #', 'Free for readers since 1990.', clusters, 20, clusters / 20,
            '2026-03-01 09:00:00+00'::timestamptz, '2026-03-05 09:00:00+00'::timestamptz, is_sufficient
        from (values ('a.example', 'line', 18446744073709551615::ubigint, 5, true),
            ('a.example', 'sentence', 2, 7, true), ('b.example', 'frame', 2, 2, false))
            as t (source, scope, fingerprint, clusters, is_sufficient)""",
    f"insert into flags values ('{B}', 'undated', 'No date in text or page.')",
    f"""insert into date_candidates values
        ('{A}', 1, '2026-03-01', 'day', 'published', 'byline', '1 March 2026'),
        ('{A}', 2, '2026-03', 'month', 'modified', 'meta', '2026-03')""",
    f"""insert into inputs by name
        select input_id, input_id[4:] as document_id, '/in/' || input_id as location, '' as record_key,
            'a.example' as source, if(input_id = 'in-a', 'https://a.example/1', null) as url, fate, article_id
        from (values ('in-a', 'article', '{A}'), ('in-b', 'article', '{B}'), ('in-c', 'duplicate', '{A}'),
            ('in-d', 'quarantine', null)) as records (input_id, fate, article_id)""",
    "insert into quarantine values ('in-d', '/in/in-d', 'empty', 'The file is empty. Remove it.')",
)

# Ten articles of a source that the warehouse knows; a rule takes its usual three percent of half of them.
KNOWN_SOURCE = """
    insert into articles by name
        select printf('%016x', n) as article_id, 'k.example' as source, 1000 as original_chars from range(10) as r (n);
    insert into edits
        select article_id, 1, 0, 30, 'navigation', 'ticker', '', '', 1.0 from articles
        where source = 'k.example' order by article_id limit 5;
    insert into source_baselines values ('k.example', 5, 50);
    insert into removal_baselines values ('k.example', 'ticker', 25, 0.015, 0.001);
"""

# Article B with a text that is long enough to be compared with its language and title; the texts are ours.
LONG = """
    update articles set text = repeat('{text}', 20), language = '{language}', text_chars = length(text)
        where input_id = 'in-b';
    update articles set text_chars = length(text), original_chars = length(text), original_hash = sha256(text)
        where input_id = 'in-b'
"""

# The suite, what is wrong, how to make it so, and what must fail: severity, check, column.
BAD: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("articles", "one too few", "delete from articles where input_id = 'in-b'", ("critical table_row_count_to_equal",)),
    (
        "articles",
        "no id",
        "update articles set article_id = null where input_id = 'in-b'",
        (
            "critical not_be_null article_id",
            "critical be_in_set quality_totals",
            "critical be_in_set seo_padding_totals",
            "critical be_in_set words_signals",
        ),
    ),
    (
        "articles",
        "an id twice",
        """insert into articles select * replace ('in-e' as input_id) from articles where input_id = 'in-b';
        update articles set published_status = 'implausible' where input_id = 'in-e';
        insert into inputs by name select * replace ('in-e' as input_id, 'cccccccccccccccc' as article_id) from inputs
            where input_id = 'in-b'""",
        ("critical be_unique article_id",),
    ),
    (
        "articles",
        "an id of another make",
        """update articles set article_id = 'B-1' where input_id = 'in-b';
        update scores set article_id = 'B-1' where article_id = 'bbbbbbbbbbbbbbbb';
        update signals set article_id = 'B-1' where article_id = 'bbbbbbbbbbbbbbbb'""",
        ("critical match_regex article_id",),
    ),
    (
        "articles",
        "no input",
        "update articles set input_id = null where input_id = 'in-b'",
        ("critical not_be_null input_id", "critical be_in_set is_as_input"),
    ),
    (
        "articles",
        "removed text altered",
        "update edits set removed_text = '[LINK] ' where edit_number = 1",
        ("critical be_in_set is_restored",),
    ),
    (
        "articles",
        "replacement forgotten",
        "update edits set replacement = '' where edit_number = 2",
        ("critical be_in_set is_restored",),
    ),
    ("articles", "edit lost", "delete from edits where edit_number = 3", ("critical be_in_set is_restored",)),
    (
        "articles",
        "clean text altered without an edit",
        "update articles set text = 'untouched.' where input_id = 'in-b'",
        ("critical be_in_set is_restored",),
    ),
    ("articles", "no hash", "update articles set original_hash = null", ("critical be_in_set is_restored",)),
    ("articles", "wrong length", "update articles set text_chars = 9", ("critical be_in_set is_text_chars_right",)),
    (
        "articles",
        "blank text",
        """update articles set text = '  ', text_chars = 2, text_words = 0, original_hash = sha256('  ')
            where input_id = 'in-b'""",
        ("warning be_in_set is_blank",),
    ),
    (
        "articles",
        "ratio of another length",
        "update articles set removed_chars = 9 where input_id = 'in-b'",
        ("critical be_in_set is_removed_ratio_right",),
    ),
    (
        "articles",
        "ratio below 0",
        "update articles set removed_chars = -1, removed_ratio = -0.1 where input_id = 'in-b'",
        ("critical be_between removed_ratio",),
    ),
    (
        "articles",
        "nearly everything removed",
        "update articles set removed_chars = 61, original_chars = 100, removed_ratio = 0.61 where input_id = 'in-b'",
        ("warning be_between removed_ratio",),
    ),
    (
        "articles",
        "not measured",
        "delete from signals where article_id = 'bbbbbbbbbbbbbbbb'",
        ("critical be_in_set words_signals",),
    ),
    (
        "articles",
        "no source",
        "update articles set source = null where input_id = 'in-b'; update inputs set source = null",
        ("critical not_be_null source", "critical be_in_set is_as_input"),
    ),
    (
        "articles",
        "another record's address",
        "update articles set url = 'https://a.example/2' where input_id = 'in-a'",
        ("critical be_in_set is_as_input",),
    ),
    (
        "articles",
        "a title for an address",
        "update articles set url = 'Ferry late'; update inputs set url = 'Ferry late'",
        ("warning be_in_set is_url",),
    ),
    (
        "articles",
        "words and characters exchanged",
        "update articles set text_words = 11 where input_id = 'in-b'",
        ("critical be_in_set is_text_words_right",),
    ),
    (
        "articles",
        "surer than sure",
        "update articles set language_probability_ratio = 90 where input_id = 'in-a'",
        ("critical be_between language_probability_ratio",),
    ),
    (
        "articles",
        "German called English",
        LONG.format(text="Der Hund und die Katze und das Huhn sind nicht ein Rudel mit den anderen. ", language="en"),
        ("warning be_in_set is_language_of_text",),
    ),
    (
        "articles",
        "Russian called German",
        LONG.format(text="Паром ушёл вовремя, сказал капитан порта. ", language="de"),
        ("warning be_in_set is_language_of_text",),
    ),
    (
        "articles",
        "titles of other articles",
        LONG.format(text="The ferry left on time and the harbour office was pleased. ", language="en")
        + ";update articles set title = 'Seven simple recipes with lentils'",
        ("warning be_in_set is_title_of_text",),
    ),
    (
        "articles",
        "unknown precision",
        "update articles set published_precision = 'week' where input_id = 'in-a'",
        ("critical be_in_set published_precision",),
    ),
    (
        "articles",
        "a date of no precision",
        "update articles set published_precision = null where input_id = 'in-a'",
        ("critical be_in_set is_precision_right",),
    ),
    (
        "articles",
        "a date that no candidate shows",
        "update articles set published_on = date '2026-03-02' where input_id = 'in-a'",
        ("critical be_in_set is_date_chosen",),
    ),
    (
        "articles",
        "published after the fetch",
        "update articles set fetched_at = '2026-02-27 23:00:00+00' where input_id = 'in-a'",
        ("critical be_between published_days_after_fetch",),
    ),
    ("articles", "a locale", "update articles set language = 'en-GB'", ("warning match_regex language",)),
    (
        "articles",
        "unknown status",
        "update articles set published_status = 'guessed' where input_id = 'in-b'",
        ("critical be_in_set published_status",),
    ),
    (
        "articles",
        "dated without a date",
        "update articles set published_on = null, published_precision = null where input_id = 'in-a'",
        ("critical be_in_set is_status_right",),
    ),
    (
        "articles",
        "undated with a date",
        """update articles set published_on = date '2026-01-01', published_precision = 'day' where input_id = 'in-b';
        insert into date_candidates values
            ('bbbbbbbbbbbbbbbb', 1, '2026-01-01', 'day', 'published', 'meta', '2026-01-01')""",
        ("critical be_in_set is_status_right",),
    ),
    (
        "articles",
        "two days ahead",
        """update articles set published_on = date '2026-03-07', fetched_at = null where input_id = 'in-a';
        update date_candidates set date_text = '2026-03-07' where candidate_number = 1""",
        ("warning be_between published_days_ahead",),
    ),
    (
        "articles",
        "nearly all undated",
        "update articles set published_on = null, published_precision = null, published_status = 'undated'",
        ("info not_be_in_set published_status",),
    ),
    (
        "articles",
        "no quality",
        "delete from scores where score = 'quality' and component = 'total'",
        ("critical be_in_set quality_totals",),
    ),
    (
        "articles",
        "padding twice",
        "insert into scores select * from scores where score = 'seo_padding' and component = 'total'",
        ("critical be_in_set seo_padding_totals",),
    ),
    (
        "edits",
        "no article named",
        "update edits set article_id = null where edit_number = 3",
        (
            "critical not_be_null article_id",
            "critical be_in_set is_of_staged_article",
            "critical be_in_set is_numbered",
        ),
    ),
    (
        "edits",
        "article not staged",
        "insert into edits values ('cccccccccccccccc', 1, 0, 1, 'tidy', 'space', ' ', '', 1.0)",
        ("critical be_in_set is_of_staged_article",),
    ),
    (
        "edits",
        "a number left out",
        "update edits set edit_number = 4 where edit_number = 3",
        ("critical be_in_set is_numbered",),
    ),
    (
        "edits",
        "beyond the end",
        "update edits set end_char = 37, removed_text = removed_text || '!' where edit_number = 3",
        ("critical be_in_set is_inside",),
    ),
    (
        "edits",
        "before the start",
        "update edits set start_char = -1, end_char = 6 where edit_number = 1",
        ("critical be_in_set is_inside",),
    ),
    (
        "edits",
        "an empty span",
        "update edits set start_char = 36, removed_text = '', replacement = '!' where edit_number = 3",
        ("critical be_in_set is_inside",),
    ),
    (
        "edits",
        "an overlap",
        "update edits set start_char = 13, end_char = 15 where edit_number = 2",
        ("critical be_in_set is_after_previous",),
    ),
    (
        "edits",
        "text shorter than its span",
        "update edits set removed_text = 'Teilen!' where edit_number = 3",
        ("critical be_in_set is_as_long_as_span",),
    ),
    (
        "edits",
        "replaced by itself",
        "update edits set replacement = removed_text where edit_number = 2",
        ("warning be_in_set is_change",),
    ),
    ("edits", "unknown kind", "update edits set kind = 'banner' where edit_number = 1", ("warning be_in_set kind",)),
    (
        "edits",
        "no probability",
        "update edits set probability_ratio = null where edit_number = 3",
        ("critical not_be_null probability_ratio",),
    ),
    (
        "edits",
        "an unlikely artifact",
        "update edits set probability_ratio = 0.3 where edit_number = 3",
        ("critical be_between probability_ratio",),
    ),
    ("edits", "no rule", "update edits set rule_id = ' ' where edit_number = 1", ("critical match_regex rule_id",)),
    (
        "scores",
        "article not staged",
        "insert into scores values ('cccccccccccccccc', 'quality', 'total', 0.5, 1)",
        ("critical be_in_set is_of_staged_article",),
    ),
    (
        "scores",
        "a value twice",
        "insert into scores select * from scores where component = 'total' limit 1",
        ("critical compound_columns_to_be_unique article_id, score, component",),
    ),
    (
        "scores",
        "unknown score",
        "insert into scores select article_id, 'charm', 'total', 0.5, 1 from articles",
        ("warning be_in_set score",),
    ),
    ("scores", "not a number", "update scores set value_ratio = 'nan'", ("critical not_be_null value_ratio",)),
    (
        "scores",
        "value above 1",
        "update scores set value_ratio = 1.01 where component = 'total'",
        ("critical be_between value_ratio",),
    ),
    (
        "scores",
        "weight above 1",
        "update scores set weight_ratio = 1.5 where component = 'total'",
        ("critical be_between weight_ratio",),
    ),
    (
        "scores",
        "weights of 1.1",
        "update scores set weight_ratio = 0.8 where component = 'length'",
        ("warning be_between component_weight_sum",),
    ),
    (
        "scores",
        "totals of other articles",
        """update scores set value_ratio = 0.9 where component = 'total' and article_id = 'aaaaaaaaaaaaaaaa';
        update scores set value_ratio = 0.7 where component <> 'total' and article_id = 'bbbbbbbbbbbbbbbb'""",
        ("critical be_in_set is_monotone",),
    ),
    (
        "signals",
        "article not staged",
        "insert into signals values ('cccccccccccccccc', 'words', 5)",
        ("critical be_in_set is_of_staged_article",),
    ),
    (
        "signals",
        "a value twice",
        "insert into signals from signals",
        ("critical compound_columns_to_be_unique article_id, name",),
    ),
    (
        "signals",
        "no name",
        "update signals set name = null where value = -4",
        ("critical not_be_null name",),
    ),
    (
        "signals",
        "no value",
        "update signals set value = null where name <> 'words'",
        ("critical not_be_null value",),
    ),
    (
        "signals",
        "divided by nothing",
        "insert into signals select article_id, 'mean_word_chars', 'inf' from articles",
        ("critical be_in_set is_finite",),
    ),
    (
        "signals",
        "a share above 1",
        "insert into signals select article_id, 'digit_ratio', 1.2 from articles",
        ("critical be_between ratio",),
    ),
    (
        "signals",
        "fewer than none",
        "insert into signals select article_id, 'lines', -1 from articles",
        ("critical be_between amount",),
    ),
    (
        "signals",
        "signals of another article",
        "update signals set value = if(value = 3, 1, 3) where name = 'words'",
        ("critical be_in_set is_words_of_article",),
    ),
    (
        "duplicates",
        "of no article",
        "update inputs set article_id = null where fate = 'duplicate'",
        ("critical not_be_null article_id", "critical be_in_set is_of_staged_article"),
    ),
    (
        "duplicates",
        "of an article that is not staged",
        "update inputs set article_id = 'cccccccccccccccc' where fate = 'duplicate'",
        ("critical be_in_set is_of_staged_article",),
    ),
    (
        "duplicates",
        "before the one kept",
        "update inputs set location = '/in/0' where fate = 'duplicate'",
        ("critical be_in_set is_after_kept",),
    ),
    ("quarantine", "twice", "insert into quarantine from quarantine", ("critical be_unique input_id",)),
    (
        "quarantine",
        "of an article",
        "update inputs set fate = 'article' where input_id = 'in-d'",
        ("critical be_in_set is_of_staged_input",),
    ),
    ("quarantine", "no reason", "update quarantine set code = null", ("critical not_be_null code",)),
    ("quarantine", "a sentence for a code", "update quarantine set code = 'Is empty'", ("warning match_regex code",)),
    ("quarantine", "no words", "update quarantine set message = ' '", ("warning be_in_set has_message",)),
    (
        "source_history",
        "signed for another source",
        "update article_signatures set source = 'b.example' where article_id = 'bbbbbbbbbbbbbbbb'",
        ("critical be_in_set is_counted_right",),
    ),
    (
        "source_history",
        "seen tomorrow",
        "update article_signatures set seen_at = '2026-03-06 00:00:00+00'",
        ("critical be_in_set is_seen_by_now",),
    ),
    (
        "flags",
        "undated with a date",
        "update articles set published_on = date '2026-01-01' where input_id = 'in-b'",
        ("critical be_in_set is_undated",),
    ),
    (
        "flags",
        "article not staged",
        "insert into flags values ('cccccccccccccccc', 'undated', 'No date.')",
        ("critical be_in_set is_of_staged_article",),
    ),
    (
        "flags",
        "a flag twice",
        "insert into flags from flags",
        ("warning compound_columns_to_be_unique article_id, code, evidence_hash",),
    ),
    ("flags", "unknown flag", "update flags set code = 'un-dated'", ("warning be_in_set code",)),
    ("flags", "no evidence", "update flags set evidence = ' '", ("warning be_in_set has_evidence",)),
    (
        "date_candidates",
        "article not staged",
        "insert into date_candidates select * replace ('cccccccccccccccc' as article_id) from date_candidates",
        ("critical be_in_set is_of_staged_article",),
    ),
    (
        "date_candidates",
        "a rank twice",
        "update date_candidates set candidate_number = 1",
        ("critical compound_columns_to_be_unique article_id, candidate_number",),
    ),
    (
        "date_candidates",
        "month 13",
        "update date_candidates set date_text = '2026-13-01' where candidate_number = 1",
        ("critical match_regex date_text",),
    ),
    (
        "date_candidates",
        "unknown precision",
        "update date_candidates set precision = 'week' where candidate_number = 1",
        ("critical be_in_set precision",),
    ),
    (
        "date_candidates",
        "a month said to be a day",
        "update date_candidates set precision = 'day'",
        ("critical be_in_set is_as_precise_as_said",),
    ),
    ("date_candidates", "unknown role", "update date_candidates set role = 'seen'", ("critical be_in_set role",)),
    (
        "date_candidates",
        "no evidence",
        "update date_candidates set evidence = ''",
        ("warning be_in_set has_evidence",),
    ),
    (
        "date_candidates",
        "evidence too long",
        "update date_candidates set evidence = repeat('x', 201)",
        ("warning be_between evidence_chars",),
    ),
    (
        "inputs",
        "no id",
        "update inputs set input_id = null where input_id = 'in-b'",
        ("critical not_be_null input_id", "critical be_in_set place_count"),
    ),
    (
        "inputs",
        "an id twice",
        "insert into inputs select * from inputs where input_id = 'in-a'",
        ("critical be_unique input_id",),
    ),
    (
        "inputs",
        "unknown fate",
        "update inputs set fate = 'lost' where input_id = 'in-a'",
        ("critical be_in_set fate", "critical be_in_set is_where_fate_says"),
    ),
    ("inputs", "a record lost", "delete from quarantine", ("critical be_in_set place_count",)),
    (
        "inputs",
        "a duplicate of nothing",
        "update inputs set article_id = 'cccccccccccccccc' where fate = 'duplicate'",
        ("critical be_in_set place_count",),
    ),
    (
        "inputs",
        "in two places",
        "insert into quarantine (input_id) values ('in-a')",
        ("critical be_in_set place_count",),
    ),
    (
        "inputs",
        "in another place than its fate",
        """update inputs set fate = 'article' where fate = 'duplicate';
        insert into quarantine (input_id) values ('in-c')""",
        ("critical be_in_set is_where_fate_says",),
    ),
    (
        "inputs",
        "an article for a record in quarantine",
        "update inputs set article_id = 'aaaaaaaaaaaaaaaa' where fate = 'quarantine'",
        ("critical be_in_set is_article_id_right",),
    ),
    (
        "removal_history",
        "three times as much and more",
        KNOWN_SOURCE + "update edits set end_char = 93 where rule_id = 'ticker'",
        ("warning be_in_set is_jump",),
    ),
    (
        "removal_history",
        "nothing any more",
        KNOWN_SOURCE + "delete from edits where rule_id = 'ticker'",
        ("info be_in_set is_gone",),
    ),
    (
        "run_history",
        "far from usual",
        "insert into run_alarms values ('volume', 'records fell to 5, usually 10 (8 runs)', true, false)",
        ("warning be_in_set is_new",),
    ),
    (
        "run_history",
        "still far from usual",
        "insert into run_alarms values ('volume', 'records fell to 5, usually 10 (8 runs)', false, true)",
        ("info be_in_set is_lasting",),
    ),
    (
        "inputs",
        "most repeat others",
        """insert into inputs by name select inputs.* replace ('in-' || n as input_id) from inputs, range(3) as r (n)
            where fate = 'duplicate'""",
        ("info not_be_in_set fate",),
    ),
    (
        "inputs",
        "most in quarantine",
        """insert into inputs (input_id, fate, article_id) select 'q-' || n, 'quarantine', null from range(3) as r (n);
        insert into quarantine (input_id) select 'q-' || n from range(3) as r (n)""",
        ("warning be_in_set is_quarantined",),
    ),
    (
        "templates",
        "an id twice",
        "insert into templates select * from templates where scope = 'line'",
        ("critical be_unique template_id",),
    ),
    (
        "templates",
        "an id of another source",
        "update templates set source = 'c.example' where scope = 'line'",
        ("critical be_in_set is_id_right",),
    ),
    (
        "templates",
        "unknown scope",
        "update templates set scope = 'page' where scope = 'sentence'",
        ("critical be_in_set scope",),
    ),
    ("templates", "no example", "update templates set example_text = ' '", ("critical be_in_set has_text",)),
    (
        "templates",
        "too few articles",
        "update templates set cluster_count = 4, source_cluster_count = 10, share_ratio = 0.4 where scope = 'line'",
        ("critical be_between sufficient_clusters",),
    ),
    (
        "templates",
        "a small share of a line",
        "update templates set source_cluster_count = 26, share_ratio = 5 / 26 where scope = 'line'",
        ("critical be_between sufficient_ratio",),
    ),
    (
        "templates",
        "a small share of a sentence",
        "update templates set source_cluster_count = 28, share_ratio = 7 / 28 where scope = 'sentence'",
        ("critical be_between sufficient_ratio",),
    ),
    (
        "templates",
        "a share of something else",
        "update templates set share_ratio = 0.5 where scope = 'line'",
        ("critical be_in_set is_share_right",),
    ),
    (
        "templates",
        "seen tomorrow",
        "update templates set last_seen_at = '2026-03-07 00:00:00+00' where scope = 'line'",
        ("warning be_in_set is_dated",),
    ),
)

# At the bound, and still good.
STILL_GOOD = (
    (
        "published one day ahead",
        """update articles set published_on = date '2026-03-06' where input_id = 'in-a';
        update date_candidates set date_text = '2026-03-06' where candidate_number = 1""",
    ),
    (
        "0.6 removed",
        "update articles set removed_chars = 6, removed_ratio = 0.6 where input_id = 'in-b'",
    ),
    (
        "half in quarantine",
        """insert into inputs (input_id, fate, article_id) select 'q-' || n, 'quarantine', null from range(2) as r (n);
        insert into quarantine select 'q-' || n, '/in/q', 'empty', 'Remove it.' from range(2) as r (n)""",
    ),
    (
        "two gaps in one article",
        f"insert into flags values ('{A}', 'content-gap', 'One:'), ('{A}', 'content-gap', 'Two:')",
    ),
    ("conflicting dates", "update articles set published_status = 'conflicting' where input_id = 'in-a'"),
    ("weights rounded", "update scores set weight_ratio = 0.7004 where component = 'length'"),
    ("three-letter language", "update articles set language = 'haw' where input_id = 'in-a'"),
    (
        "a text that quotes another language",
        LONG.format(
            text="Der Hund und die Katze, said the captain of the ferry to the harbour and to us. ", language="en"
        )
        + ";update articles set text_words = 300, title = 'The captain and the ferry' where input_id = 'in-b'"
        + ";update signals set value = 300 where article_id = 'bbbbbbbbbbbbbbbb'",
    ),
)


def staged_tables(folder: Path, *statements: str) -> duckdb.DuckDBPyConnection:
    """The good tables, changed by the statements."""
    connection = open_staged(folder, RUN_DATE)
    for statement in (*GOOD, *statements):
        connection.execute(statement)
    return connection


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for table in EMPTY_TABLES:
        connection.table(table).write_parquet(str(folder / f"{table}.parquet"))


def failed(outcomes: tuple[CheckOutcome, ...]) -> set[str]:
    return {finding(o.severity, o.check_name, o.column_name) for o in outcomes if not o.is_success}


def finding(severity: str, check_name: str, column_name: str | None) -> str:
    name = check_name.removeprefix("expect_").removeprefix("column_values_to_")
    return f"{severity} {name} {column_name or ''}".rstrip()


def test_good_tables_pass_every_check(tmp_path: Path) -> None:
    from expectations.audit import SUITES, audit_tables

    with staged_tables(tmp_path) as connection:
        outcomes = audit_tables(connection)
    assert failed(outcomes) == set()
    assert len(outcomes) == sum(len(suite.expectations) for suite in SUITES)
    assert all(outcome.notes for outcome in outcomes)
    assert [outcome.suite for outcome in outcomes] == sorted(outcome.suite for outcome in outcomes)


@pytest.mark.parametrize(("change", "statement"), STILL_GOOD, ids=[case[0] for case in STILL_GOOD])
def test_what_is_at_the_bound_passes(tmp_path: Path, change: str, statement: str) -> None:
    from expectations.audit import audit_tables

    with staged_tables(tmp_path, statement) as connection:
        assert failed(audit_tables(connection)) == set()


@pytest.mark.parametrize(
    ("suite", "change", "statement", "expected"), BAD, ids=[f"{case[0]}: {case[1]}" for case in BAD]
)
def test_each_fault_fails_its_own_check(
    tmp_path: Path, suite: str, change: str, statement: str, expected: tuple[str, ...]
) -> None:
    from expectations.audit import SUITES, audit_tables

    with staged_tables(tmp_path, statement) as connection:
        outcomes = audit_tables(connection, tuple(s for s in SUITES if s.table == suite))
    assert failed(outcomes) == set(expected)


def test_each_check_is_seen_to_fail() -> None:
    from expectations.audit import SUITES

    checks = {
        (suite.table, finding(str(check.severity.value), check.expectation_type, _column(check.dict())))
        for suite in SUITES
        for check in suite.expectations
    }
    assert checks == {(suite, name) for suite, _, _, expected in BAD for name in expected}


def _column(check: dict[str, object]) -> str | None:
    columns = check.get("column_list") or check.get("column")
    return ", ".join(columns) if isinstance(columns, list) else str(columns) if columns else None


def test_sets_of_words_are_those_of_the_types() -> None:
    from expectations import articles, edits

    assert set(get_args(Kind)) == set(edits.KINDS)
    assert set(get_args(DateStatus)) == set(articles.STATUSES)


def test_bounds_of_templates_are_those_that_make_them() -> None:
    from expectations import templates

    shares = {"line": bounds.LEAST_SHARE, "sentence": bounds.LEAST_SENTENCE_SHARE, "frame": bounds.LEAST_FRAME_SHARE}
    assert (bounds.LEAST_CLUSTERS, shares) == (templates.LEAST_CLUSTERS, templates.LEAST_RATIOS)


def test_a_folder_without_files_is_a_run_without_news(tmp_path: Path) -> None:
    outcomes = audit_staged(tmp_path, RUN_DATE)
    assert outcomes
    assert failed(outcomes) == set()


def test_articles_missing_altogether_are_seen(tmp_path: Path) -> None:
    with staged_tables(tmp_path) as connection:
        write_parquet(connection, tmp_path)
    (tmp_path / "articles.parquet").unlink()
    assert "critical table_row_count_to_equal" in failed(audit_staged(tmp_path, RUN_DATE))


def test_a_failure_names_its_rows(tmp_path: Path) -> None:
    with staged_tables(tmp_path, "update edits set kind = 'banner' where edit_number > 1") as connection:
        write_parquet(connection, tmp_path)
    (outcome,) = (o for o in audit_staged(tmp_path, RUN_DATE) if not o.is_success)
    assert outcome.observed == "2 of 3 rows"
    assert outcome.unexpected_count == 2
    assert json.loads(outcome.unexpected_sample) == [
        {"article_id": A, "edit_number": 2, "kind": "banner"},
        {"article_id": A, "edit_number": 3, "kind": "banner"},
    ]


@pytest.mark.parametrize(
    "change",
    ["select 1", "update edits set kind = 'banner'", "delete from articles", "insert into signals from signals"],
)
def test_many_articles_are_checked_part_by_part_with_the_same_outcomes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    from expectations import audit

    with staged_tables(tmp_path, change) as connection:
        write_parquet(connection, tmp_path)
    whole = audit.audit(tmp_path, RUN_DATE)
    monkeypatch.setattr(audit, "PART_ARTICLES", 1)
    parts = audit.audit(tmp_path, RUN_DATE)
    assert [(o.check_name, o.column_name, o.is_success, o.unexpected_count) for o in parts] == [
        (o.check_name, o.column_name, o.is_success, o.unexpected_count) for o in whole
    ]
    counted = {"expect_table_row_count_to_equal"}  # one part's count, where it is wrong
    assert [o.observed for o in parts if o.check_name not in counted] == [
        o.observed for o in whole if o.check_name not in counted
    ]


def test_a_sample_has_five_rows_at_most_and_null_keys_are_null(tmp_path: Path) -> None:
    from expectations.audit import SUITES, audit_tables

    many = "insert into flags select null, 'odd', 'x' from range(9)"
    with staged_tables(tmp_path, many) as connection:
        outcomes = audit_tables(connection, tuple(s for s in SUITES if s.table == "flags"))
    (odd,) = (o for o in outcomes if o.column_name == "code")
    assert json.loads(odd.unexpected_sample) == [{"article_id": None, "code": "odd"}] * 5
    assert odd.unexpected_count == 9


def test_the_largest_jump_is_named_first(tmp_path: Path) -> None:
    from expectations.audit import SUITES, audit_tables

    jumps = """
        update edits set end_char = 100 where rule_id = 'ticker';
        insert into edits select * replace (2 as edit_number, 'alarm' as rule_id, 200 as end_char)
            from edits where rule_id = 'ticker';
        insert into edits select * replace (3 as edit_number, 'wire' as rule_id, 300 as end_char)
            from edits where rule_id = 'ticker'
    """
    with staged_tables(tmp_path, KNOWN_SOURCE + jumps) as connection:
        outcomes = audit_tables(connection, tuple(s for s in SUITES if s.table == "removal_history"))
    (jumped,) = (o for o in outcomes if not o.is_success)
    assert json.loads(jumped.unexpected_sample) == [
        {"source": "k.example", "rule_id": "wire", "share_now": "15.0 %", "share_before": "0.0 %"},
        {"source": "k.example", "rule_id": "alarm", "share_now": "10.0 %", "share_before": "0.0 %"},
        {"source": "k.example", "rule_id": "ticker", "share_now": "5.0 %", "share_before": "1.5 %"},
    ]


def test_a_check_that_cannot_run_has_failed(tmp_path: Path) -> None:
    from great_expectations.expectations.core.expect_column_values_to_be_unique import ExpectColumnValuesToBeUnique
    from great_expectations.expectations.metadata_types import FailureSeverity

    from expectations.audit import Suite, audit_tables

    check = ExpectColumnValuesToBeUnique(column="gone", severity=FailureSeverity.CRITICAL, notes="No such column.")
    with staged_tables(tmp_path) as connection:
        (outcome,) = audit_tables(connection, (Suite("flags", ("code",), "select code from flags", (check,)),))
    assert not outcome.is_success
    assert outcome.observed.startswith("could not run:")
    assert "gone" in outcome.observed


def test_only_critical_failures_stop_a_publish() -> None:
    def outcome(severity: str, is_success: bool) -> CheckOutcome:
        return CheckOutcome("edits", "c", None, severity, is_success, 0, "", "[]", "")  # type: ignore[arg-type]

    stopper = outcome("critical", False)
    others = (outcome("critical", True), outcome("warning", False), outcome("info", False))
    assert critical_failures((*others, stopper)) == (stopper,)
    assert critical_failures(others) == ()


def test_a_spawned_worker_gives_the_same_outcomes(tmp_path: Path) -> None:
    with staged_tables(tmp_path, "delete from edits where edit_number = 3") as connection:
        write_parquet(connection, tmp_path)
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as executor:
        executor.submit(warm)
        outcomes = executor.submit(audit_staged, tmp_path, RUN_DATE).result()
    assert failed(outcomes) == {"critical be_in_set is_restored"}
    assert outcomes == audit_staged(tmp_path, RUN_DATE)


def test_the_worker_module_alone_does_not_import_great_expectations() -> None:
    code = "import sys, expectations.worker; sys.exit('great_expectations' in sys.modules or 'pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
