from dossiers.urls import after, applicant, desk, enterprises

app_name = "dossiers"
urlpatterns = [*applicant.urlpatterns, *after.urlpatterns, *desk.urlpatterns, *enterprises.urlpatterns]
