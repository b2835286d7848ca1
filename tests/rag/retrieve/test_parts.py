"""Which questions are taken apart, and which stay whole."""

from __future__ import annotations

import pytest

from rag.retrieve.parts import plan


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When was the line opened and why?", ["When was the line opened?", "why was the line opened?"]),
        ("where and when was she born?", ["where was she born?", "when was she born?"]),
        ("What is Orvane? Who runs it?", ["What is Orvane?", "Who runs Orvane?"]),
        (
            "When was the Halvik line opened, and how was it paid for?",
            ["When was the Halvik line opened?", "how was it paid for? (Halvik line opened)"],
        ),
        (
            "What did Thessor and the union each say about the crash?",
            ["What did Thessor say about the crash?", "What did the union say about the crash?"],
        ),
        (
            "What did the US and China say about fees?",
            ["What did the US say about fees?", "What did China say about fees?"],
        ),
        (
            "What did the Pentagon and State Department each say about fees?",
            ["What did the Pentagon say about fees?", "What did State Department say about fees?"],
        ),
        (
            "How do Tessaly and Orvane differ on the hotline?",
            ["What does Tessaly say about the hotline?", "What does Orvane say about the hotline?"],
        ),
        (
            "Compare what Tessaly and Orvane say about mines.",
            ["What did Tessaly say about mines?", "What did Orvane say about mines?"],
        ),
        (
            "What do Salo and Anselmo each see as the cause?",
            ["What did Salo see as the cause?", "What did Anselmo see as the cause?"],
        ),
        (
            "What reasons do Salo and the ministry give for the halt?",
            ["What reasons did Salo give for the halt?", "What reasons did the ministry give for the halt?"],
        ),
        (
            "Compare what Tessaly and Orvane said about mines.",
            ["What did Tessaly say about mines?", "What did Orvane say about mines?"],
        ),
        (
            "Compare what Salo said to Lind with what the ministry said.",
            ["What did Salo say to Lind?", "What did the ministry say?"],
        ),
        (
            "Which post did he hold in 2021 and which in 2023?",
            ["Which post did he hold in 2021?", "Which post did he hold in 2023?"],
        ),
        (
            "Compare what Thessor demanded in April with what it got.",
            ["What did Thessor demand in April?", "what it got? (Thessor demand April)"],
        ),
        (
            "What post did Salo hold in 2021, and what post in May 2024?",
            ["What post did Salo hold in 2021?", "What post did Salo hold in May 2024?"],
        ),
        (
            "What did Tessaly and Orvane each promise, and what came of it?",
            ["What did Tessaly promise?", "What did Orvane promise?", "what came of it? (Tessaly Orvane each promise)"],
        ),
        (
            "What is the difference between the Halvik line and the Orsk line?",
            ["What is the Halvik line?", "What is the Orsk line?"],
        ),
        (
            "Compare the net profit of Halvik Inc. in 2018 and Orsk Ltd. in 2020. Which company had more?",
            ["What is the net profit of Halvik Inc. in 2018?", "What is the net profit of Orsk Ltd. in 2020?"],
        ),
        (
            "What do Salo and the Orvane report each say about the crash?",  # "report" names a side here
            ["What did Salo say about the crash?", "What did the Orvane report say about the crash?"],
        ),
        (
            "How do Orvane and Tessaly see the new dam?",
            ["How did Orvane see the new dam?", "How did Tessaly see the new dam?"],
        ),
        (
            "Which dates do Orvane and Tessaly each give for the raid?",
            ["Which dates did Orvane give for the raid?", "Which dates did Tessaly give for the raid?"],
        ),
        (
            "By how much did prices rise according to Salo and to the ministry?",
            [
                "By how much did prices rise according to Salo?",
                "By how much did prices rise according to the ministry?",
            ],
        ),
        (
            "How many lorries crossed in May 2021 and in early June?",
            ["How many lorries crossed in May 2021?", "How many lorries crossed in early June?"],
        ),
        (
            "What did Salo propose, and how wide is the Halvik lane?",
            ["What did Salo propose?", "how wide is the Halvik lane?"],
        ),
        (
            'Who wrote "Lorries and why they pay" and when was it published?',
            ['Who wrote "Lorries and why they pay"?', "when was it published? (wrote Lorries pay)"],
        ),
        (
            "What did “The Post and Mail” and “The Courier” each say about fees?",
            ["What did “The Post and Mail” say about fees?", "What did “The Courier” say about fees?"],
        ),
        (
            "Who won the race in 2019 and who lost in 2021?",
            ["Who won the race in 2019?", "who lost in 2021? (won race)"],
        ),
        (
            "Which post did Salo hold in 2021 and which post in 2023?",
            ["Which post did Salo hold in 2021?", "Which post did Salo hold in 2023?"],
        ),
        (
            "How much did it cost in 2021, in 2022 and in 2023?",
            [f"How much did it cost in {year}?" for year in (2021, 2022, 2023)],
        ),
        (
            "How do Tessaly and Orvane differ on the toll and why?",
            ["What does Tessaly say about the toll?", "What does Orvane say about the toll?"],
        ),
        (
            "How much did it cost and how much is the toll for lorries? (Harrow Bridge late)",
            [
                "How much did it cost? (Harrow Bridge late)",
                "how much is the toll for lorries? (cost Harrow Bridge late)",
            ],
        ),
        (
            "Which post did he hold in 2021 and which in 2023? (Salo resign)",
            ["Which post did he hold in 2021? (Salo resign)", "Which post did he hold in 2023? (Salo resign)"],
        ),
        (
            "What did the union and Salo each say about it? (hotline cut)",
            ["What did the union say about it? (hotline cut)", "What did Salo say about it? (hotline cut)"],
        ),
    ],
)
def test_a_question_of_several_parts(question: str, parts: list[str]) -> None:
    found = plan(question)
    assert [part.question for part in found.parts] == parts and found.state is None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("the Kremlin", "Defence Ministry"),
        ("the Taliban", "Interior Ministry"),
        ("the Mayor", "City Council"),
        ("the Senate", "House Committee"),
    ],
)
def test_two_sides_are_no_body_whose_name_begins_with_its_work(a: str, b: str) -> None:
    found = plan(f"What did {a} and {b} say about the talks?")
    assert [part.question for part in found.parts] == [f"What did {side} say about the talks?" for side in (a, b)]


