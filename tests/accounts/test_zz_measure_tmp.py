"""Interleaved times of known and unknown addresses; run as a pytest file outside the tree."""
import statistics, time
import pytest
from django.test import Client
from django.core.cache import cache
from tests.story import make_reference
pytestmark = pytest.mark.django_db

@pytest.fixture(autouse=True)
def _hash(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = {}
    import allauth.account.app_settings as a
CASES = {
 "registration": ("/dang-ky/", lambda e: {"email": e}),
 "reset": ("/quen-mat-khau/", lambda e: {"email": e}),
 "sign-in": ("/dang-nhap/", lambda e: {"login": e, "password": "sai mật khẩu rồi"}),
}
@pytest.mark.parametrize("name", CASES)
def test_measure(story, name):
    make_reference()
    path, data = CASES[name]
    story.enterprise()
    for n in range(40):
        story.person(f"known{n}")
    from accounts.models import User
    p = User.objects.get(email="known0@kip.test"); p.set_password("một mật khẩu đủ dài"); p.save()
    User.objects.filter(email__startswith="known").update(password=p.password)
    times = {"known": [], "unknown": []}; statuses=set()
    for n in range(33):
        for kind in (("known","unknown") if n%2 else ("unknown","known")):
            cache.clear()
            client = Client(); client.get(path)
            begun = time.perf_counter()
            answer = client.post(path, data(f"{kind}{n}@kip.test"))
            spent = time.perf_counter()-begun
            statuses.add((answer.status_code, answer.headers.get("Location")))
            if n>=3: times[kind].append(spent*1000)
    k, u = (statistics.median(times[x]) for x in ("known","unknown"))
    print(f"\nMEASURE {name}: known {k:.1f} ms, unknown {u:.1f} ms, ratio {k/u:.3f}, {statuses}")
