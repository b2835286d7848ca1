"""Only the files of articles are served, and only to be saved."""

from dataclasses import replace
from pathlib import Path

from stand_in import TALKS, StandIn
from starlette.testclient import TestClient

from rag.records import Article
from ui import originals
from ui.server import app


class OnDisk(StandIn):
    """Its one article was read from a file."""

    file = Path()

    def article(self, article_id: str) -> Article:
        return replace(super().article(article_id), path=str(self.file))


def test_an_articles_file_is_saved_never_shown(tmp_path: Path) -> None:
    corpus = OnDisk()
    corpus.file = tmp_path / "talks.html"
    corpus.file.write_text("<script>alert(1)</script>", encoding="utf-8")
    with TestClient(app({"news": corpus}), base_url="http://127.0.0.1:7860") as client:
        found = client.get(originals.address("news", corpus.article("talks")))
        assert found.text == "<script>alert(1)</script>"
        assert found.headers["content-disposition"] == 'attachment; filename="talks.html"'
        assert found.headers["content-type"] == "application/octet-stream"
        for other in ("/original/news/nothing", "/original/other/talks", "/original/news/..%2f..%2fetc%2fpasswd"):
            assert client.get(other).status_code == 404
        corpus.file.unlink()
        assert client.get("/original/news/talks").status_code == 404


def test_an_article_without_a_file_has_no_address(tmp_path: Path) -> None:
    assert originals.address("news", replace(TALKS, path=None)) == ""
    assert originals.address("news", replace(TALKS, path=str(tmp_path / "gone.md"))) == ""
    here = tmp_path / "a b.md"
    here.touch()
    assert originals.address("my news", replace(TALKS, id="a/b", path=str(here))) == "/original/my%20news/a%2Fb"
