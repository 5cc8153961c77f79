"""Templates by source, through whole runs: what becomes one, what never does, and what later runs do with it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from expectations.outcome import CheckOutcome
from flows.batches import BatchPool, BatchSettings
from flows.intake import Record
from flows.loading import load_staged
from flows.watch import DEFAULT_BOUNDS
from flows.watched_pool import WatchedPool
from tests.here import winnow_here
from tests.template_runs import FIRST, RULESET, Newsroom, document, documents, prose
from warehouse.errors import InvariantError
from warehouse.records import PublishCounts, RunRecord
from warehouse.templates import find_templates

FREE = "We keep every page of this paper free for all readers of the island."
GUIDES = ("winter tyres", "harbour permits", "rope care", "tide tables", "ferry fares", "net repair")
WIRE = prose(500, 6)


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)


def around(number: int, *lines: str) -> str:
    """Our lines after a text of its own."""
    return "\n".join((prose(number), *lines))


def inside(number: int, sentence: str) -> str:
    """A sentence between those of a paragraph."""
    first, second, third, fourth = prose(number, 4).split("\n")
    return f"{first}\n{second} {sentence} {third}\n{fourth}"


def between(number: int, line: str) -> str:
    first, second, third = prose(number).split("\n")
    return f"{first}\n{line}\n{second}\n{third}"


FINDS: dict[str, tuple[list[str], set[str]]] = {
    "a line at the end": (
        [around(n, FREE) for n in range(5)],
        {"we keep every page of this paper free for all readers of the island"},
    ),
    "a line between paragraphs": (
        [between(n, FREE) for n in range(5)],
        {"we keep every page of this paper free for all readers of the island"},
    ),
    "a line with another number each time": (
        [around(n, f"This paper has been free for every reader since {1990 + n}.") for n in range(5)],
        {"this paper has been free for every reader since #"},
    ),
    "a line with another date each time": (
        [around(n, f"The tide tables on this page were last checked on {n + 1} March 2025.") for n in range(5)],
        {"the tide tables on this page were last checked on #"},
    ),
    "a line with another name each time": (
        [
            around(n, f"Write to {name} with your own memories of the old pier and its boats.")
            for n, name in enumerate(("Ana Ruiz", "Tom", "Brigid Moll", "Jo Park", "Ida"))
        ],
        {"write to @ with your own memories of the old pier and its boats"},
    ),
    "a sentence in a paragraph": (
        [inside(n, "Members of our harbour club read it first.") for n in range(6)],
        {"members of our harbour club read it first"},
    ),
    "a frame": (
        [around(n, f"Our editors have gathered {what} in one booklet.") for n, what in enumerate(GUIDES)],
        {"our editors have gathered … booklet"},
    ),
    "several sentences as one line": (
        [around(n, f"{FREE} Members of our harbour club read it first.") for n in range(5)],
        {f"{FREE.lower()} members of our harbour club read it first"},
    ),
    "a fifth of all": (
        [around(n, *([FREE] if n < 5 else [])) for n in range(25)],
        {"we keep every page of this paper free for all readers of the island"},
    ),
    "short labels at the edge": (
        [around(n, "Harbour weather", "Pier cameras") for n in range(5)],
        {"harbour weather", "pier cameras"},
    ),
    "in another script": (
        [around(n, "本报所有页面对岛上读者永久免费开放。") for n in range(5)],
        {"本报所有页面对岛上读者永久免费开放"},
    ),
}
KEEPS: dict[str, list[str]] = {
    "four articles are too few": [around(n, FREE) for n in range(4)],
    "less than a fifth of all": [around(n, *([FREE] if n < 5 else [])) for n in range(26)],
    "a sentence of less than a third": [
        inside(n, "Members of our harbour club read it first.") if n < 5 else prose(n) for n in range(18)
    ],
    "ten times in one article": [around(0, *[FREE] * 10), *(prose(n) for n in range(1, 6))],
    "headings between paragraphs": [between(n, "Key takeaways") for n in range(6)],
    "a longer heading between paragraphs": [between(n, "How we looked and what we found") for n in range(6)],
    "a question between paragraphs": [between(n, "What does the harbour master say?") for n in range(6)],
    "a heading before the first paragraph": [f"Method\n{prose(n)}" for n in range(6)],
    "bare dates": [around(n, f"{n + 1} March 2025") for n in range(6)],
    "bare numbers": [around(n, f"{n} / {n + 6}") for n in range(6)],
    "figures of each article": [around(n, f"Length {n} m, width {n + 1} m, draught {n + 3} m.") for n in range(6)],
    "the same article fetched again": [around(0, FREE, f"Fetched as copy number {n}") for n in range(6)],
    "wire copy under other headlines": [f"{prose(n, 1)[:60]}\n{WIRE}" for n in range(6)],
    "wire copy with an own first paragraph": [f"{prose(n, 1)}\n{WIRE}" for n in range(6)],
    "beginnings that writers share": [
        around(n, f"The harbour master said {what} this year.") for n, what in enumerate(GUIDES[:4])
    ],
    "one text in a frame is no frame": [
        around(n, f"The harbour master said {GUIDES[n % 4]} would be late this year.") for n in range(8)
    ],
}


@pytest.mark.parametrize(("texts", "expected"), FINDS.values(), ids=FINDS.keys())
def test_what_a_source_repeats_is_a_template(newsroom: Newsroom, texts: list[str], expected: set[str]) -> None:
    assert newsroom.find(documents(texts)) == expected


@pytest.mark.parametrize("texts", KEEPS.values(), ids=KEEPS.keys())
def test_what_articles_share_otherwise_is_none(newsroom: Newsroom, texts: list[str]) -> None:
    assert newsroom.find(documents(texts)) == set()


def test_sources_are_counted_apart(newsroom: Newsroom) -> None:
    texts = [around(n, FREE) for n in range(8)]
    newsroom.run((*documents(texts[:4], "courier"), *documents(texts[4:], "island")))
    assert newsroom.templates("courier") == newsroom.templates("island") == set()
    newsroom.run(documents([around(20, FREE)], "island"), "run-2")
    assert len(newsroom.templates("island")) == 1
    assert newsroom.templates("courier") == set()


def test_every_article_of_the_first_run_is_cleaned_and_can_be_restored(newsroom: Newsroom) -> None:
    texts = [around(n, FREE, f"Our editors have gathered {what} in one booklet.") for n, what in enumerate(GUIDES)]
    newsroom.run(documents(texts), batch=2)  # the first batch is cleaned after the last one is read
    assert newsroom.texts() == {f"{n:03d}": prose(n) for n in range(len(texts))}
    originals = newsroom.query("select original from restored_originals")
    assert {str(original) for (original,) in originals} == set(texts)
    named = newsroom.query(
        "select distinct edits.kind, masked_text from edits join templates on rule_id = 'template:' || template_id"
    )
    assert len(named) == 2
    assert {kind for kind, _ in named} == {"widget"}


def test_a_sentence_goes_and_its_paragraph_stays(newsroom: Newsroom) -> None:
    sentence = "Members of our harbour club read it first."
    newsroom.run(documents([inside(n, sentence) for n in range(6)]))
    assert newsroom.texts()["000"] == inside(0, sentence).replace(f"{sentence} ", "")


def test_labels_go_as_a_block_or_at_the_end_and_a_heading_stays_with_its_list(newsroom: Newsroom) -> None:
    list_of = [f"{n} ropes\n{n + 1} hooks" for n in range(6)]
    texts = [f"{prose(n)}\nIngredients\n{list_of[n]}\nHarbour weather\nPier cameras" for n in range(6)]
    newsroom.run(documents(texts))
    assert newsroom.texts()["000"] == f"{prose(0)}\nIngredients\n{list_of[0]}"


def test_an_article_that_is_nothing_else_is_kept_whole(newsroom: Newsroom) -> None:
    notice = f"{FREE} The printed paper comes out on the first Friday of the month and costs nothing either."
    newsroom.run(documents([*(around(n, notice) for n in range(6)), f"{notice}\n"]))
    assert newsroom.texts()["006"] == f"{notice}\n"
    assert newsroom.texts()["005"] == prose(5)
    assert newsroom.query("select count(*) from flags where code = 'over-removal'") == [(1,)]


# Later runs


def test_runs_count_together_and_a_later_run_uses_what_is_known(newsroom: Newsroom) -> None:
    for day in (1, 2):
        newsroom.run(documents([around(10 * day + n, FREE) for n in range(2)], "courier"), f"run-{day}")
        assert newsroom.templates() == set()
    newsroom.run([document("fifth", around(90, FREE))], "run-3")
    assert len(newsroom.templates()) == 1
    newsroom.run([document("sixth", around(91, FREE))], "run-4")
    texts = newsroom.texts()
    assert (texts["fifth"], texts["sixth"]) == (prose(90), prose(91))
    (row,) = newsroom.query(
        "select cluster_count, source_cluster_count, share_ratio, first_seen_at::date::varchar, "
        "last_seen_at::date::varchar from templates"
    )
    assert row == (6, 6, 1.0, "2026-02-01", "2026-02-04")


def test_a_copy_of_an_earlier_article_adds_nothing(newsroom: Newsroom) -> None:
    newsroom.run(documents([around(n, FREE) for n in range(4)]))
    newsroom.run([document("again", f"{around(3, FREE)}\nPrinted in the evening too")], "run-2")
    assert newsroom.templates() == set()
    newsroom.run([document("new", around(50, FREE))], "run-3")
    assert newsroom.query("select cluster_count from templates") == [(5,)]


def test_new_furniture_of_an_old_source_is_found(newsroom: Newsroom) -> None:
    newsroom.run(documents([prose(n) for n in range(60)]))
    newsroom.run([document(f"new-{n}", around(100 + n, FREE)) for n in range(5)], "run-2")
    assert newsroom.query("select cluster_count, source_cluster_count from templates") == [(5, 5)]


def test_a_template_that_gets_rare_is_used_no_more(newsroom: Newsroom) -> None:
    newsroom.run(documents([around(n, FREE) for n in range(5)]))
    newsroom.run([document(f"other-{n}", prose(100 + n)) for n in range(30)], "run-2")
    assert len(newsroom.templates()) == 1  # no new article shows it, so its time has ended and its share stands
    newsroom.run([document("late", around(200, FREE))], "run-3")
    assert newsroom.templates() == set()
    assert newsroom.texts()["late"] == around(200, FREE)
    assert newsroom.query("select is_sufficient, cluster_count, source_cluster_count from templates") == [
        (False, 6, 36)
    ]


def test_switched_off_stays_off_and_is_honoured(newsroom: Newsroom) -> None:
    newsroom.run(documents([around(n, FREE) for n in range(5)]))
    newsroom.change("update templates set is_active = false, switched_off_reason = 'the paper says so itself'")
    newsroom.run([document("sixth", around(90, FREE))], "run-2")
    assert newsroom.texts()["sixth"] == around(90, FREE)
    (row,) = newsroom.query("select is_active, is_sufficient, cluster_count, switched_off_reason from templates")
    assert row == (False, True, 6, "the paper says so itself")
    newsroom.change("update templates set is_active = true")
    newsroom.run([document("seventh", around(91, FREE))], "run-3")
    assert newsroom.texts()["seventh"] == prose(91)


def test_a_line_switched_off_is_not_taken_out_by_its_sentences(newsroom: Newsroom) -> None:
    line = f"{FREE} Members of our harbour club read it first."
    newsroom.run(documents([around(n, line) for n in range(6)]))
    newsroom.change("update templates set is_active = false")
    newsroom.run([document("seventh", around(90, line))], "run-2")
    assert newsroom.texts()["seventh"] == around(90, line)


def test_other_rules_clean_anew_and_what_was_said_stays(newsroom: Newsroom) -> None:
    records = documents([around(n, FREE) for n in range(6)])
    newsroom.run(records)
    newsroom.change("update templates set is_active = false")
    before = newsroom.tables("articles", "inputs")
    assert newsroom.run(records, "run-2", ruleset="rules-2") == 6
    after = newsroom.tables("articles", "inputs")
    changed = {name for name in after if after[name] != before[name]}
    changed_by_rules = {
        "edits",
        "article_signals",
        "article_scores",
        "removal_history",
        "source_history",
        "text_signatures",
        "search",
    }
    assert changed == changed_by_rules
    assert newsroom.texts()["000"] == around(0, FREE)


def test_a_second_run_changes_nothing(newsroom: Newsroom) -> None:
    records = documents([around(n, FREE) for n in range(6)])
    newsroom.run(records)
    before = newsroom.tables()
    newsroom.run(records, "run-2")
    assert newsroom.tables() == before


# Order, batches, workers


def mixed() -> list[Record]:
    copies = [f"{prose(n, 1)[:60]}\n{WIRE}\n{FREE}" for n in range(700, 704)]
    courier = [around(n, FREE, f"Our editors have gathered {what} in one booklet.") for n, what in enumerate(GUIDES)]
    island = [inside(n, "Members of our harbour club read it first.") for n in range(20, 26)]
    return [*documents((*courier, *copies), "courier"), *documents((*island, courier[0]), "island")]


@pytest.mark.parametrize(("seed", "batch"), [(1, 64), (2, 1), (3, 5)])
def test_order_and_batches_change_nothing(tmp_path: Path, seed: int, batch: int) -> None:
    seen = []
    shuffled = mixed()
    random.Random(seed).shuffle(shuffled)
    for name, records, size in (("in-order", mixed(), 3), ("shuffled", shuffled, batch)):
        (tmp_path / name).mkdir()
        newsroom = Newsroom(tmp_path / name)
        newsroom.run(records, batch=size)
        seen.append(newsroom.tables())
    assert seen[0] == seen[1]
    assert len(seen[0]["templates"]) == 3


def run_in_pool(folder: Path, records: Sequence[Record], workers: int) -> tuple[list[bytes], list[str]]:
    """Both steps in worker processes; what is in use, and the edits."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    pool = BatchPool(WatchedPool(workers, DEFAULT_BOUNDS), BatchSettings(folder, FIRST, RULESET))
    numbers = range(0, len(records), 4)
    try:
        for number in numbers:
            pool.extract(number, tuple(records[number : number + 4]))
        for number in numbers:
            pool.extracted(number)
        find_templates(folder / "none.duckdb", folder)
        for number in numbers:
            pool.clean(number)
        for number in numbers:
            pool.cleaned(number)
    finally:
        pool.close()
    edits = pq.read_table(folder / "parts" / "edits").to_pylist()
    return [(folder / "templates_in_use.parquet").read_bytes()], sorted(map(repr, edits))


