from tests.accounts.conftest import idp
from tests.enterprises.people import world

__all__ = ["idp", "world"]
