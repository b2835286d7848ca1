from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: it is needed only to train")
pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from tools.reader.encode import Encoded, collate  # noqa: E402
from tools.reader.model import Read, ReaderModel, loss, sentence_means  # noqa: E402


def encoded(answerable: float, relevant: float, length: int = 8, supported: float = -1) -> Encoded:
    ids = [101, 7, 102, *range(1000, 1000 + length), 102]
    return Encoded(
        ids=ids, second=3, first=3, sentence=[0] * (length // 2) + [1] * (length - length // 2),
        answerable=float(answerable), relevant=float(relevant), supported=float(supported),
        evidence=[float(answerable), 0.0], span=(4, 5) if answerable == 1 else (0, 0),
    )  # fmt: skip


def test_sentence_means_leave_out_what_is_in_none() -> None:
    values, places = torch.tensor([[1.0, 3.0, 5.0, 100.0]]), torch.tensor([[0, 0, 1, 2]])
    assert sentence_means(values, places, 2).tolist() == [2.0, 5.0]


def test_padding_changes_nothing() -> None:
    torch.manual_seed(0)
    model = ReaderModel().eval()
    short, long = encoded(1, 1, 4), encoded(0, 0, 20)
    both, alone = collate([[short], [long]]), collate([[short]])
    with torch.no_grad():
        a, b = (model(x.ids, x.types, x.mask) for x in (both, alone))
    torch.testing.assert_close(a.answerable[0], b.answerable[0])
    torch.testing.assert_close(a.tokens[0, :8], b.tokens[0])


def test_everything_is_computed_where_the_batch_lies() -> None:
    model, batch = ReaderModel(), collate([[encoded(1, 1), encoded(-1, 0)]])
    with torch.device("meta"):  # where what is made without a device would lie now, and could not be mixed
        losses = loss(model(batch.ids, batch.types, batch.mask), batch)
    assert {value.device.type for value in losses.values()} == {"cpu"}
    assert batch.to(torch.device("meta")).spans.device.type == "meta"


def test_the_loss_falls_when_the_answer_is_right() -> None:
    batch = collate([[encoded(1, 1), encoded(-1, 0)]])
    wrong = _loss(batch, relevance=[0.0, 5.0], answerable=[-5.0, 0.0])
    right = _loss(batch, relevance=[5.0, 0.0], answerable=[5.0, 0.0])
    assert right["list"] < 0.01 < 4 < wrong["list"]
    assert right["answerable"] < 0.01 < 2 < wrong["answerable"]


def test_the_sentence_that_answers_competes_with_those_of_every_passage() -> None:
    batch = collate([[encoded(1, 1), encoded(0, 0)]])  # one of four sentences answers
    assert _loss(batch, relevance=[0.0, 0.0], answerable=[0.0, 0.0])["sentences"] == pytest.approx(1.386, abs=0.001)
    behind = _loss(batch, relevance=[0.0, 9.0], answerable=[0.0, 0.0])["sentences"]
    assert behind == pytest.approx(9.693, abs=0.001)  # ln 4 were they alike: ln(2 + 2e^9)


def test_what_is_not_known_costs_nothing() -> None:
    batch = collate([[encoded(-1, -1)]])
    parts = _loss(batch, relevance=[3.0], answerable=[3.0])
    assert parts["answerable"] == parts["absolute"] == parts["list"] == parts["support"] == parts["sentences"] == 0


def test_a_statement_teaches_support_alone() -> None:
    parts = _loss(collate([[encoded(-1, -1, supported=1)]]), relevance=[3.0], answerable=[3.0])
    assert parts["support"] == pytest.approx(0.693, abs=0.001)  # ln 2: the logit is 0
    assert parts["answerable"] == parts["absolute"] == parts["list"] == 0


def _loss(batch: object, relevance: list[float], answerable: list[float]) -> dict[str, float]:
    tokens = torch.zeros(len(relevance), batch.ids.shape[1], 3)  # type: ignore[attr-defined]
    read = Read(
        relevance=torch.tensor(relevance),
        answerable=torch.tensor(answerable),
        support=torch.zeros(len(relevance)),
        tokens=tokens,
    )
    return {name: float(value) for name, value in loss(read, batch).items()}  # type: ignore[arg-type]
