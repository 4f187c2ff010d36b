from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "hanoi_kip"
