from django.apps import AppConfig


class OnestopConfig(AppConfig):
    name = "onestop"

    def ready(self) -> None:
        from onestop import doors  # noqa: F401