@pytest.mark.parametrize(
    "question",
    [
        "Why were the channels cut?",
        "What did the report say about who paid and who was paid?",  # one clause holds both
        "What happened when the line was cut and why was nobody told?",
        "How do the old and new rules differ on fees?",  # "new" alone names nothing
        "What is the difference between the old and the new law?",  # so does "the old"
        "Compare old and new",
        "What did France, Spain and Italy say about fees?",
        "Who owns salt and pepper?",
        "What did the war between Tessaly and Orvane make worse?",
        "What did the ministers of Tessaly and Orvane both sign?",
        "What do Johnson and Johnson say?",
        "Who led the talks in Geneva and who in the end signed?",
        "Which articles mention the hotline and who wrote them?",
        'Who said "When was it and why was it?"',
        'What did "Salo and Lind" say about fees?',
        'What do the words "Memento homo" and what follows mean?',
        'Who said "yes" and who said "no" to the treaty?',
        'When was the 6" pipe laid and why?',  # a quotation without an end
        "What opened in 2023 and what closed in 2024?",
        "How much did it cost in 2020, in 2021, in 2022 and in 2023?",
        "Which post did he hold in 2020, in 2021 and which in 2023?",
        "I read about Orvane. Who runs it?",
        "Really? Why?",
        "What did Tessaly and Orvane give each other?",
        "Who was killed in 2021 and in what city?",
        "What happened in Paris and in London?",
        "Who won and who lost the election in Thessor?",  # "Who won?" fits any article
        "How many people were killed and how many were injured in the Kessam bombing?",
        "What did the Health and Safety Executive say about the roof?",  # one body
        "How safe is the roof, according to the Food and Drug Administration?",
        "How did she change?",
        "How did Storm Ilsa develop?",
        "and?",
    ],
)
def test_other_questions_stay_whole(question: str) -> None:
    found = plan(question)
    assert [part.question for part in found.parts] == [question] and found.state is None


@pytest.mark.parametrize(
    ("question", "state"),
    [
        ("How did the toll change?", "What was the toll?"),
        ("how has the law developed since 2021", "What was the law?"),
        ("How did the plan develop between 2021 and 2024?", "What was the plan?"),
        ("How has the right to halt trains been altered?", "What was the right to halt trains?"),
        ("Timeline of the strike", "What was the strike?"),
        ("Give me a timeline of the strike.", "What was the strike?"),
        ("How did it change? (Harrow Bridge cost)", "What was it? (Harrow Bridge cost)"),
        ("how did its toll change (Harrow Bridge late)", "What was its toll? (Harrow Bridge late)"),
        ('How did the "green wall" plan change?', 'What was the "green wall" plan?'),
        ("How did she change? (Salo resign)", None),
        ("How did he explain the change after the war?", None),
        ("How did the vaccine change medicine?", None),
        ("How had the farms been hurt by the change in prices?", None),
    ],
)
def test_how_something_changed_is_asked_as_how_it_was(question: str, state: str | None) -> None:
    found = plan(question)
    assert found.state == state and [part.question for part in found.parts] == [question]
