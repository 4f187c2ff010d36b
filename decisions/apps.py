from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "decisions"

    def ready(self) -> None:
        from decisions import doors, enclosures, reasons_paper, release  # noqa: F401

        enclosures.register()
        reasons_paper.register()
        release.register()
