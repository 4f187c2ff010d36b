from evaluations.urls import council, session

app_name = "evaluations"
urlpatterns = [*council.urlpatterns, *session.urlpatterns]
