from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self) -> None:
        from meetings import doors, papers_job  # noqa: F401
        from meetings.kinds import KINDS
        from onestop.kinds import add

        for kind in KINDS:
            add(kind)
        papers_job.register()
        papers_job.listen()