@pytest.mark.usefixtures("forked")
def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    one, three = (run_in_pool(tmp_path / str(workers), mixed(), workers) for workers in (1, 3))
    assert one == three
    assert any("template:" in edit for edit in one[1])


# What must not happen


def test_a_critical_failure_publishes_no_template(newsroom: Newsroom) -> None:
    records = documents([around(n, FREE) for n in range(4)])
    newsroom.run(records)
    folder = newsroom.folder / "staging-run-2"
    newsroom.run([document("fifth", around(9, FREE))], "run-2")
    assert len(newsroom.templates()) == 1
    newsroom.change("delete from templates; delete from runs where run_id = 'run-2'")
    failure = CheckOutcome("edits", "c", None, "critical", False, 1, "", "[]", "")
    run = RunRecord("run-3", "run-3", FIRST, FIRST, RULESET, 1)
    assert load_staged(newsroom.warehouse, folder / "staged", run, (failure,)) == PublishCounts(0, 0, 0, 0, 0)
    assert newsroom.query("select count(*) from templates") == [(0,)]
    assert newsroom.query("select status from runs where run_id = 'run-3'") == [("failed",)]


def test_a_removal_without_its_template_is_refused(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.load._publish_templates", lambda *_: None)
    with pytest.raises(InvariantError, match=r"names a template that is not there.*template:[0-9a-f]{16}"):
        newsroom.run(documents([around(n, FREE) for n in range(5)]))


@pytest.mark.parametrize(
    ("damage", "promise"),
    [
        ("insert into templates from templates", "a template is there twice"),
        ("insert into article_signatures values ('nobody', 's', now(), [])", "an article that is not there: nobody"),
        ("insert into article_fingerprints values ('nobody', [1], [0], [0])", "an article that is not there: nobody"),
    ],
)
def test_a_damaged_warehouse_takes_nothing_in(newsroom: Newsroom, damage: str, promise: str) -> None:
    newsroom.run(documents([around(n, FREE) for n in range(5)]))
    newsroom.change(damage)
    with pytest.raises(InvariantError, match=promise):
        newsroom.run([document("new", prose(80))], "run-2")
    assert "new" not in newsroom.texts()


# Commands


def test_templates_are_shown_switched_and_used_by_the_other_commands(newsroom: Newsroom) -> None:
    newsroom.run(documents([around(n, FREE) for n in range(5)], "courier"))
    ((template_id,),) = newsroom.query("select template_id from templates")
    (newsroom.folder / "courier").mkdir()
    (newsroom.folder / "courier" / "new.txt").write_text(around(90, FREE))

    def command(*arguments: str) -> str:
        done = winnow_here(newsroom.folder, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    shown = command("templates", "--source", "courier")
    assert str(template_id) in shown
    assert "in use" in shown
    assert "0 templates" in command("templates", "--source", "elsewhere")
    assert f"template:{template_id}" in command("clean", "courier", "--warehouse", "winnow.duckdb")
    assert f"template:{template_id}" in command("explain", "courier", "--warehouse", "winnow.duckdb")
    assert "template:" not in command("clean", "courier")
    command("templates", "--off", str(template_id), "--reason", "a slogan")
    assert newsroom.query("select is_active, switched_off_reason from templates") == [(False, "a slogan")]
    assert "switched off" in command("templates")
    assert "template:" not in command("clean", "courier", "--warehouse", "winnow.duckdb")
    command("templates", "--on", str(template_id))
    assert newsroom.query("select is_active, switched_off_at, switched_off_reason from templates") == [
        (True, None, None)
    ]


def test_an_unknown_template_is_said_so_and_nothing_is_switched(newsroom: Newsroom) -> None:
    newsroom.run(documents([around(n, FREE) for n in range(5)]))
    ((template_id,),) = newsroom.query("select template_id from templates")
    done = winnow_here(newsroom.folder, "templates", "--off", str(template_id), "--off", "nothing")
    assert done.returncode == 4
    assert "template 'nothing' is not in the warehouse" in done.stderr
    assert newsroom.query("select is_active from templates") == [(True,)]
