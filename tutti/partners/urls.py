"""Addresses of the room `partners`."""

from django.urls import path

from tutti.partners.forms.application_move import FORMS
from tutti.partners.views import applications, apply, partners, references

CASE = "applications/<int:application_pk>/"

OWN = "application/<str:secret>/"

urlpatterns = [
    path("partners/", partners.partners, name="partners"),
    path("scheme/", apply.scheme, name="scheme"),
    path("reference/<str:secret>/", references.reference, name="reference"),
    path(OWN, apply.application_status, name="application_status"),
    path(f"{OWN}send/", apply.application_send, name="application_send"),
    path(f"{OWN}withdraw/", apply.application_withdraw, name="application_withdraw"),
    path("applications/", applications.applications, name="applications"),
    path(CASE, applications.application, name="application"),
    path(f"{CASE}report/", applications.application_report, name="application_report"),
    *(
        path(
            f"{CASE}{move.replace('_', '-')}/",
            applications.application_move,
            {"move": move},
            name=f"application_{move}",
        )
        for move in FORMS
    ),
]
