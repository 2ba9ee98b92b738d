"""Addresses of the room `schools`."""

from django.urls import path

from tutti.schools.views import closure, contact, contact_change, national_file, own_dates, school, term

FILE = "schools/import/<int:nationalfile_pk>/"
SAID = "schools/contacts/said/"

urlpatterns = [
    path("schools/", school.schools, name="schools"),
    path("schools/csv/", school.schools_csv, name="schools_csv"),
    path("schools/excel/", school.schools_xlsx, name="schools_xlsx"),
    path("schools/add/", school.school_add, name="school_add"),
    path("schools/<int:school_pk>/change/", school.school_change, name="school_change"),
    path("schools/<int:school_pk>/contacts/add/", contact.contact_add, name="contact_add"),
    path("schools/contacts/<int:contact_pk>/", contact.contact_change, name="contact_change"),
    path("schools/contacts/<int:contact_pk>/remove/", contact.contact_remove, name="contact_remove"),
    path(SAID, contact_change.contact_changes, name="contact_changes"),
    path(
        f"{SAID}<int:contactchange_pk>/approve/", contact_change.contact_change_approve, name="contact_change_approve"
    ),
    path(
        f"{SAID}<int:contactchange_pk>/decline/", contact_change.contact_change_decline, name="contact_change_decline"
    ),
    path("schools/<int:school_pk>/closures/add/", closure.closure_add, name="closure_add"),
    path("schools/closures/<int:closure_pk>/remove/", closure.closure_remove, name="closure_remove"),
    path("schools/closures/<int:closure_pk>/together/remove/", closure.closing_remove, name="closing_remove"),
    path("schools/<int:school_pk>/dates/<int:academicyear_pk>/", own_dates.own_dates, name="own_dates"),
    path(
        "schools/<int:school_pk>/dates/<int:academicyear_pk>/clear/", own_dates.own_dates_clear, name="own_dates_clear"
    ),
    path("schools/import/", national_file.schools_import, name="schools_import"),
    path(FILE, national_file.schools_import_preview, name="schools_import_preview"),
    path(f"{FILE}columns/", national_file.schools_import_columns, name="schools_import_columns"),
    path(f"{FILE}start/", national_file.schools_import_start, name="schools_import_start"),
    path(f"{FILE}drop/", national_file.schools_import_drop, name="schools_import_drop"),
    path("year/", term.year, name="year"),
    path("year/add/", term.year_add, name="year_add"),
    path("year/<int:academicyear_pk>/", term.year_of, name="year_of"),
    path("year/<int:academicyear_pk>/weeks/", term.lesson_weeks, name="lesson_weeks"),
    path("year/<int:academicyear_pk>/closures/add/", closure.closing_add, name="closing_add"),
]
