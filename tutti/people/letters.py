"""Every letter of the room, a function each."""

from __future__ import annotations

from typing import Any

from tutti.core import letters
from tutti.core.letters import Letter


def invitation(member: Any, link: Any) -> Letter | None:
    """ "You can record your teaching here": the first letter a teacher gets (H1)."""
    return letters.write(
        member.service,
        "invitation",
        "people/letters/invitation.txt",
        {"member": member, "link": link},
        to_name=member.name,
        to_email=member.person.email,
        about=member,
        is_secret=True,
    )
