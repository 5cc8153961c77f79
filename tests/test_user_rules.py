"""Rules from a user's TOML file: what they do, and what is said of a bad one."""

import json
import re
from pathlib import Path

import pytest

from flows.job import prepare_job
from flows.job_settings import JobSettings
from flows.ruleset import ruleset_version
from flows.user_rules import MOST_FILE_BYTES, MOST_RULES, load_rules, parse_rules, read_rule_file, rules_of
from tests.conftest import ROOT, SAMPLES
from tests.here import winnow_here
from transforms.check_rules import compile_together
from transforms.clean import find_rule_edits as find_edits
from transforms.edits import apply_edits
from transforms.rule import Rule, RuleError, line
from transforms.rules import COMPILED, RULES
from transforms.types import Edit

BUILT_IN = tuple(rule.id for rule in RULES)
FIELDS = {
    "id": '"my-ticker"',
    "kind": '"navigation"',
    "scope": '"line"',
    "pattern": '"(?:markets|weather) live:.*"',
    "removes": '["Markets live: ferry shares up"]',
    "keeps": '["Markets live on trust, he said."]',
}
PROSE = "The harbour council voted on Tuesday to rebuild the northern pier, which a storm broke last winter."


def rule(**changed: str | None) -> str:
    """A rule's TOML with some fields changed; None leaves one out."""
    fields = {**FIELDS, **changed}
    return "\n".join(("[[rule]]", *(f"{name} = {value}" for name, value in fields.items() if value is not None)))


