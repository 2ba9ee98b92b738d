"""Addresses of the room `partners`."""

from django.urls import path

from tutti.partners.forms.application_move import FORMS
from tutti.partners.views import (
    applications,
    apply,
    awards,
    case_parts,
    entries,
    paper_applications,
    partners,
    post,
    references,
    reports,
    scheme_settings,
)

CASE = "applications/<int:application_pk>/"

OWN = "application/<str:secret>/"
PAPER = "applications/on-paper/<int:application_pk>/"
DOCUMENT = "documents/<int:applicationdocument_pk>/"

urlpatterns = [
    path("partners/", partners.partners, name="partners"),
    path("partners/embed/", partners.partners_embed, name="partners_embed"),
    path("partners/embed.js", partners.partners_embed_js, name="partners_embed_js"),
    path("partners/on-your-website/", partners.partners_line, name="partners_line"),
    path("partners/teachers.pdf", partners.partners_pdf, name="partners_pdf"),
    path("partners/teachers.csv", partners.partners_csv, name="partners_csv"),
    path("partners/teachers.json", partners.partners_json, name="partners_json"),
    path("partners/<int:partner_pk>/", partners.partner, name="partner"),
    path("partners/<int:partner_pk>/write/", partners.partner_write, name="partner_write"),
    path("partners/<int:partner_pk>/entry/", entries.partner_entry, name="partner_entry"),
    path("my-entry/", entries.my_entry, name="my_entry"),
    path("my-entry/change/", entries.my_entry_change, name="my_entry_change"),
    *(
        path(f"my-entry/{what}", awards.given_to_me, {"what": what}, name=f"my_{what.replace('.', '_')}")
        for what in awards.GIVEN
    ),
    path("entry-changes/<int:entrychange_pk>/", entries.entry_change, name="entry_change"),
    path("scheme/", apply.scheme, name="scheme"),
    path("scheme/settings/", scheme_settings.scheme_settings, name="scheme_settings"),
    path("scheme/settings/begin/", scheme_settings.scheme_begin, name="scheme_begin"),
    path("scheme/settings/sample.pdf", scheme_settings.scheme_sample, name="scheme_sample_pdf"),
    path("scheme/settings/letters/<str:key>/", scheme_settings.scheme_letter, name="scheme_letter"),
    path("scheme/form.pdf", apply.paper_form, name="paper_form"),
    path("reference/<str:secret>/", references.reference, name="reference"),
    path(OWN, apply.application_status, name="application_status"),
    path(f"{OWN}send/", apply.application_send, name="application_send"),
    path(f"{OWN}delete/", apply.application_delete, name="application_delete"),
    path(f"{OWN}withdraw/", apply.application_withdraw, name="application_withdraw"),
    *(
        path(f"{OWN}{what}", awards.given_to_partner, {"what": what}, name=f"given_{what.replace('.', '_')}")
        for what in awards.GIVEN
    ),
    path(f"{OWN}report/<int:observation_pk>/", apply.own_report, name="own_report"),
    path(f"{OWN}check/", apply.application_check, name="application_check"),
    path(f"{OWN}{DOCUMENT}", apply.application_document, name="application_document"),
    path(f"{OWN}<str:key>/", apply.application_section, name="application_section"),
    path("applications/on-paper/", paper_applications.paper_applications, name="paper_applications"),
    path(PAPER, paper_applications.paper_application, name="paper_application"),
    path(f"{PAPER}send/", paper_applications.paper_application_send, name="paper_application_send"),
    path(f"{PAPER}delete/", paper_applications.paper_application_delete, name="paper_application_delete"),
    path(f"{PAPER}check/", paper_applications.paper_application_check, name="paper_application_check"),
    path(f"{PAPER}{DOCUMENT}", paper_applications.paper_application_document, name="paper_application_document"),
    path(f"{PAPER}<str:key>/", paper_applications.paper_application_section, name="paper_application_section"),
    path("applications/post/", post.post, name="post"),
    path("applications/post/<int:letter_pk>/", post.posted_letter, name="posted_letter"),
    path("applications/all/", applications.all_applications, name="all_applications"),
    path("applications/all.csv", applications.all_applications_csv, name="all_applications_csv"),
    path("applications/", applications.applications, name="applications"),
    path(CASE, applications.application, name="application"),
    *(
        path(f"{CASE}{what}", awards.given_by_hub, {"what": what}, name=f"case_{what.replace('.', '_')}")
        for what in awards.GIVEN
    ),
    path("partner/<str:secret>/", awards.partner_check, name="partner_check"),
    path("partner/<str:secret>/badge/", awards.partner_badge, name="partner_badge"),
    path("scheme/badge/issuer/", awards.badge_issuer, name="badge_issuer"),
    path("scheme/badge/achievement/", awards.badge_achievement, name="badge_achievement"),
    path("scheme/badge/keys/", awards.badge_keys, name="badge_keys"),
    path("scheme/badge/status/", awards.badge_status, name="badge_status"),
    path(f"{CASE}report/", reports.application_report, name="application_report"),
    path(f"{CASE}report/<int:observation_pk>/", reports.observation_report, name="observation_report"),
    path(f"{CASE}report/<int:observation_pk>/pdf/", reports.observation_report_pdf, name="observation_report_pdf"),
    path(f"{CASE}{DOCUMENT}", case_parts.case_document, name="case_document"),
    path(f"{CASE}check/<str:key>/", case_parts.case_check, name="case_check"),
    path(f"{CASE}withdraw/", case_parts.case_withdraw, name="case_withdraw"),
    path(f"{CASE}meeting/", case_parts.mentoring_meeting, name="mentoring_meeting"),
    path(f"{CASE}contact/", case_parts.case_contact, name="case_contact"),
    path(f"{CASE}referees/<int:referee_pk>/", case_parts.referee_answer, name="referee_answer"),
    path(f"{CASE}referees/<int:referee_pk>/change/", case_parts.referee_change, name="referee_change"),
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
