"""The tax code of an enterprise, which is its enterprise code. Pure.

Ten digits for the enterprise, or ten and a three-digit branch (Circular 105/2020/TT-BTC, article 5). The tenth
digit is a check digit: 10 minus (weights 31 29 23 19 17 13 7 5 3 over the first nine) modulo 11.
"""

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.vn import mst


class InvalidTaxCode(ValueError):
    """`kind` is "length" or "check_digit"; the door has the words for each."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


def parse(text: str) -> str:
    """Ten digits, or `0123456789-001`, whatever spaces, dots or hyphens were typed.

    Raises InvalidTaxCode.
    """
    try:
        compact: str = mst.validate("".join(c for c in text if c not in " .-\u00a0\u2013"))
    except InvalidChecksum as error:
        raise InvalidTaxCode("check_digit") from error
    except ValidationError as error:
        raise InvalidTaxCode("length") from error
    return compact if len(compact) == 10 else f"{compact[:10]}-{compact[10:]}"


def legal_entity(code: str) -> str:
    """The ten digits of the enterprise itself: the key, also for a branch."""
    return code[:10]
