import pytest

pytest.register_assert_rewrite("tests.chat.lifecycle")
