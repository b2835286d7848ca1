"""Several corpora, one of which a reader chooses."""

from pathlib import Path

import pytest
from stand_in import StandIn

from rag.settings import load
from ui import saved
from ui.desks import Desks, named
from ui.filters import Narrowing
from ui.server import _opened
from ui.session import Exchange, Session
from ui.strings import ENGLISH


def test_a_reader_who_has_not_chosen_finds_the_first() -> None:
    news, letters = StandIn(), StandIn()
    desks = Desks({"news": news, "letters": letters}, ENGLISH)  # type: ignore[dict-item]
    assert desks.names == ["news", "letters"]
    assert desks.of(Session()).chat.corpus is news
    assert desks.of(Session(corpus="letters")).library.corpus is letters
    assert desks.of(Session(corpus="gone")).chat.corpus is news


def test_a_conversation_stays_with_its_corpus_when_another_one_comes_first() -> None:
    corpora = {"news": StandIn(), "letters": StandIn()}
    asked = list(Desks(corpora, ENGLISH).first.chat.ask("why?", Session(), Narrowing()))[-1].session  # type: ignore[arg-type]
    opened = saved.load(saved.dump(asked), ENGLISH)
    turned = Desks(dict(reversed(corpora.items())), ENGLISH)  # type: ignore[arg-type]
    assert turned.first.name == "letters" and turned.of(opened).name == "news"


def test_one_corpus_is_named_after_its_folder() -> None:
    assert list(named(StandIn(path=Path("a/news.corpus")))) == ["news"]  # type: ignore[arg-type]


def test_two_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "news.corpus", tmp_path / "b" / "news.corpus"]
    with _opened(paths, load()) as corpora:
        assert list(corpora) == ["news", "news (2)"]
        assert [corpus.path for corpus in corpora.values()] == paths


@pytest.mark.parametrize("name", ["", "letters"])
def test_a_kept_conversation_remembers_its_corpus(name: str) -> None:
    session = Session(id="a", corpus=name, exchanges=(Exchange(question="q", partial="Half", state="stopped"),))
    assert saved.load(saved.dump(session), ENGLISH).corpus == name
    assert session.afresh().corpus == name and session.afresh(corpus="news").corpus == "news"
    assert session.afresh().exchanges == ()
