"""Addresses of the room `front`."""

from django.urls import path

from tutti.front import health
from tutti.front.views import bounces, chase, home, letter, more, register, run, school, teacher

urlpatterns = [
    path("", home.home, name="home"),
    path("demo/sign-in/", home.demo_sign_in, name="demo_sign_in"),
    path("registers/", register.registers, name="registers"),
    path("registers/chase/", chase.chase, name="chase"),
    path("teachers/<int:member_pk>/", teacher.teacher, name="teacher"),
    path("schools/<int:school_pk>/", school.school, name="school"),
    path("letters/", letter.letters, name="letters"),
    path("letters/<int:letter_pk>/", letter.letter, name="letter"),
    path("letters/<int:letter_pk>/came-back/", letter.letter_came_back, name="letter_came_back"),
    path("letters/<int:letter_pk>/came-back/undo/", letter.letter_undo_came_back, name="letter_undo_came_back"),
    path("letters/<int:letter_pk>/arrived/", letter.letter_arrived, name="letter_arrived"),
    path("mail/bounces/<str:key>/", bounces.bounces, name="bounces"),
    path("runs/", run.runs, name="runs"),
    path("runs/<int:run_pk>/", run.run, name="run"),
    path("runs/<int:run_pk>/stop/", run.run_stop, name="run_stop"),
    path("runs/<int:run_pk>/go-on/", run.run_go_on, name="run_go_on"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("more/", more.more, name="more"),
    path("help/", more.help, name="help"),
    path("privacy/", more.privacy, name="privacy"),
    path("accessibility/", more.accessibility, name="accessibility"),
]
