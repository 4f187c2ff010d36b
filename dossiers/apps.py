from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"

    def ready(self) -> None:
        from dossiers import checks, doors, scanning  # noqa: F401

        scanning.register()
