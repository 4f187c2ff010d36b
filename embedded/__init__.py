"""The two commands of this checkout: `make run` (the whole site) and `make test` (every check).

setup.sh         finds Python, makes .venv from the locks, asks the system for what wheels cannot bring
machine.py       what this machine has and lacks (standard library only: it runs before .venv exists)
state.py         the folder that keeps data between starts, its lock and its secret key
services.py      a private PostgreSQL and a private Valkey, from wheels
environment.py   the settings that every process of the site is started with
up.py            `make run`: starts everything, watches it, stops it in order
checks.py        `make test`: format, lint, types, migrations, deployment, catalogue, then pytest
pytest_plugin.py the same throw-away servers when pytest is called by itself
"""
