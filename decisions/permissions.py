"""From the result to the decision: the secretary's work; nobody who sat in the council does it."""

from evaluations.permissions import may_run_session

RULES = {
    "publish": may_run_session,
    "decide": may_run_session,
}
