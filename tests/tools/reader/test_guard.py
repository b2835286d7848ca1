from tools.reader.guard import Guard

TEXT = "The Articles of Confederation was an agreement among the thirteen states that served as their first law."


def test_a_passage_that_begins_a_few_words_later_is_the_same() -> None:
    guard = Guard([], [TEXT])
    assert guard.holds(TEXT.partition("of ")[2] + " It came into force in 1781.")
    assert guard.holds(TEXT.upper().replace(" ", "\n"))


def test_other_texts_and_a_phrase_of_one_are_not() -> None:
    guard = Guard([], [TEXT, f"{TEXT} {'More was said of it there. ' * 20}"])
    assert not guard.holds("Congress was weak. " * 20 + "It was an agreement among the thirteen states.")
    assert not guard.holds("")


def test_a_question_is_known_by_its_letters() -> None:
    guard = Guard(["When did it come into force?"], [])
    assert guard.asks("when did it come into force")
    assert not guard.asks("When did it end?")