def toml_blocks(page: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def rule_file(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(rule(), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "document", "clean"),
    [
        (rule(), f"Markets live: rope dearer\n{PROSE}", PROSE),
        (rule(unless='"inquest"', keeps='["Weather live: the inquest"]'), f"Weather live: an inquest\n{PROSE}", None),
        (rule(), f"He sees markets live: a hall of them.\n{PROSE}", None),
        (rule(scope='"sentence"'), f"{PROSE} Weather live: fog. {PROSE[:40]}", f"{PROSE} {PROSE[:40]}"),
        (
            rule(scope='"inline"', pattern=r"' ?\[tide \d+\]'", removes='["[tide 12]"]', keeps='["A tide [12] ran."]'),
            PROSE.replace("northern", "northern [tide 3]"),
            PROSE,
        ),
        ("[switch_off]\nrules = ['skip-link']", f"Skip to content\n{PROSE}", None),
        ("", f"Skip to content\n{PROSE}", PROSE),
    ],
)
def test_rules_do_what_they_say(tmp_path: Path, text: str, document: str, clean: str | None) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    assert apply_edits(document, find_edits(document, load_rules(path))) == (document if clean is None else clean)


def test_built_in_rules_go_on_beside_them(rule_file: Path) -> None:
    text = f"Skip to content\nMarkets live: rope dearer\n{PROSE}\nLeave a Reply"
    found = [edit.rule for edit in find_edits(text, load_rules(rule_file)) if edit.kind != "tidy"]
    assert found == ["skip-link", "my-ticker", "comment-form"]
    assert [edit.rule for edit in find_edits(text) if edit.kind != "tidy"] == ["skip-link", "comment-form"]
    assert rules_of(None) is COMPILED


def test_the_line_model_is_switched_off_like_a_rule(tmp_path: Path, rule_file: Path) -> None:
    path = tmp_path / "without.toml"
    path.write_text("[switch_off]\nrules = ['line-model']\n", encoding="utf-8")
    assert not load_rules(path).uses_model
    assert load_rules(path).rules == COMPILED.rules
    assert load_rules(rule_file).uses_model


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[rule]\nid =", r"is no TOML: .*line 1"),
        ("[" * 5_000, r"is no TOML"),
        ("[rules]\n", r"table 'rules' is unknown; allowed are \[\[rule\]\]"),
        ("[rule]\nid = 'x'", r"must be \[\[rule\]\]"),
        ("rule = [3]", r"rule 1, field rule: 3 is no table"),
        (rule(patern='"x"'), r"rule 1 \('my-ticker'\), field patern: there is no such field; allowed are id, kind"),
        (rule(keeps=None), r"field keeps: it is missing; needed are id"),
        (rule(id='"My Ticker"'), r"field id: 'My Ticker' is not allowed; .*a-z"),
        (rule(id="3"), r"rule 1 \('3'\), field id: 3 is not allowed; give text"),
        (rule(id='"skip-link"'), r"field id: 'skip-link' is the id of another rule"),
        (f"{rule()}\n{rule()}", r"rule 2 \('my-ticker'\), field id: .* is the id of another rule"),
        (rule(id='"skip-link"') + "\n[switch_off]\nrules = ['skip-link']", r"is the id of another rule"),
        (rule(id='"tidy-space"'), r"field id: 'tidy-space' begins with one of"),
        (rule(kind='"tidy"'), r"field kind: 'tidy' is not allowed; allowed are navigation, .*widget$"),
        (rule(kind="[]"), r"field kind: \[\] is not allowed"),
        (rule(scope='"page"'), r"field scope: 'page' is not allowed; allowed are line, sentence, inline"),
        (rule(pattern='"(x"'), r"field pattern: RE2 does not take '\(x': missing \)"),
        (rule(pattern='"a)|(b"'), r"field pattern: RE2 does not take"),
        (rule(pattern='"(?=x)"'), r"no look-around"),
        (rule(unless='"(x"'), r"field unless: RE2 does not take"),
        (rule(unless="1"), r"field unless: 1 is not allowed"),
        (rule(pattern='"x?"'), r"field pattern: 'x\?' matches the empty text"),
        (rule(pattern='".+"'), r"field pattern: it takes ordinary text too: 'A new pier"),
        (rule(pattern=f'"{"x" * 1_001}"'), r"field pattern: it has 1001 characters, at most 1000"),
        (rule(pattern='"\\\\pL{1,900}x"'), r"field pattern: RE2 does not take .* too large"),
        (rule(removes="[]"), r"field removes: 0 examples; give 1 to 50"),
        (rule(removes='"Markets live: up"'), r"field removes: .* give a list of texts"),
        (rule(removes='[" "]'), r"field removes: ' ' is an empty example"),
        (rule(keeps=f'["{"x" * 501}"]'), r"field keeps: .* has 501 characters, at most 500"),
        (rule(removes='["Sports live: up"]'), r"field removes: 'Sports live: up' must be .* takes nothing.*whole line"),
        (
            rule(scope='"inline"', pattern='"markets live"'),
            r"field removes: 'Markets live: ferry shares up' must be taken out whole, .* takes 'Markets live'",
        ),
        (rule(keeps='["Weather live: fog"]'), r"field keeps: 'Weather live: fog' must be left alone"),
        (
            "[switch_off]\nrules = ['skip-lonk']",
            r"field rules: 'skip-lonk' is no built-in rule; built-in are .*skip-link",
        ),
        ("[switch_off]\nrules = 'skip-link'", r"field rules: .*give a list"),
        ("[switch_off]\nids = []", r"\[switch_off\] holds one field: rules"),
        ("\n".join([rule()] * (MOST_RULES + 1)), r"has 201 rules, at most 200"),
    ],
)
def test_a_bad_file_is_told_with_rule_field_and_remedy(text: str, message: str) -> None:
    with pytest.raises(RuleError, match=re.compile(message, re.DOTALL)):
        parse_rules(text, built_in=BUILT_IN)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"rules\.toml: cannot be read: No such file"),
        (b"\xff\xfe", r"rules\.toml: is no UTF-8 text \(byte 0\)"),
        (b"#" * (MOST_FILE_BYTES + 1), r"rules\.toml: has more than 1000000 bytes"),
        (rule(scope='"page"').encode(), r"rules\.toml: rule 1 \('my-ticker'\), field scope"),
    ],
)
def test_an_error_names_the_file(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "rules.toml").write_bytes(content)
    with pytest.raises(RuleError, match=message):
        load_rules(tmp_path / "rules.toml")


