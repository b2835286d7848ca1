from pathlib import Path

from rag.store.generation import new_folder


def test_a_folder_that_a_sync_client_copied_is_counted_like_its_original(tmp_path: Path) -> None:
    for name in ("gen-000002 (copy)", "gen-000001-0a1b2c3d", "gen-x"):
        (tmp_path / name).mkdir()
    assert new_folder(tmp_path).name.startswith("gen-000003-")
