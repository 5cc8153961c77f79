"""Near-duplicates in the warehouse: found in any order, kept up to date by every run, shown by the views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.migrated import migrate
from tests.template_runs import Newsroom, document, prose
from tests.test_publish import Record, Row, parts_of, run_record
from transforms import near_duplicates
from transforms.near_duplicates import sign_text
from warehouse.connect import connect_writer
from warehouse.errors import InvariantError
from warehouse.load import publish
from warehouse.stage import consolidate
from warehouse.text_links import find_links

FIRST_FETCH = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
TABLES = ("text_signatures", "text_links", "near_duplicates")


@dataclass(frozen=True)
class Page:
    """An article as it is staged. `day` of March is its date; `version` is the day of the fetch."""

    name: str
    text: str
    source: str = "courier.example"
    day: int | None = None
    precision: str = "day"
    url: str | None = None
    version: int = 0
    ruleset: str = "rules-1"
    cleaned: str | None = None  # the clean text, where it is not the text
    code: str | None = None  # it ends in quarantine

    @property
    def record(self) -> Record:
        # Each page has furniture of its own, else equal texts were one article.
        return Record(
            f"/in/{self.name}.txt", f"{self.text} Share {self.name}", f" Share {self.name}", source=self.source
        )

    @property
    def article_id(self) -> str:
        return self.record.article_id


def part_rows(page: Page) -> dict[str, list[Row]]:
    rows = parts_of(replace(page.record, ruleset=page.ruleset, code=page.code))
    if page.code:
        return rows
    fetched: Row = {"url": page.url, "fetched_at": FIRST_FETCH + timedelta(days=page.version)}
    dated: Row = {"published_status": "undated"}
    if page.day:
        dated = {"published_on": date(2026, 3, page.day), "published_precision": page.precision}
        dated |= {"published_status": "dated"}
    rows["inputs"][0] |= fetched | {"document_id": page.name}
    rows["articles"][0] |= fetched | dated | {"document_id": page.name, "url_origin": "given"}
    if page.cleaned is not None:  # what is left out is one more edit
        article = rows["articles"][0]
        start = len(page.cleaned)
        removed = f"{page.text} Share {page.name}"[start:]
        article |= {"text": page.cleaned, "text_chars": start, "removed_chars": len(removed)}
        rows["edits"][0] |= {"start_char": start, "end_char": start + len(removed), "removed_text": removed}
    signed = sign_text(page.text if page.cleaned is None else page.cleaned)
    if signed:
        ids: Row = {"article_id": page.article_id, "input_id": page.record.input_id}
        rows["text_signatures"] = [
            ids | {"text_hash": np.uint64(signed.text_hash), "signature": list(signed.signature)}
        ]
    return rows


@dataclass(frozen=True)
class Desk:
    """A warehouse and its runs, without the cleaning."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        return self.folder / "winnow.duckdb"

    def stage(self, name: str, *batches: Sequence[Page], is_compared: bool = True) -> Path:
        folder = self.folder / name
        for number, batch in enumerate(batches):
            tables: dict[str, list[Row]] = {}
            for page in batch:
                for table, rows in part_rows(page).items():
                    tables.setdefault(table, []).extend(rows)
            for table, rows in ((t, r) for t, r in tables.items() if r):
                (folder / "parts" / table).mkdir(parents=True, exist_ok=True)
                pq.write_table(pa.Table.from_pylist(rows), folder / "parts" / table / f"{number}.parquet")
        consolidate(folder / "parts", folder / "staged")
        if is_compared:
            find_links(self.warehouse, folder / "staged")
        return folder / "staged"

    def publish(self, name: str, staged: Path) -> None:
        with connect_writer(self.warehouse) as connection:
            migrate(connection)
            publish(connection, staged, run_record(name), ())

    def run(self, name: str, *pages: Page) -> None:
        self.publish(name, self.stage(name, pages))

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            return connection.sql(sql).fetchall()

    def tables(self) -> dict[str, list[tuple[object, ...]]]:
        return {table: self.query(f"from {table} order by all") for table in TABLES}

    def clusters(self) -> dict[str, str]:
        """Of each article that has a near-duplicate, its cluster."""
        rows = self.query("select article_id, cluster_id from near_duplicates")
        return {str(article): str(cluster) for article, cluster in rows}

    def kept(self) -> dict[str, tuple[str, float]]:
        """Of each article in a cluster: the name of the page that stands for it, and how alike it is."""
        rows = self.query(
            "select a.document_id, k.document_id, round(similarity_ratio, 2) from near_duplicates "
            "join articles as a using (article_id) join articles as k on k.article_id = kept_article_id"
        )
        return {str(name): (str(kept), float(str(similarity))) for name, kept, similarity in rows}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def desk_in(folder: Path) -> Desk:
    folder.mkdir()
    return Desk(folder)


