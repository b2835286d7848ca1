"""A session stays with the user who opened it, and only uploads are taken for files."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio.state_holder import SessionState

from ui.owned import Owned
from ui.strings import ENGLISH


async def talk() -> None:
    with Owned(ENGLISH) as blocks:
        box = gr.Textbox()
        box.submit(lambda text: text.upper(), box, box)
    first, second = SessionState(blocks), SessionState(blocks)

    async def sent(session: SessionState, user: str | None) -> str:
        done = await blocks.process_api(0, ["words"], state=session, request=gr.Request(username=user))
        return str(done["data"][0])

    for session, user in ((first, "mara"), (first, "mara"), (second, "noor")):
        assert await sent(session, user) == "WORDS"
    for session, user in ((first, "noor"), (second, "mara"), (first, None)):
        with pytest.raises(gr.Error, match="Somebody else has logged in"):
            await sent(session, user)


def test_only_the_user_who_opened_a_session_is_answered_in_it() -> None:
    asyncio.run(talk())


def named(path: object) -> dict[str, Any]:
    return {"path": path, "meta": {"_type": "gradio.FileData"}}


async def name_files(folder: Path) -> None:
    with Owned(ENGLISH) as blocks:
        box, files = gr.Textbox(), gr.File(file_count="multiple")
        box.submit(lambda text, files: f"{text} {len(files or [])}", [box, files], box)
    uploads = folder / ("a" * 64)
    uploads.mkdir(parents=True)
    upload, other, link = uploads / "mine.txt", uploads / "not given out.txt", uploads / "link.txt"
    for file in (upload, other):
        file.write_text("words", encoding="utf-8")
    link.symlink_to(other)
    blocks.upload_file_set.update(str(one) for one in (upload, link, uploads))

    async def sent(text: object, files: object) -> str:
        done = await blocks.process_api(0, [text, files], state=SessionState(blocks), request=gr.Request())
        return str(done["data"][0])

    assert await sent("words", None) == "words 0"
    assert await sent("words", [named(str(upload))]) == "words 1"
    around = f"{uploads}/../{uploads.name}/mine.txt"
    for wrong in (str(other), str(link), str(uploads), around, "http://x.example/", 7, None):
        with pytest.raises(gr.Error, match="add it again"):
            await sent("words", [named(str(upload)), named(wrong)])
    for wrong in (named(str(upload)), [{"deep": named(str(other))}], {"url": "http://x.example/"}):
        with pytest.raises(gr.Error, match="add it again"):
            await sent(wrong, None)


def test_only_a_file_that_the_upload_gave_out_is_taken_and_only_for_uploads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    asyncio.run(name_files(tmp_path))
