from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelError
from rag.models import embedder
from rag.models.embedder import Embedder, HashingEmbedder, OnnxEmbedder

CUT = "China cut the military channels after the visit to Taiwan."
PARAPHRASE = "Beijing suspended talks between the armed forces because of the Taipei trip."
UNRELATED = "Fold the butter into the flour and chill the dough for an hour."
TEXTS = (CUT, PARAPHRASE, UNRELATED, "", "a", "Ω≠ 漢字 \ud800", " ".join(["word"] * 1000))


@pytest.fixture(scope="session")
def onnx() -> OnnxEmbedder:
    return OnnxEmbedder(threads=2)


@pytest.fixture(params=["onnx:minilm", "fake:hash"])
def any_embedder(request: pytest.FixtureRequest, onnx: OnnxEmbedder) -> Embedder:
    return onnx if request.param == onnx.name else HashingEmbedder()


class TestEveryEmbedder:
    def test_rows_are_unit_vectors(self, any_embedder: Embedder) -> None:
        vectors = any_embedder.embed(TEXTS)
        assert vectors.shape == (len(TEXTS), any_embedder.dimension)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_a_vector_depends_on_its_text_alone(self, any_embedder: Embedder) -> None:
        together = any_embedder.embed(TEXTS)
        alone = [any_embedder.embed([text])[0] for text in reversed(TEXTS)]
        np.testing.assert_array_equal(together, alone[::-1])

    def test_threads_get_the_same_vectors(self, any_embedder: Embedder) -> None:
        expected = any_embedder.embed(TEXTS)
        with ThreadPoolExecutor(4) as pool:
            for vectors in pool.map(any_embedder.embed, [TEXTS] * 4):
                np.testing.assert_array_equal(vectors, expected)

    def test_nothing_gives_no_rows(self, any_embedder: Embedder) -> None:
        assert any_embedder.embed([]).shape == (0, any_embedder.dimension)

    def test_progress_counts_to_the_end(self, any_embedder: Embedder) -> None:
        seen: list[tuple[int, int]] = []
        any_embedder.embed(["a", "b", "c"], on_progress=lambda done, total: seen.append((done, total)))
        assert seen == [(1, 3), (2, 3), (3, 3)]

    def test_progress_can_cancel(self, any_embedder: Embedder) -> None:
        def stop(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            any_embedder.embed(["a", "b", "c"], on_progress=stop)

    def test_the_digest_names_it(self, any_embedder: Embedder) -> None:
        assert len(bytes.fromhex(any_embedder.sha256)) == 32
        assert embedder.load(any_embedder.name).sha256 == any_embedder.sha256


def _similarity(vectors: np.ndarray, pairs: Sequence[tuple[int, int]]) -> list[float]:
    return [float(vectors[a] @ vectors[b]) for a, b in pairs]


def test_a_paraphrase_is_nearer_than_another_subject(onnx: OnnxEmbedder) -> None:
    paraphrase, unrelated = _similarity(onnx.embed([CUT, PARAPHRASE, UNRELATED]), [(0, 1), (0, 2)])
    assert paraphrase > 0.5 > 0.2 > unrelated


def test_only_the_first_tokens_count(onnx: OnnxEmbedder) -> None:
    limit = embedder.shipped().max_tokens - 2  # the two boundary tokens
    full, longer, shorter = onnx.embed([" ".join(["word"] * n) for n in (limit, limit + 50, limit - 50)])
    np.testing.assert_array_equal(full, longer)
    assert not np.array_equal(full, shorter)


def test_special_tokens_in_a_text_are_text(onnx: OnnxEmbedder) -> None:
    plain, special = onnx.embed(["", "[SEP]"])
    assert not np.array_equal(plain, special)
    np.testing.assert_array_equal(special, onnx.embed(["[sep]"])[0])


@pytest.mark.parametrize("field", ["sha256", "tokenizer_sha256"])
def test_a_file_that_is_not_ours_is_refused(field: str) -> None:
    other = replace(embedder.shipped(), **{field: "0" * 64})
    with pytest.raises(ModelError, match=r"not the one that was shipped.*einstall"):
        OnnxEmbedder(other).embed(["a"])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    other = replace(embedder.shipped(), model=tmp_path / "gone.onnx")
    with pytest.raises(ModelError, match=r"gone\.onnx cannot be read.*einstall"):
        OnnxEmbedder(other).embed(["a"])


@pytest.mark.parametrize("content", [None, "{", '{"embedder": {}}'])
def test_an_unreadable_record_is_named(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "models.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"models\.json is not readable"):
        embedder.shipped(tmp_path)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("onnx:minlm", "Did you mean 'onnx:minilm'"), ("fake", "Did you mean 'fake:hash'"), ("", "Known: onnx:minilm")],
)
def test_an_unknown_name_gets_a_hint(name: str, hint: str) -> None:
    with pytest.raises(ModelError, match=hint):
        embedder.load(name)


def test_the_fake_counts_words_and_ignores_their_order() -> None:
    first, second, other = HashingEmbedder().embed(["Red ferry", "ferry, red!", "blue"])
    np.testing.assert_array_equal(first, second)
    assert np.sort(first)[-2:].tolist() == pytest.approx([0.5**0.5, 0.5**0.5])
    assert float(first @ other) == 0


def test_the_import_is_light_and_silent() -> None:
    code = (
        "import os, sys, rag.models.embedder;"
        "print(os.environ['ORT_DISABLE_TELEMETRY'], 'onnxruntime' in sys.modules, 'tokenizers' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["1", "False", "False"]
