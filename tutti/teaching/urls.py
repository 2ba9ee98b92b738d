"""Addresses of the room `teaching`."""

from django.urls import path

from tutti.teaching.views import my_week, registers, shared_summary, summaries, summary

urlpatterns = [
    path("my-week/<week:week>/", my_week.my_week, name="my_week"),
    path("my-year/", my_week.my_year, name="my_year"),
    path("registers/<int:allocation_pk>/<week:week>/", registers.register, name="register"),
    path("registers/<int:allocation_pk>/<week:week>/tap/", registers.register_tap, name="register_tap"),
    path("summaries/", summaries.summaries, name="summaries"),
    path("summaries/send/", summaries.summaries_send, name="summaries_send"),
    path("summaries/<int:summary_pk>/", summary.summary, name="summary"),
    path("summaries/<int:summary_pk>/pdf/", summary.summary_pdf, name="summary_pdf"),
    path("summaries/<int:summary_pk>/csv/", summary.summary_csv, name="summary_csv"),
    path("summaries/<int:summary_pk>/again/<int:contact_pk>/", summary.summary_again, name="summary_again"),
    path("summaries/school/<int:school_pk>/", summary.summary_preview, name="summary_preview"),
    path("summaries/school/<int:school_pk>/make/", summary.summary_make, name="summary_make"),
    path("month/<str:secret>/", shared_summary.shared_summary, name="shared_summary"),
    path("month/<str:secret>/pdf/", shared_summary.shared_summary_pdf, name="shared_summary_pdf"),
    path("month/<str:secret>/csv/", shared_summary.shared_summary_csv, name="shared_summary_csv"),
    path("month/<str:secret>/code/", shared_summary.shared_summary_code, name="shared_summary_code"),
    path("month/<str:secret>/code/send/", shared_summary.shared_summary_send_code, name="shared_summary_send_code"),
    path("month/<str:secret>/again/", shared_summary.shared_summary_again, name="shared_summary_again"),
]
