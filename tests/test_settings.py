"""Settings: given, else the environment, else the default; what cannot be is refused with its name."""

from dataclasses import fields
from pathlib import Path

import pytest

from kg.errors import SettingsError
from kg.settings import Settings, clean_environment


def test_given_beats_environment_beats_default():
    environment = {"TANTU_PORT": "9000", "TANTU_HOST": "::1"}
    found = Settings.from_environment(environment, port=9001, host=None)
    assert (found.port, found.host, found.workers) == (9001, "::1", Settings().workers)


def test_an_environment_without_tantu_gives_the_defaults():
    assert Settings.from_environment({"PORT": "1"}) == Settings()


def test_folders_become_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    found = Settings.from_environment({"TANTU_DATA": "here", "TANTU_SEEDS": "~/reports"})
    assert found.data == tmp_path / "here"
    assert found.seeds == Path.home() / "reports"


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", -1), ("port", 70000), ("workers", 0), ("query_seconds", 0), ("query_memory", 1), ("question_length", 1)],
)
def test_values_out_of_range_are_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=f"setting {name} is {value}; it needs to lie between"):
        Settings(**{name: value})


def test_a_variable_that_is_no_number_is_refused_by_name():
    with pytest.raises(SettingsError, match="TANTU_WORKERS is 'two'"):
        Settings.from_environment({"TANTU_WORKERS": "two"})


def test_every_setting_has_help():
    assert all(setting.metadata["help"] for setting in fields(Settings))


def test_workers_get_no_secrets(monkeypatch):
    monkeypatch.setenv("SOME_TOKEN", "secret")
    monkeypatch.setenv("PATH", "/bin")
    assert "SOME_TOKEN" not in clean_environment()
    assert clean_environment()["PATH"] == "/bin"
