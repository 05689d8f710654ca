"""Makes ``referee`` and the maintainers' scripts importable, and runs a test once for each encoding in the package."""

from __future__ import annotations

import os
import sys

import pytest

from handoff_cli.tokens.vocabulary import SHIPPED

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(os.path.dirname(HERE))]


@pytest.fixture(params=SHIPPED)
def encoding(request):
    return request.param
