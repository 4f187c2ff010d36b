from evaluations.urls import council, session, walls

app_name = "evaluations"
urlpatterns = [*council.urlpatterns, *session.urlpatterns, *walls.urlpatterns]
