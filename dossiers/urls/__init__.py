from dossiers.urls import applicant, desk

app_name = "dossiers"
urlpatterns = [*applicant.urlpatterns, *desk.urlpatterns]
