from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"

    def ready(self) -> None:
        from dossiers import checks, doors, letter_fence, scanning  # noqa: F401

        scanning.register()
        letter_fence.register()
