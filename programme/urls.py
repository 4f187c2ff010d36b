from django.urls import path
from django.utils.translation import pgettext_lazy

from programme import rubric_views, views, yearly_views

app_name = "programme"
urlpatterns = [
    path(pgettext_lazy("url", "desk/seasons/new/"), yearly_views.season_new, name="season_new"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/"), views.season_desk, name="season_desk"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/public/"), yearly_views.publish_plan, name="publish_plan"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/remove/"), yearly_views.season_delete, name="season_delete"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/scoring/"), yearly_views.scoring_window, name="scoring_window"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/criteria/"), views.publish_rubric, name="publish_rubric"),
    path(pgettext_lazy("url", "desk/criteria/"), rubric_views.rubrics, name="rubrics"),
    path(pgettext_lazy("url", "desk/criteria/new/"), rubric_views.rubric_new, name="rubric_new"),
    path(pgettext_lazy("url", "desk/criteria/<int:pk>/"), rubric_views.rubric, name="rubric"),
    path(pgettext_lazy("url", "desk/criteria/<int:pk>/file/"), rubric_views.rubric_export, name="rubric_export"),
    path(pgettext_lazy("url", "desk/criteria/drafts/<int:pk>/"), rubric_views.draft, name="rubric_draft"),
    path(pgettext_lazy("url", "desk/criteria/drafts/<int:pk>/judge/"), rubric_views.draft_judge, name="draft_judge"),
    path(pgettext_lazy("url", "desk/criteria/drafts/<int:pk>/file/"), rubric_views.draft_export, name="draft_export"),
    path(pgettext_lazy("url", "desk/criteria/drafts/<int:pk>/make/"), rubric_views.draft_make, name="draft_make"),
    path(
        pgettext_lazy("url", "desk/criteria/drafts/<int:pk>/discard/"),
        rubric_views.draft_discard,
        name="draft_discard",
    ),
]
