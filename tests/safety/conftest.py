"""The command line in this process, as the tests of the command line run it."""

from tests.api.conftest import suyuan as suyuan
