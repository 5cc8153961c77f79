"""What a page leaves behind: loading marks, player and form labels, repeated paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from transforms.page import Page
from transforms.rule import Rule, line

_SHORTEST_REPEAT_CHARS = 80  # shorter lines repeat for good reasons: refrains, table cells, labels


def find_repeated_paragraphs(page: Page) -> Iterator[tuple[int, int]]:
    """The second copy of a long line: extractors take a teaser or a pull quote twice.

    What stands three times or more is a note that belongs to each entry of a list, and stays.
    """
    long_lines = [at for at in page.lines if len(at.text) >= _SHORTEST_REPEAT_CHARS]
    copies = Counter(at.text for at in long_lines)
    seen: set[str] = set()
    for at in long_lines:
        if at.text in seen and copies[at.text] == 2:
            yield at.start, at.end
        seen.add(at.text)


# The tests set it in a page that already holds it.
_TWICE = "The harbour office will stay closed until the end of March while the new cranes are tested and paid for."

WIDGET: tuple[Rule, ...] = (
    Rule(
        "page-leftover",
        "widget",
        line(
            r"loading(?: (?:more|comments|content))?|please wait|print(?: (?:this )?(?:page|article|print))?|close|×|\(create header\)|"
            r"no posts|feedback|(?:arrow|fill \d+|copy \d+)? ?(?:.{0,30} )?created with sketch|leaving site icon|view webcam|trackbacks|"
            r"powered by .{1,40}|listen to (?:this )?(?:article|story|post)\b.{0,60}|reader interactions|was this (?:article |page )?helpful\?.{0,30}",
            r"(?:please )?enable (?:javascript|cookies)\b.*|your browser (?:does not|doesn['’]t) support\b.*|"
            r"javascript (?:is (?:disabled|required)|must be enabled)\b.*|this (?:video|content|embed) (?:is not|cannot be|can['’]t be) ..+",
            r"\d+ ?(?:min(?:ute)?s?)(?: read)?|reading time:? .{1,30}|estimated reading time:? .{1,30}|text size|font size",
        ),
        removes=("Loading...", "Print this page", "5 min read", "Please enable JavaScript to view the comments"),
        keeps=("Loading took two hours because of the tide.", "Close the gate behind you, the sign says."),
    ),
    Rule(
        "repeated-paragraph",
        "widget",
        find_repeated_paragraphs,
        removes=(_TWICE,),
        keeps=(
            "A long paragraph that stands only once is left where it is, however much it may look like a teaser of itself.",
        ),
    ),
)
