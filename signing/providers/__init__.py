"""Who keeps the keys. A new keeper is one module and one line here."""

from functools import cache

from signing.providers.base import Provider


@cache
def named(name: str) -> Provider:
    """One keeper per process. Modules that need a driver are imported only where it is used."""
    if name == "file":
        from signing.providers.file import FileProvider

        return FileProvider()
    if name == "pkcs11":
        from signing.providers.pkcs11 import TokenProvider

        return TokenProvider()
    if name == "remote":
        from signing.providers.remote import RemoteProvider

        return RemoteProvider()
    raise LookupError(f"No keeper of keys is named {name}")
