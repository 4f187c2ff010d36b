from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "mail"

    def ready(self) -> None:
        from django.core import checks

        from mail import doors, registry, sending  # noqa: F401

        registry.discover()
        checks.register(registry.check)
        sending.register()
