from django.apps import AppConfig


class OnestopConfig(AppConfig):
    name = "onestop"

    def ready(self) -> None:
        from onestop import doors, yearly  # noqa: F401
