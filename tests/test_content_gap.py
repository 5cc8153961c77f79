"""Content gaps: the lead-ins that lost their list, and all the colons that lost nothing."""

from __future__ import annotations

import pytest

from transforms.content_gap import find_content_gaps

PROSE = (
    "The harbour office closed the northern quay in March and moved the ferries to the old coal pier. Traders were "
    "told a week before, and most of them had no time to find another berth."
)
MORE = "Nobody at the ministry wanted to answer questions on Friday, and the mayor was on a journey to the capital."
GERMAN = "Der Kai wurde im März geschlossen, und die Fähren legen jetzt am alten Pier ab. " * 2
CHINESE = "码头三月关闭，渡轮改在旧煤码头停靠，商户们几乎没有时间寻找新的泊位。" * 4

GAPS = (
    ("open end", f"To apply, you must be able to:\n\n{PROSE}\n\n{MORE}", "To apply, you must be able to:"),
    ("following", f"Buyers should ask for the following:\n{PROSE}", "Buyers should ask for the following:"),
    (
        "here are",
        f"In short, here are the main points of the deal:\n\n{PROSE}",
        "In short, here are the main points of the deal:",
    ),
    (
        "plural",
        f"The terms of the lease are unusually strict:\n\n{PROSE}",
        "The terms of the lease are unusually strict:",
    ),
    (
        "last sentence",
        f"It was close. Three groups are still undecided:\n\n{PROSE}",
        "Three groups are still undecided:",
    ),
    (
        "end of the text",
        f"{PROSE}\n\nThe port runs several other services, including:\n",
        "The port runs several other services, including:",
    ),
    (
        "one labelled line",
        f"Here are our takeaways for the spring:\n\nBottom line: {PROSE}\n\n{MORE}",
        "Here are our takeaways for the spring:",
    ),
    (
        "German",
        f"Die Hafenbehörde nannte am Abend folgende Gründe:\n\n{GERMAN}",
        "Die Hafenbehörde nannte am Abend folgende Gründe:",
    ),
    (
        "full-width colon",
        f"港口管理局列出了三个主要原因：\n\n{CHINESE}",
        "港口管理局列出了三个主要原因：",
    ),
)


@pytest.mark.parametrize(("text", "evidence"), [gap[1:] for gap in GAPS], ids=[gap[0] for gap in GAPS])
def test_gap(text: str, evidence: str) -> None:
    assert [(flag.code, flag.evidence) for flag in find_content_gaps(text)] == [("content-gap", evidence)]


LEAD = "Buyers should ask for the following:"
NO_GAPS = (
    ("bullets", f"{LEAD}\n- a survey of the roof\n- the last three bills\n\n{PROSE}"),
    ("long bullets", f"{LEAD}\n• {PROSE}\n• {MORE}"),
    ("numbers", f"{LEAD}\n\n  1. {PROSE}\n  2. {MORE}"),
    ("numbers with brackets", f"{LEAD}\n\n1) {PROSE}\n2) {MORE}"),
    ("indented", f"{LEAD}\n\n    {PROSE}"),
    ("unmarked short lines", f"{LEAD}\nA survey of the roof\nThe last three bills\n{PROSE}"),
    ("labelled items", f"{LEAD}\nSurvey: {PROSE}\nBills: {MORE}"),
    ("titled paragraphs", f"{LEAD}\nA survey of the roof. {PROSE}\nThe last bills. {MORE}"),
    ("paragraphs that open alike", f"{LEAD}\nAsk for the survey. {PROSE}\nAsk for the bills, too. {MORE}"),
    ("first, second", f"There are several reasons for it:\n\nFirst, {PROSE}\n\nSecond, {MORE}"),
    ("quotation", f"The two owners were of the same mind about it:\n\n“{PROSE}”"),
    ("speech", f"The two harbour pilots who were on duty said:\n\n{PROSE}"),
    ("code", "The following call opens the port:\n\nport = open_port(7, timeout=30)\nprint(port)\n"),
    ("table row", f"The following fees are due:\n\n| berth | fee |\n{PROSE}"),
    ("label", f"Note:\n{PROSE}"),
    ("photo", f"Photo:\n{PROSE}"),
    ("speaker", f"Mayor Lindqvist:\n{PROSE}"),
    ("heading", f"Where the old pier falls short:\n{PROSE}"),
    ("one thing", f"The plan has a flaw that nobody saw:\n{PROSE}"),
    ("colon inside", f"Buyers should ask for the following: a survey, the bills and the plans.\n{PROSE}"),
    ("no text", ""),
)


@pytest.mark.parametrize("text", [case[1] for case in NO_GAPS], ids=[case[0] for case in NO_GAPS])
def test_no_gap(text: str) -> None:
    assert find_content_gaps(text) == ()


def test_one_flag_for_each_gap_in_order() -> None:
    rules, costs = f"The rules are simple:\n\n{PROSE}", f"The costs are as follows:\n\n{MORE}"
    text = f"{rules}\n\nYou will need the following:\n- a boat\n\n{costs}"
    assert [flag.evidence for flag in find_content_gaps(text)] == ["The rules are simple:", "The costs are as follows:"]