def edited(text: str, share: float, seed: int = 99, place: float = 0.3) -> str:
    """A run of words replaced by others."""
    words = text.split()
    count, start = round(share * len(words)), round(place * len(words))
    return " ".join((*words[:start], *prose(seed, 12).upper().split()[:count], *words[start + count :]))


TEXT = prose(1, 8)
CHAIN = (TEXT, edited(TEXT, 0.08), edited(edited(TEXT, 0.08), 0.08, 98, 0.7))  # each like the next, the ends not alike
WIRE = Page("wire", TEXT, day=3)
LATER = Page("later", edited(TEXT, 0.05), "gazette.example", day=5)
SAME = Page("same", TEXT.upper(), "herald.example", day=4)
OTHER = Page("other", prose(7, 8), day=1)
SHORT = tuple(Page(f"short-{n}", "Loading the page.", f"s{n}.example") for n in range(3))
MANY = (WIRE, LATER, SAME, OTHER, *SHORT, Page("far", edited(TEXT, 0.3), day=1))


def test_copies_are_linked_and_the_earliest_is_kept(desk: Desk) -> None:
    desk.run("r", *MANY)
    assert desk.kept() == {"wire": ("wire", 1.0), "later": ("wire", 0.89), "same": ("wire", 1.0)}
    ((similarity,),) = desk.query("select similarity_ratio from text_links")
    assert desk.query("select distinct similarity_ratio from near_duplicates where similarity_ratio < 1") == [
        (similarity,)
    ]
    assert desk.query("select document_id from clean_articles where not is_kept order by 1") == [("later",), ("same",)]
    ids = {page.name: page.article_id for page in MANY}
    smallest = min(ids[name] for name in ("wire", "later", "same"))
    assert desk.query("select distinct cluster_id from near_duplicates") == [(smallest,)]
    alone = "select count(*) from clean_articles where cluster_id = article_id and is_kept and document_id in "
    assert desk.query(f"{alone} ('other', 'far', 'short-0', 'short-1', 'short-2')") == [(5,)]


@pytest.mark.parametrize(
    "orders",
    [
        [[MANY], [tuple(reversed(MANY))], [MANY[4:], MANY[:4]]],
        [[(p,) for p in MANY[:4]], [(p,) for p in reversed(MANY[:4])], [MANY[:4]]],
        [[tuple(Page(f"c{n}", t, day=n + 1) for n, t in enumerate(CHAIN))]]
        + [[(Page(f"c{n}", CHAIN[n], day=n + 1),) for n in order] for order in ((0, 2, 1), (1, 2, 0), (2, 1, 0))],
    ],
)
def test_runs_in_any_order_give_what_one_run_gives(tmp_path: Path, orders: list[list[tuple[Page, ...]]]) -> None:
    seen = []
    for number, runs in enumerate(orders):
        desk = desk_in(tmp_path / str(number))
        for run, pages in enumerate(runs):
            desk.run(f"r{run}", *pages)
        seen.append(desk.tables())
    assert len(seen[0]["near_duplicates"]) == 3
    assert all(tables == seen[0] for tables in seen)


def test_batches_do_not_matter_and_a_run_again_changes_nothing(tmp_path: Path) -> None:
    one, other = desk_in(tmp_path / "one"), desk_in(tmp_path / "other")
    one.run("r", *MANY)
    other.publish("r", other.stage("r", MANY[5:], MANY[:2], MANY[2:5]))
    assert one.tables() == other.tables()
    one.run("again", *MANY)
    assert one.tables() == other.tables()
    assert one.query("from cluster_changes") == []


