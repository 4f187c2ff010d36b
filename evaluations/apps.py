from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"

    def ready(self) -> None:
        from core import looks
        from evaluations import checking, closing, doors  # noqa: F401

        closing.register()
        looks.add("results", checking.fault)
