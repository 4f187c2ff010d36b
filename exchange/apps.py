from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "exchange"

    def ready(self) -> None:
        from exchange import doors, writing_job  # noqa: F401

        writing_job.register()
