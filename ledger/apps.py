from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self) -> None:
        from core import looks
        from ledger import closing

        closing.register()
        looks.add("public log", closing.fault)
