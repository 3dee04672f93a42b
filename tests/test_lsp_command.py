"""`rollover lsp` without what it needs."""

from __future__ import annotations

from pathlib import Path

from command_line import ROOT, process


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError('no pygls', name='pygls')", encoding="utf-8")
    (tmp_path / "lsprotocol.py").write_text("raise ModuleNotFoundError('no pygls', name='lsprotocol')", encoding="utf-8")
    found = process("lsp", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert found.returncode == 2
    assert found.stderr.decode() == "the language server needs more packages: pip install 'rollover[lsp]'\n"
