from handoff_cli.core.settings import merge_settings


def test_later_layers_win_and_the_origin_is_remembered():
    settings = merge_settings([("file", {"model": "m", "warning_threshold": 0.5}), ("ENV", {"warning_threshold": 0.6})])
    assert (settings.warning_threshold, settings.model, settings.critical_threshold) == (0.6, "m", 0.95)
    assert settings.origins == {"model": "file", "warning_threshold": "ENV"}
