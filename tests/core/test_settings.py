from handoff_cli.core.settings import merge_settings, window_in_force


def test_later_layers_win_and_the_origin_is_remembered():
    settings = merge_settings([("file", {"model": "m", "warning_threshold": 0.5}), ("ENV", {"warning_threshold": 0.6})])
    assert (settings.warning_threshold, settings.model, settings.critical_threshold) == (0.6, "m", 0.95)
    assert settings.origins == {"model": "file", "warning_threshold": "ENV"}


def test_the_window_is_what_was_set_then_the_models_then_the_default():
    chosen = merge_settings([("file", {"context_window_limit": 5000})])
    assert window_in_force(chosen, 400_000, 272_000).thresholds.usable_tokens == 5000
    assert window_in_force(chosen, 400_000, 272_000).source == "file"
    by_model = window_in_force(merge_settings([]), 400_000, 272_000)
    assert (by_model.thresholds.context_window_limit, by_model.thresholds.usable_tokens) == (400_000, 272_000)
    assert by_model.source == "model table"
    default = window_in_force(merge_settings([]), None, None)
    assert (default.thresholds.context_window_limit, default.source) == (128_000, "default")


def test_the_usable_window_never_exceeds_the_context_window():
    settings = merge_settings([("file", {"context_window_limit": 1000, "usable_tokens": 9999})])
    assert window_in_force(settings, None, None).thresholds.usable_tokens == 1000
