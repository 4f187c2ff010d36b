import json, io
from decimal import Decimal
import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser.test_year import path
from tests.browser.test_sheet import scoring, RICH, MEMBER
from tests.story import Story
from dossiers.models import SelfMark
from programme.models import Criterion
from evaluations.queries import tasks
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OUT="/tmp/w/sheetwriter/"
def test_pics(transactional_db, person):
    story=Story()
    doc=json.load(open("programme/rubrics/proposal.json"))
    story.season(doc)
    found=story.scoring(6)
    seat=story.seats()[0]
    ts=tasks(seat)
    d=ts[0].dossier
    codes=ts[0].desk.asked.held
    for c in codes[:3]:
        SelfMark.objects.create(dossier=d, criterion=Criterion.objects.get(rubric=story.rubric(), code=c), points=5, evidence="Doanh thu 2025 đạt 1.420 tỷ đ (+18,2%), xem financial_statements, trang 3")
    rules=ts[0].desk.asked.rules
    def lv(c, i=-1):
        a=ts[0].desk.asked.levels(c); return a[i].points if a else rules.by_code[c].max_points
    from evaluations import actions
    for n,t in enumerate(ts[1:5]):
        marks={c: lv(c, min(1,len(ts[0].desk.asked.levels(c))-1)) if n!=3 else lv(c) for c in codes}
        actions.save_marks(dossier=t.dossier, marks=marks, by=seat.user, at=story.tick())
    actions.sign_sheet(dossier=ts[1].dossier, by=seat.user, at=story.tick(days=1))
    actions.sign_sheet(dossier=ts[2].dossier, by=seat.user, at=story.tick(days=1))
    actions.save_marks(dossier=d, marks={c: lv(c, 1) for c in codes[:2]}, by=seat.user, at=story.tick())
    one=person().sign_in(MEMBER)
    en=person("en").sign_in(MEMBER)
    def shots(who, name, url, faces=(("light",1440),("dark",390))):
        for theme,w in faces:
            p=who.page; p.emulate_media(color_scheme=theme); p.set_viewport_size({"width":w,"height":1024 if w>500 else 844})
            who.go(url); p.wait_for_timeout(150)
            sw=p.evaluate("document.documentElement.scrollWidth")
            if sw>w: print("SIDEWAYS", name, w, sw)
            r=Axe().run(p, options={"runOnly":["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22a","wcag22aa"]})
            for v in r.response["violations"]:
                print("AXE", name, w, v["id"], [n["html"][:120] for n in v["nodes"][:3]])
            p.screenshot(path=f"{OUT}{name}_{w}.png", full_page=(w<500))
    shots(one,"sheet",path("evaluations:sheet",d.pk), (("light",1366),("dark",1440),("light",390)))
    shots(one,"signed",path("evaluations:sheet",ts[1].dossier.pk))
    shots(one,"queue",path("evaluations:queue"))
    shots(one,"review",path("evaluations:own_review"))
    shots(one,"excel",path("evaluations:sheet_excel"))
    shots(one,"correct",path("evaluations:correct_sheet",ts[1].dossier.pk))
    shots(one,"sign",path("evaluations:sign",ts[3].dossier.pk))
    from django.utils.translation import override
    with override("en"): u=path("evaluations:sheet",d.pk)
    shots(en,"sheet_en","/en/council/%d/"%d.pk, (("dark",1366),))
    sec=person().sign_in("secretary@kip.test")
    shots(sec,"progress",path("evaluations:progress",2026), (("light",1440),("dark",390)))
    seat3=story.seats()[2]
    shots(sec,"enter",path("evaluations:enter_sheet",2026,seat3.pk,d.pk))
def test_rich(transactional_db, person):
    (d,), seat = scoring(RICH)
    one=person().sign_in(MEMBER)
    p=one.page
    one.go(path("evaluations:sheet", d.pk)); p.fill("[name='points-G']","37"); p.wait_for_timeout(1500)
    p.screenshot(path=OUT+"rich_1440.png", full_page=True)
    r=Axe().run(p, options={"runOnly":["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22a","wcag22aa"]})
    for v in r.response["violations"]: print("AXE rich", v["id"], [n["html"][:160] for n in v["nodes"][:3]])
