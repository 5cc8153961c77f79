"""A page is cut into blocks as a browser would show them, with what the tree says of each, in linear time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml.html import HtmlElement
from trafilatura import load_html

from transforms.assemble import assemble
from transforms.block_features import measure_blocks
from transforms.blocks import Block, Blocks, read_blocks
from transforms.element_names import PLACES


def tree(body: str) -> HtmlElement:
    found = load_html(f"<html><head><title>Harbour notes</title></head><body>{body}</body></html>")
    assert found is not None
    return found


def blocks(body: str) -> Blocks:
    return read_blocks(tree(body))


def texts(body: str) -> list[str]:
    return [block.text for block in blocks(body).blocks]


def places(found: Blocks, block: Block) -> set[str]:
    bits = found.elements[block.element].places
    return {name for number, name in enumerate(PLACES) if bits >> number & 1}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<p>One <b>bold</b> word<i>s</i>.</p>", ["One bold words."]),
        ("<div>Before<p>inside</p>after</div>", ["Before", "inside", "after"]),
        ("<p>a\n  b\t c&nbsp;d</p>", ["a b c d"]),
        ("<p>one<br>two<br/><br/>three</p>", ["one", "two", "three"]),
        ("<p>soft&shy;hyphen</p>", ["softhyphen"]),
        ("<p>kept<!-- not shown -->tail</p>", ["kepttail"]),
        ("<script>let a = 1</script><style>p {}</style><p>shown</p><template>not</template>", ["shown"]),
        ("<p>x</p><select><option>Albania<option>Algeria</select><p>y</p>", ["x", "y"]),
        ("<img alt='A gull on a post'><p>text</p>", ["text"]),
        ("<pre>def f():\n    return 1\n</pre>", ["def f():\n    return 1"]),
        ("<pre>a<br>  b</pre>", ["a\n  b"]),
        ("<noscript>Please enable scripts.</noscript>", ["Please enable scripts."]),
        ("<my-card>In a card</my-card>text", ["In a card", "text"]),
        (
            "<table><tr><td>Tide</td><td>High</td></tr><tr><td>4 am</td><td>3 m</td></tr></table>",
            ["Tide | High", "4 am | 3 m"],
        ),
        (
            "<table><tr><td><p>First column.</p><p>More.</p></td><td>Second</td></tr></table>",
            ["First column.", "More.", "Second"],
        ),
        ("<table><tr><td>Only one cell</td></tr></table>", ["Only one cell"]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_text_is_cut_where_a_browser_cuts_it(body: str, expected: list[str]) -> None:
    assert texts(body) == expected


def test_a_page_whose_head_was_never_closed_has_its_text() -> None:
    page = load_html("<html><title>Harbour</title><meta name=a><article><h1>Gulls</h1><p>Text.</p></article></html>")
    assert [block.text for block in read_blocks(page).blocks] == ["Gulls", "Text."]


def test_what_a_block_stands_in() -> None:
    found = blocks(
        "<nav><a href='/'>Home</a></nav><article><figure><figcaption>The pier</figcaption></figure><p>Rain.</p>"
        "</article><div role='complementary'>Beside</div><p hidden>Not seen</p>"
        "<div style='color: red; DISPLAY : none'>Nor this</div>"
        "<div aria-hidden='true'><p>Nor that</p></div><ul><li>Item</ul><div itemprop='articleBody'>Body</div>"
    )
    assert [(block.text, places(found, block)) for block in found.blocks] == [
        ("Home", {"nav"}),
        ("The pier", {"article", "figure", "figcaption"}),
        ("Rain.", {"article"}),
        ("Beside", {"aside"}),
        ("Not seen", {"hidden"}),
        ("Nor this", {"hidden"}),
        ("Nor that", {"hidden"}),
        ("Item", {"list"}),
        ("Body", {"body-prop"}),
    ]


def test_links_stress_and_neighbours_are_counted() -> None:
    linked, after_image, after_field = blocks(
        "<p>See <a href='/x'>the <b>old</b> pier</a> now</p><img src='a.png'><p>Photo</p><input type=text><p>Send</p>"
    ).blocks
    assert (linked.link_chars, linked.stress_chars, linked.links) == (len("theoldpier"), len("old"), 1)
    assert (linked.after_media, after_image.after_media, after_field.after_media) == (False, True, False)
    assert (after_image.after_input, after_field.after_input) == (False, True)


def test_names_do_not_run_over_to_the_next_block() -> None:
    _, plain = blocks("<p>a</p><div><a class='share' href='//example.org'></a></div><p>Plain</p>").blocks
    assert plain.names == ()
    assert plain.links == 0


def test_ranges_of_elements_hold_their_blocks() -> None:
    found = blocks("<div><p>a</p><section><p>b</p><p>c</p></section></div><p>d</p>")
    ranges = {
        one.tag: (int(found.first[n]), int(found.end[n])) for n, one in enumerate(found.elements) if one.tag != "p"
    }
    assert ranges == {"html": (0, 4), "body": (0, 4), "div": (0, 3), "section": (1, 3)}


@given(
    st.recursive(
        st.sampled_from(["word", " ", "more words here", "<br>", "<img src=x>", "<!-- c -->"]),
        lambda inner: st.builds(
            lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
            st.sampled_from(["p", "div", "a", "b", "ul", "li", "table", "tr", "td", "pre", "section", "x-y", "h2"]),
            st.lists(inner, max_size=4),
        ),
        max_leaves=25,
    )
)
def test_any_tree_is_measured(body: str) -> None:
    found = blocks(body)
    inside = [(found.first[block.element], found.end[block.element]) for block in found.blocks]
    assert all(first <= number < end for number, (first, end) in enumerate(inside))
    assert all(one.parent < number for number, one in enumerate(found.elements))
    words = "".join("".join(block.text.replace(" | ", " ").split()) for block in found.blocks)
    assert words == "".join("".join(tree(body).find("body").text_content().split()))
    if found.blocks:
        measured = measure_blocks(found, "Harbour notes")
        assert len(measured.inputs) == len(found.blocks)
        assert (measured.first >= 0).all()
        assert (measured.first <= measured.end).all()


def nested(*tags: str) -> HtmlElement:
    """A page of 20,000 elements, each in the one before: more than the parser lets through."""
    page = tree("")
    inner = page.find("body")
    for number in range(20_000):
        inner.text = "word" if number % 100 == 0 else None
        inner = etree.SubElement(inner, tags[number % len(tags)])
    inner.text = "deep"
    return page


@pytest.mark.parametrize(
    "make",
    [
        lambda: nested("div"),
        lambda: nested("b", "i"),
        lambda: nested("table", "tr", "td"),
        lambda: tree("<p>a" * 100_000),
        lambda: tree("<a class=x>b" * 50_000),
    ],
    ids=["blocks", "stress", "tables", "100,000 blocks", "links"],
)
def test_hostile_shapes_take_bounded_time(make: Callable[[], HtmlElement]) -> None:
    page = make()
    start = time.process_time()
    found = read_blocks(page)
    measured = measure_blocks(found, "")
    assert time.process_time() - start < 20
    assert len(measured.inputs) == len(found.blocks) > 0


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h2>Tides</h2><p>They turn.</p>", "Tides\nThey turn."),
        ("<ul><li>One<li><p>Two</p><p>still two</p></ul>", "- One\n- Two\nstill two"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "| a | b |"),
        ("<pre>x = 1\n  y = 2</pre>", "x = 1\n  y = 2"),
        ("<p>Yes.</p><p>Yes.</p>", "Yes.\nYes."),
        ("<p>{0}</p><div>{0}</div>".format("The ferry was late again, and nobody on the pier minded."),
         "The ferry was late again, and nobody on the pier minded."),
    ],
    ids=["heading", "list", "table", "code", "short text twice", "long text twice"],
)  # fmt: skip
def test_chosen_blocks_make_the_text(body: str, expected: str) -> None:
    found = blocks(body)
    assert assemble(found, range(len(found.blocks)))[0] == expected


def test_the_article_again_in_one_piece_is_left_out() -> None:
    nouns = ("ferry", "pier", "deck", "gull", "tide", "rope", "mast", "buoy")
    lines = [" ".join(f"{noun}{n}" for noun in nouns) for n in range(20)]
    body = f"<div>{' '.join(lines)}</div>" + "".join(f"<p>{line}</p>" for line in lines)
    found = blocks(body)
    assert assemble(found, range(len(found.blocks)))[0] == "\n".join(lines)
    assert assemble(found, [0, 1, 2])[0].startswith(" ".join(lines))  # two lines of it are not all of it


def test_much_text_is_assembled_in_linear_time() -> None:
    found = blocks(f"<p>{'a ' * 200_000}</p>" + f"<p>{'a ' * 30}b</p>" * 4_000)
    start = time.process_time()
    assemble(found, range(len(found.blocks)))
    assert time.process_time() - start < 10


def test_headings_are_told() -> None:
    found = blocks("<h1>Harbour</h1><p>Text.</p><h3><a href='#'>Tides</a></h3><li><h4>Item</h4></li>")
    assert assemble(found, range(len(found.blocks)))[1] == ("Harbour", "Tides", "Item")