def test_what_was_not_compared_before_is_compared_when_publishing(tmp_path: Path) -> None:
    whole, late, both = (desk_in(tmp_path / name) for name in ("whole", "late", "both"))
    whole.run("r", *MANY)
    late.publish("r", late.stage("r", MANY, is_compared=False))
    first, second = both.stage("first", MANY[:1]), both.stage("second", MANY[1:])  # neither knows of the other
    both.publish("second", second)
    both.publish("first", first)
    assert whole.tables() == late.tables() == both.tables()


def test_a_new_article_joins_two_clusters_and_the_change_is_on_record(desk: Desk) -> None:
    first = [Page(f"a{n}", CHAIN[0] + f" {n}", "a.example", day=1) for n in range(2)]
    last = [Page(f"z{n}", CHAIN[2] + f" {n}", "z.example", day=1) for n in range(2)]
    desk.run("r1", *first, *last)
    before = desk.clusters()
    assert len(set(before.values())) == 2
    bridge = Page("bridge", CHAIN[1], "b.example", day=9)
    desk.run("r2", bridge)
    after = desk.clusters()
    assert set(after.values()) == {min(after)}
    assert len(after) == 5
    moved = sorted({(old, after[article]) for article, old in before.items() if old != after[article]})
    changes = "select old_cluster_id, cluster_id, run_id, article_count from cluster_changes order by all"
    assert desk.query(changes) == [(old, new, "r2", 2) for old, new in moved]
    for old in set(before.values()):  # an old id is an article, and leads to the cluster of today
        assert desk.query(f"select cluster_id from clean_articles where article_id = '{old}'") == [(min(after),)]
    # Both ends are kept: they are not alike.
    assert desk.query("select kept_count, article_count from duplicate_clusters") == [(2, 5)]
    # Cleaned anew, the bridge says something else: the clusters part again.
    desk.run("r3", replace(bridge, ruleset="rules-2", cleaned=CHAIN[1][:300]))
    assert desk.clusters() == before
    parted = desk.query("select old_cluster_id, cluster_id from cluster_changes where run_id = 'r3'")
    assert {(new, old) for old, new in parted} >= set(moved)
    assert desk.query(
        "select count(*) from text_links where text_hash not in (select text_hash from text_signatures)"
    ) == [(0,)]


def test_another_version_of_a_page_takes_the_place_of_the_earlier_one(desk: Desk) -> None:
    address = "https://courier.example/tide"
    desk.run("r1", Page("v1", TEXT, day=1, url=address), LATER)
    assert desk.kept() == {"v1": ("v1", 1.0), "later": ("v1", 0.89)}
    # The new version is like the copy too. The earlier one is shown no more, so it stands for nothing.
    desk.run("r2", Page("v2", f"{TEXT} Now with tides.", day=6, url=address, version=1))
    assert desk.kept() == {"v2": ("later", 0.89), "later": ("later", 1.0)}
    assert desk.query("select document_id from clean_articles where is_kept") == [("later",)]
    # The next one says something else: its copy is alone.
    desk.run("r3", Page("v3", prose(50, 8), day=7, url=address, version=2))
    assert desk.kept() == {}
    assert desk.query("select document_id from clean_articles where is_kept order by 1") == [("later",), ("v3",)]
    assert desk.query("select count(*) from duplicate_clusters") == [(0,)]


def test_an_article_that_goes_leaves_no_link(desk: Desk) -> None:
    desk.run("r1", WIRE, LATER)
    (cluster,) = set(desk.clusters().values())
    desk.run("r2", replace(WIRE, ruleset="rules-2", code="empty"))
    assert desk.query("select document_id, is_kept from clean_articles") == [("later", True)]
    assert desk.clusters() == {}
    assert desk.query("from text_links") == []
    moved = [(cluster, LATER.article_id)] if cluster != LATER.article_id else []
    assert desk.query("select old_cluster_id, cluster_id from cluster_changes") == moved


def test_a_run_without_a_text_to_compare_asks_nothing(desk: Desk) -> None:
    desk.run("r1", WIRE, LATER)
    before = desk.tables()
    staged = desk.stage("r2", SHORT[:1])
    assert not (staged / "text_links.parquet").exists()
    desk.publish("r2", staged)
    assert {t: rows for t, rows in desk.tables().items() if t != "text_signatures"} == {
        t: rows for t, rows in before.items() if t != "text_signatures"
    }


