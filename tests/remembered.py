"""Worlds that many tests begin with are made once in each process, by real actions; afterwards their rows come back
exactly as they were made, in a fraction of the time.

A test that begins with remembered steps, one after the other, gets each of them from memory when some test before it
did the same steps in the same order. Whatever else it writes, replaces or configures ends that: from there on
everything is made by its actions, as ever.
"""

import copy
import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db import connection

Build = TypeVar("Build", bound=Callable[..., Any])
Names = tuple[str, ...]
WRITES = ("INSERT", "UPDATE", "DELETE", "COPY", "TRUNCATE", "ROLLBACK")
TOUCHED = """
    SELECT quote_ident(relname) FROM pg_stat_xact_user_tables
    WHERE schemaname = 'public' AND n_tup_ins + n_tup_upd + n_tup_del > 0
"""


@dataclass
class World:
    """Rows that the migrations did not write, files, and the attributes of the story after some steps. `head` is the
    end of the audit log, whose chain stands for all that has happened."""

    head: Any = None
    rows: dict[str, list[bytes]] = field(default_factory=dict)
    files: dict[Path, bytes] = field(default_factory=dict)
    owner: dict[str, Any] = field(default_factory=dict)
    answer: Any = None


class Watch:
    """What the running test did so far."""

    def __init__(self) -> None:
        self.is_lost = True  # it did something that no step tells
        self.steps: Names = ()
        self.changes: Callable[[], Any] = lambda: None
        self.before: Any = None

    def begins(self, changes: Callable[[], Any]) -> None:
        """`changes()` tells what the test replaced and configured."""
        self.is_lost, self.steps = False, ()
        self.changes, self.before = changes, changes()

    def expects(self, name: str) -> None:
        """A fixture of this name has replaced something, always the same."""
        here, self.steps = _worlds.get(self.steps), (*self.steps, name)
        _worlds.setdefault(self.steps, here)
        self.before = self.changes()

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not self.is_lost and str(sql).lstrip().upper().startswith(WRITES):
            self.is_lost = True
        return execute(sql, params, many, context)

    def knows_where_it_is(self) -> bool:
        if not _base or self.is_lost or self.changes() != self.before:
            return False
        return (
            connection.in_atomic_block and not connection.force_debug_cursor
        )  # where queries are counted, all are asked


watch = Watch()
_base: dict[str, set[bytes]] = {}
_worlds: dict[Names, World | None] = {(): World()}


def learn_the_base() -> None:
    """What the migrations wrote; called once, with the database as they left it."""
    connection.execute_wrappers.append(watch)
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
    _base.update({table: set(_read(table)) for table in tables})
    _worlds[()] = World(head=_head())


def remembered(build: Build) -> Build:
    """For a step that is taken with a story or the like; the attributes of its first argument are remembered too."""

    @functools.wraps(build)
    def made(owner: Any, *args: Any, **more: Any) -> Any:
        told = repr((build.__module__, build.__qualname__, owner, args, sorted(more.items())))
        if not watch.knows_where_it_is() or " at 0x" in told:
            return build(owner, *args, **more)
        here, steps = _worlds[watch.steps], (*watch.steps, hashlib.sha256(told.encode()).hexdigest())
        world = _worlds.get(steps)
        if here is None or here.head != _head():
            watch.is_lost = True  # somebody has written something past us
            return build(owner, *args, **more)
        if world is not None:
            answer = _bring_back(here, world, owner)
        else:
            answer = build(owner, *args, **more)
            if steps in _worlds or watch.changes() != watch.before:
                watch.is_lost = True
                return answer
            world = _worlds[steps] = _look(owner, answer)
        watch.is_lost, watch.steps = world is None, steps
        return answer

    return cast(Build, made)


def _look(owner: Any, answer: Any) -> World | None:
    """None when the step changed what the migrations wrote."""
    with connection.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(TOUCHED)
        touched = [name for (name,) in cursor.fetchall()]
    world = World(head=_head())
    for table in touched:
        now = _read(table)
        if _base[table] - set(now):
            return None
        if added := [line for line in now if line not in _base[table]]:
            world.rows[table] = added
    media = Path(settings.MEDIA_ROOT)
    world.files = {path.relative_to(media): path.read_bytes() for path in media.rglob("*") if path.is_file()}
    world.owner, world.answer = copy.deepcopy((vars(owner), answer))
    return world


def _bring_back(before: World, world: World, owner: Any) -> Any:
    with connection.connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the rows have passed every trigger already
        for table in sorted(before.rows.keys() | world.rows.keys()):
            old, new = before.rows.get(table, []), world.rows.get(table, [])
            if old != new[: len(old)]:
                cursor.execute(f"DELETE FROM {table}")
                old, new = [], [*_base[table], *new]
            if len(new) > len(old):
                with cursor.copy(f"COPY {table} FROM STDIN") as copying:
                    copying.write(b"".join(new[len(old) :]))
        cursor.execute("SET LOCAL session_replication_role = origin")
    for path, content in world.files.items():
        target = Path(settings.MEDIA_ROOT) / path
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    state, answer = copy.deepcopy((world.owner, world.answer))
    _become(owner, state)
    return answer


def _become(owner: Any, state: dict[str, Any]) -> None:
    """A story inside, or the people of one, stay the same object: the test and another story may hold them too."""
    for name, value in state.items():
        held = vars(owner).get(name)
        if is_dataclass(held) and type(held) is type(value):
            _become(held, vars(value))
        elif isinstance(held, dict) and isinstance(value, dict):
            held.clear()
            held.update(value)
        else:
            setattr(owner, name, value)


def _head() -> Any:
    with connection.connection.cursor() as cursor:
        return cursor.execute("SELECT seq, hash FROM core_audithead").fetchone()


def _read(table: str) -> list[bytes]:
    with connection.connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copying:
        return b"".join(bytes(block) for block in copying).splitlines(keepends=True)
