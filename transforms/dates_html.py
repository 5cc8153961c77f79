"""Publication dates in the mark-up of a page: JSON-LD, meta tags, time elements, the address, visible date elements.

Roles are kept apart: a page that says only when it was changed is not made to say when it was published. Dates of
comments, of teasers for other articles and of media are left out. Never raises on broken mark-up or broken JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from transforms.date_names import WrittenDate, day_date, find_written_dates, month_comes_first
from transforms.dates_text import EVIDENCE_CHARS, find_text_dates
from transforms.types import DateCandidate, DateRole

_META: dict[str, tuple[str, DateRole]] = {
    name: ("meta", role)
    for role, names in (
        (
            "published",
            "article:published_time article:published bt:pubdate cxenseparse:recs:publishtime og:article:published_time"
            " og:published_time og:pubdate datepublished publishdate publish-date publish_date published_time pubdate"
            " published-date published_date publication_date publication-date publicationdate dc.date.issued dcterms.issued"
            " dcterms.date dc.date.published parsely-pub-date sailthru.date rnews:datepublished citation_publication_date"
            " citation_online_date dcterms.created dc.date.created dc.created article.published article:post_date"
            " originalpublicationdate timestamp displaydate cxenseparse:publishtime vr:published_time date_published"
            " article_date_original article.created prism.publicationdate bt:pubdate shareaholic:article_published_time"
            " eprints.datestamp pdate release_date doc_date news_publish_date date created datecreated dc.date"
        ),
        (
            "modified",
            "article:modified_time og:updated_time datemodified last-modified lastmod dcterms.modified dc.date.modified"
            " dc.modified modified modified_time cxenseparse:recs:modifiedtime article:updated_time updated_time"
            " shareaholic:article_modified_time og:article:modified_time revised dateupdate lastupdate"
        ),
    )
    for name in names.split()
}