def test_a_month_is_no_credible_day(desk: Desk) -> None:
    desk.run("r", Page("month", f"{TEXT} More of it.", day=1, precision="month"), Page("day", TEXT, day=20))
    assert desk.kept()["month"][0] == "day"


def test_views_tell_what_is_syndicated(desk: Desk) -> None:
    near = (WIRE, LATER, Page("house", prose(20, 8), day=1), Page("house-copy", edited(prose(20, 8), 0.05), day=2))
    desk.run("r1", *near)
    clusters = """
    select kept_title is null, kept_source, article_count, kept_count, same_record_count, source_count, is_syndicated
    from duplicate_clusters order by is_syndicated
    """
    assert desk.query(clusters) == [
        (True, "courier.example", 2, 1, 0, 1, False),
        (True, "courier.example", 2, 1, 0, 2, True),
    ]
    copies = "select document_id, copy_kind, round(similarity_ratio, 2), source, kept_source from syndicated_articles"
    assert sorted(desk.query(copies)) == [
        ("later", "near-duplicate", 0.89, "gazette.example", "courier.example"),
        ("wire", "kept", 1.0, "courier.example", "courier.example"),
    ]
    assert desk.query("select count(*), min(similarity_ratio) >= 0.8 from duplicate_links") == [(2, True)]
    # The copy within the courier and the gazette's copy; what is kept of each counts at no source.
    counted = "select source, near_duplicates from source_scorecard order by source"
    assert desk.query(counted) == [("courier.example", 1), ("gazette.example", 1)]


def test_records_with_the_same_original_are_copies_too(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    text, copied = prose(3), prose(4)
    newsroom.run(
        [
            *(document("one", text, "courier"), document("two", text, "gazette"), document("alone", prose(5))),
            *(
                document("near", f"{copied}\nThe pier is closed until April.", "herald"),
                document("x", copied, "courier"),
            ),
        ]
    )
    shown = newsroom.query(
        "select document_id, source, copy_kind, kept_source from syndicated_articles order by document_id"
    )
    assert shown == [
        ("near", "herald", "kept", "herald"),
        ("one", "courier", "kept", "courier"),
        ("two", "gazette", "same record", "courier"),
        ("x", "courier", "near-duplicate", "herald"),
    ]
    assert newsroom.query(
        "select article_count, same_record_count, sources, is_syndicated from duplicate_clusters order by all"
    ) == [(1, 1, ["courier", "gazette"], True), (2, 0, ["courier", "herald"], True)]
    before = newsroom.tables()
    assert newsroom.reclean("run-2", ruleset="rules-2") == 4
    after = newsroom.tables()
    assert [after[table] for table in TABLES] == [before[table] for table in TABLES]


def test_a_family_larger_than_what_is_compared_is_still_one_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_duplicates, "MOST_COMPARED", 4)
    desk = Desk(tmp_path)
    long = prose(1, 30)
    desk.run("r", *(Page(f"p{n:02d}", f"{long} Number {n}.", day=1 + n % 3) for n in range(20)))
    assert desk.query(
        "select count(distinct cluster_id), count(*), count(*) filter (is_kept) from near_duplicates"
    ) == [(1, 20, 1)]
    ((links,),) = desk.query("select count(*) from text_links")
    assert links == 3 + 2 + 1 + 4 * 16  # of 190 pairs


@pytest.mark.parametrize(
    ("damage", "promise"),
    [
        ("insert into text_signatures values ('nobody', 1, [])", "an article that is not there: nobody"),
        ("update near_duplicates set is_kept = false", "gives way to an article that is not kept"),
        ("insert into near_duplicates from near_duplicates", "is there twice"),
    ],
)
def test_a_damaged_warehouse_takes_nothing_in(desk: Desk, damage: str, promise: str) -> None:
    desk.run("r1", WIRE, LATER)
    with duckdb.connect(desk.warehouse) as connection:
        connection.execute(damage)
    with pytest.raises(InvariantError, match=promise):
        desk.run("r2", OTHER)
    assert desk.query("select count(*) from articles") == [(2,)]