def test_rules_too_large_together_are_told() -> None:
    def big(number: int) -> Rule:
        return Rule(f"big-{number}", "advert", line(r"\pL{1,400}" + f" {number}"), (f"a {number}",), ("No.",))

    assert compile_together((big(1),)).rules == (big(1),)
    with pytest.raises(RuleError, match=r"the 20 rules are too large together .*shorten"):
        compile_together(tuple(big(number) for number in range(20)))


def test_the_ruleset_version_holds_the_files_content(rule_file: Path) -> None:
    before = ruleset_version(rules=read_rule_file(rule_file).text)
    assert before not in (ruleset_version(), ruleset_version(langdetect_only=True))
    rule_file.write_text(rule(id='"other-ticker"'), encoding="utf-8")
    assert ruleset_version(rules=read_rule_file(rule_file).text) != before


@pytest.mark.usefixtures("forked")
def test_a_job_hands_the_rules_to_its_workers(tmp_path: Path, rule_file: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Markets live: rope dearer\n{PROSE}")
    settings = JobSettings((str(tmp_path / "a.txt"),), str(tmp_path / "w.duckdb"), workers=1, rules=str(rule_file))
    job = prepare_job(settings)
    try:
        rule_file.unlink()  # what was read when the job began is what counts
        number = job.next_to_extract()
        assert number is not None
        job.pool.extracted(number)
        assert job.next_to_clean() == number
        assert job.pool.cleaned(number).edit_count == 2  # the line, and the line end after it
        assert job.ruleset == ruleset_version(rules=rule())
    finally:
        job.close()
    with pytest.raises(RuleError, match="cannot be read"):
        prepare_job(settings)


@pytest.mark.parametrize("command", ["clean", "explain", "run", "diff"])
def test_a_bad_file_is_a_wrong_call(tmp_path: Path, rule_file: Path, command: str) -> None:
    rule_file.write_text(rule(scope='"page"'), encoding="utf-8")
    paths = [] if command == "diff" else [str(SAMPLES)]
    done = winnow_here(tmp_path, command, *paths, "--rules", str(rule_file))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"winnow: {rule_file}: rule 1 ('my-ticker'), field scope: 'page' is not allowed")


def test_clean_uses_the_rules_also_in_workers(tmp_path: Path, rule_file: Path) -> None:
    records = [{"id": str(n), "text": f"Markets live: rope dearer {n}\n{PROSE}"} for n in range(70)]
    given = "\n".join(json.dumps(record) for record in records)
    arguments = ["clean", "--format", "jsonl", "--rules", str(rule_file), "--workers", "2", "-"]
    done = winnow_here(tmp_path, *arguments, given=given.encode())
    cleaned = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["text"] for record in cleaned] == [PROSE] * 70
    edits = [Edit(**removal) for removal in cleaned[69]["removals"]]
    assert [(edit.rule, edit.text) for edit in edits if edit.kind != "tidy"] == [
        ("my-ticker", "Markets live: rope dearer 69")
    ]


@pytest.mark.parametrize(("page", "count"), [("README.md", 1), ("docs/user_rules.md", 1)])
def test_the_documented_files_load(tmp_path: Path, page: str, count: int) -> None:
    blocks = toml_blocks(page)
    assert len(blocks) == count
    path = tmp_path / "rules.toml"
    path.write_text(blocks[0], encoding="utf-8")
    loaded, built_in = load_rules(path).rules, {rule.id for rule in RULES}
    assert {rule.id for rule in loaded} - built_in
    assert built_in - {rule.id for rule in loaded} == {"page-leftover"}


def test_the_documented_error_is_the_real_one() -> None:
    page = (ROOT / "docs/user_rules.md").read_text(encoding="utf-8")
    shown = re.search(r"^winnow: rules\.toml: (rule 1 .*)$", page, re.MULTILINE)
    assert shown
    with pytest.raises(RuleError) as error:
        parse_rules(toml_blocks("docs/user_rules.md")[0].replace('"line"', '"page"'), built_in=BUILT_IN)
    assert str(error.value) == shown[1]
