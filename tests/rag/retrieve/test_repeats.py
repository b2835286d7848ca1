from rag.records import Article, Hit, Passage
from rag.retrieve.repeats import without_repeats

WIRE = "At least 14 people died when the ferry rolled over in heavy seas on Tuesday."


def hit(id: str, text: str, story: str | None = "wire") -> Hit:
    article = Article(id=id, title=id, chars=len(text), sha256="", story=story)
    passage = Passage(id=f"{id}:0-{len(text)}", article_id=id, start=0, end=len(text), text=text)
    return Hit(passage=passage, article=article, score=1.0, relevance=0.0)


def ids(*hits: Hit) -> list[str]:
    return [found.article.id for found in without_repeats(hits)]


def test_a_near_copy_is_no_second_source() -> None:
    assert ids(hit("a", WIRE), hit("b", WIRE.replace("rolled over", "capsized"))) == ["a"]


def test_another_number_other_words_or_another_story_is() -> None:
    assert ids(hit("a", WIRE), hit("b", WIRE.replace("14", "29"))) == ["a", "b"]
    assert ids(hit("a", WIRE), hit("b", "Divers could not enter the hull because of a strong current.")) == ["a", "b"]
    assert ids(hit("a", WIRE, None), hit("b", WIRE, None)) == ["a", "b"]


def test_an_article_may_repeat_itself() -> None:
    assert ids(hit("a", WIRE), hit("a", WIRE)) == ["a", "a"]
