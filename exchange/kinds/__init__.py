"""The tables of the exchange."""

from datetime import datetime

from exchange.kinds.base import Kind
from exchange.kinds.dossiers import Dossiers
from exchange.kinds.enterprises import Enterprises
from exchange.kinds.products import Products
from programme.models import Season

CODES = (Enterprises.code, Products.code, Dossiers.code)


def kind_of(code: str, season: Season | None, at: datetime) -> Kind:
    """A table at this moment and in its language. Raises KeyError for an unknown one."""
    made: dict[str, Kind] = {
        Enterprises.code: Enterprises(),
        Products.code: Products(),
        Dossiers.code: Dossiers(season, at),
    }
    return made[code]
