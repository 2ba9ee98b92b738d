"""Addresses of the room `people`."""

from django.urls import path

from tutti.people.views import me, member, music_service, office, role, sign_in, teacher, teacher_list

urlpatterns = [
    path("accounts/services/", sign_in.choose_service, name="choose_service"),
    path("accounts/logout/", sign_in.sign_out, name="account_logout"),
    path("accounts/signup/", sign_in.no_sign_up, name="account_signup"),
    path("accounts/email/", sign_in.not_here, name="account_email"),
    path("accounts/confirm-email/", sign_in.not_here, name="account_email_verification_sent"),
    path("accounts/confirm-email/<str:key>/", sign_in.not_here, name="account_confirm_email"),
    path("accounts/2fa/", me.passkeys, name="mfa_index"),
    path("sign-in-link/<str:secret>/", sign_in.use_sign_in_link, name="use_sign_in_link"),
    path("brand.css", music_service.brand, name="brand"),
    path("me/", me.me, name="me"),
    path("me/reminders/", me.my_reminders, name="my_reminders"),
    path("teachers/", teacher.teachers, name="teachers"),
    path("teachers/add/", teacher.teacher_add, name="teacher_add"),
    path("teachers/import/", teacher_list.teachers_import, name="teachers_import"),
    path("teachers/import/<int:run_pk>/", teacher_list.teachers_preview, name="teachers_preview"),
    path("teachers/import/<int:run_pk>/take-in/", teacher_list.teachers_take_in, name="teachers_take_in"),
    path("teachers/<int:member_pk>/change/", teacher.teacher_change, name="teacher_change"),
    path("teachers/<int:member_pk>/invite/", member.member_invite, name="teacher_invite"),
    path("members/", member.members, name="members"),
    path("members/add/", member.member_add, name="member_add"),
    path("members/roles/", role.roles, name="roles"),
    path("members/<int:member_pk>/change/", member.member_change, name="member_change"),
    path("members/<int:member_pk>/leave/", member.member_leave, name="member_leave"),
    path("members/<int:member_pk>/come-back/", member.member_come_back, name="member_come_back"),
    path("offices/", office.offices, name="offices"),
    path("offices/add/", office.office_add, name="office_add"),
    path("offices/<int:office_pk>/change/", office.office_change, name="office_change"),
    path("settings/bounces/", music_service.bounce_key_renew, name="bounce_key_renew"),
    path("settings/", music_service.service_settings, name="service_settings"),
]
