"""Renode's runner of suites, and whether it may be missing."""

from pathlib import Path

import pytest

from splkit.errors import ToolError
from splkit.firmware.simulators.renode import find_renode_test


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renode", action="store_true", help="fail where Renode is missing")


@pytest.fixture(scope="session")
def renode_test(request: pytest.FixtureRequest) -> Path:
    """Renode's runner of suites; without Renode, the reason for skipping."""
    try:
        return find_renode_test()
    except ToolError as error:
        if request.config.getoption("--renode"):
            pytest.fail(str(error))
        pytest.skip(str(error))
