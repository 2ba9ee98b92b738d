"""What may be typed to sign in: allauth's forms in Tutti's words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms

ADDRESS = {"autocomplete": "email", "class": "govuk-input--width-20", "spellcheck": "false"}
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"}
ADDRESS_ERRORS = {
    "required": "Type your e-mail address.",
    "invalid": "Type an e-mail address, like name@example.org.",
}
CODE_ERRORS = {"required": "Type the code from the e-mail."}


def _reword(field: forms.Field, label: str, hint: str, attrs: dict[str, str], errors: dict[str, str]) -> None:
    field.label, field.help_text = label, hint
    field.widget.attrs = attrs
    field.error_messages.update(errors)


class AddressForm(account.RequestLoginCodeForm):
    """The first page: an address, and a code is on its way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = "The one that your music service writes to."
        _reword(self.fields["email"], "Your e-mail address", hint, {**ADDRESS, "autofocus": ""}, ADDRESS_ERRORS)


class CodeForm(account.ConfirmLoginCodeForm):
    """The code out of the e-mail; with or without its dash."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["code"], "Code", "Eight figures, like 1234-5678.", {**CODE, "autofocus": ""}, CODE_ERRORS)


class PasswordForm(account.LoginForm):
    """Address and password, for those who have set one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["login"], "Your e-mail address", "", ADDRESS, ADDRESS_ERRORS)
        attrs = {"autocomplete": "current-password", "class": "govuk-input--width-20"}
        _reword(self.fields["password"], "Password", "", attrs, {"required": "Type your password."})


class ResetForm(account.ResetPasswordForm):
    """The address whose password was forgotten."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["email"], "Your e-mail address", "", ADDRESS, ADDRESS_ERRORS)


class ResetCodeForm(account.ConfirmPasswordResetCodeForm):
    """The code that allows a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["code"], "Code", "Eight figures, like 1234-5678.", CODE, CODE_ERRORS)


ADVICE = "At least 12 characters. Three words that do not belong together are easy to remember and hard to guess."


def _reword_new_passwords(form: forms.Form) -> None:
    attrs = {"autocomplete": "new-password", "class": "govuk-input--width-20"}
    _reword(form.fields["password1"], "New password", ADVICE, attrs, {"required": "Type a password."})
    _reword(form.fields["password2"], "The same once more", "", attrs, {"required": "Type the password once more."})


class SetPasswordForm(account.SetPasswordForm):
    """The first password of somebody who has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword_new_passwords(self)


class ChangePasswordForm(account.ChangePasswordForm):
    """Another password; the old one is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"autocomplete": "current-password", "class": "govuk-input--width-20"}
        _reword(self.fields["oldpassword"], "Your password now", "", attrs, {"required": "Type your password."})
        _reword_new_passwords(self)


class NewPasswordForm(account.ResetPasswordKeyForm):
    """Another password, after a code has proved who asks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword_new_passwords(self)


class PasskeyForm(AddWebAuthnForm):
    """A passkey that signs in alone: its device asks for the finger, the face or a PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = "So that you know it again in your list, like “work laptop”."
        attrs = {"autocomplete": "off", "class": "govuk-input--width-20", "maxlength": "60"}
        _reword(self.fields["name"], "What you call this device", hint, attrs, {})
        self.fields["name"].required = True
        self.fields["passwordless"].widget = forms.CheckboxInput(attrs={"checked": "", "hidden": ""})
