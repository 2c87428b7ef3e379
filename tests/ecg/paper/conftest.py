"""What several tests of paper ECGs look at."""

import pytest
from support.drawn_sheet import draw, sheet

from splkit.ecg.paper.contracts import Layout
from splkit.ecg.paper.layout.layout import find_layout


@pytest.fixture(scope="session")
def plain_layout() -> Layout:
    """That of the page as it is drawn where nothing is asked."""
    return find_layout(sheet(draw()))
