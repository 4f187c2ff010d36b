"""The house stays as it is drawn: imports point left, pure modules know no Django, the public reads published
rows only (docs/adr/0001, 0002)."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LINE = settings.ROOMS
PURE = [
    "accounts.devices",
    "accounts.totp",
    "core.canonical",
    "core.errors",
    "core.lunar",
    "core.merkle",
    "core.vietnamese",
    "core.workdays",
    "core.xlsx.columns",
    "core.xlsx.guard",
    "core.xlsx.legacy",
    "signing.cms",
    "signing.jcs",
    "signing.multibase",
    "signing.reading",
    "signing.trust",
    "ledger.check_log",
    "ledger.statement",
    "mail.kinds",
    "enterprises.claims",
    "enterprises.duplicates",
    "enterprises.tax_code",
    "programme.tracks",
    "programme.validity",
    "programme.rubric_file",
    "programme.rubric_draft",
    "certificates.form_fields",
    "certificates.form_file",
    "certificates.form_parts",
    "certificates.serial",
    "decisions.reasons",
    "decisions.reasons_evidence",
    "decisions.reasons_words",
    "dossiers.papers",
    "dossiers.clock",
    "dossiers.completeness",
    "dossiers.automatic",
    "dossiers.comparison",
    "dossiers.evidence",
    "dossiers.phrase_seeds",
    "dossiers.trends",
    "meetings.agenda",
    "onestop.markup",
    "analysis.report",
    "analysis.scale",
    "evaluations.replay",
    "evaluations.scoring",
    "analysis.laboratory",
    "evaluations.assigning.explaining",
    "evaluations.assigning.repairing",
    "evaluations.assigning.solving",
]
# What the visitor's request runs through, and what it must never reach.
PUBLIC_ROOMS = ["public", "api"]
HIDDEN_ROOMS = {"dossiers", "onestop", "exchange", "evaluations", "analysis", "meetings", "decisions", "demo"}


def sources(room: str) -> list[Path]:
    return [p for p in (ROOT / room).rglob("*.py") if "migrations" not in p.parts]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Every module a file imports, wherever in the file; `from a import b` gives both `a` and `a.b`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the line"
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def rooms_imported(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports_of(path)} & set(LINE)


def wrong_imports(rooms: list[str]) -> list[str]:
    problems = []
    for position, room in enumerate(rooms):
        for path in sources(room):
            for other in rooms_imported(path):
                if rooms.index(other) > position:
                    problems.append(f"{path.relative_to(ROOT)} imports {other}, which stands to the right of {room}")
    return problems


def test_imports_point_left():
    assert wrong_imports(LINE) == []


def test_the_fence_sees_a_planted_import():
    backwards = [*reversed(LINE)]

    assert wrong_imports(backwards) != []


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_loads_without_django(name):
    code = f"import sys, {name}; sys.exit('django' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_public_pages_and_api_reach_no_dossier_sheet_or_ranking():
    modules = {module_name(p): p for room in LINE for p in sources(room)}
    reached: set[str] = set()
    waiting = [name for name in modules if name.split(".")[0] in PUBLIC_ROOMS]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        waiting += [m for m in imports_of(modules[name]) if m in modules]

    assert {name for name in reached if name.split(".")[0] in HIDDEN_ROOMS} == set()


def test_published_rows_point_at_no_hidden_table():
    from django.apps import apps

    for room in ["registry", "certificates"]:
        for model in apps.get_app_config(room).get_models():
            related = {f.related_model._meta.app_label for f in model._meta.get_fields() if f.is_relation}
            assert related & HIDDEN_ROOMS == set(), model


def test_only_the_workflow_writes_the_stage():
    """`stage=` in an update, a save of the field, or an assignment to `.stage` outside the workflow."""
    offenders = []
    for room in LINE:
        for path in sources(room):
            if module_name(path) == "dossiers.workflow":
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                targets = node.targets if isinstance(node, ast.Assign) else []
                writes = any(isinstance(t, ast.Attribute) and t.attr == "stage" for t in targets)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    named = {k.arg for k in node.keywords}
                    writes = node.func.attr in ("update", "create") and "stage" in named
                if writes:
                    offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert offenders == []


def test_every_stage_of_the_workflow_can_be_reached_and_left_or_is_an_end():
    from dossiers.models import Stage
    from dossiers.workflow import TABLE

    targets = {step.target for step in TABLE}
    sources_ = {stage for step in TABLE for stage in step.sources}
    ends = {Stage.RECOGNISED, Stage.NOT_RECOGNISED, Stage.REFUSED, Stage.WITHDRAWN}

    assert set(Stage) - targets == {Stage.DRAFT}
    assert set(Stage) - sources_ == ends


def test_actions_are_keyword_only_and_told_who_and_when():
    """Verbs take `at=`; time is never asked for inside an action."""
    problems = []
    for room in LINE:
        path = ROOT / room / "actions.py"
        if not path.exists():
            continue
        tree = ast.parse(path.read_text())
        for node in tree.body:
            atomic = isinstance(node, ast.FunctionDef) and any("atomic" in ast.dump(d) for d in node.decorator_list)
            if not atomic or node.name.startswith("_") or node.name == "load_classifications":
                continue
            names = {a.arg for a in node.args.kwonlyargs}
            if node.args.args or "at" not in names:
                problems.append(f"{room}.actions.{node.name}")
        if "timezone.now" in path.read_text() or "datetime.now" in path.read_text():
            problems.append(f"{room}.actions looks at the clock")
    assert problems == []


def test_no_page_has_an_inline_script_or_style():
    offenders = []
    for template in (ROOT / "templates").rglob("*.html"):
        if template.parts[-2] == "certificates" or template.parts[-2:] == ("mail", "letter.html"):  # not pages
            continue
        text = template.read_text()
        for bad in (' style="', "<style", " onclick=", " onchange=", "javascript:"):
            if bad in text:
                offenders.append(f"{template.relative_to(ROOT)}: {bad.strip()}")
        for piece in text.split("<script")[1:]:
            if " src=" not in piece.split(">")[0]:
                offenders.append(f"{template.relative_to(ROOT)}: inline script")
    assert offenders == []


def test_no_colour_stands_outside_the_tokens():
    import re

    offenders = [
        css.name
        for css in (ROOT / "static" / "css").glob("*.css")
        if css.name != "tokens.css"
        and re.search(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"/\*.*?\*/", "", css.read_text(), flags=re.S))
    ]
    assert offenders == []


def test_forms_use_our_own_number_and_date_fields():
    """Django's DecimalField reads 1.234 as one and a bit; ours as one thousand."""
    offenders = []
    for room in LINE[1:]:
        for path in sources(room):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Name)
                    and node.value.id == "forms"
                    and node.attr in ("DecimalField", "FloatField", "IntegerField", "DateField", "DateTimeField")
                ):
                    offenders.append(f"{path.relative_to(ROOT)}:{node.lineno} forms.{node.attr}")
    assert offenders == []
