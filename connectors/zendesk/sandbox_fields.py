"""Users and organizations of the Zendesk stand-in as they are when little was said about them.

https://developer.zendesk.com/api-reference/ticketing/users/users/ and
https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/
"""

from typing import Any

from hub.sandbox.rows import Fields


def user_fields(name: str | None, email: str | None, **known: Any) -> Fields:
    """A user's fields as they are when nothing but this was said."""
    return {
        "name": name,
        "email": email,
        "time_zone": "America/Sao_Paulo",
        "iana_time_zone": "America/Sao_Paulo",
        "phone": None,
        "shared_phone_number": None,
        "photo": None,
        "locale_id": 19,
        "locale": "pt-BR",
        "organization_id": None,
        "role": "end-user",
        "verified": False,
        "external_id": None,
        "tags": [],
        "alias": None,
        "active": True,
        "shared": False,
        "shared_agent": False,
        "last_login_at": None,
        "two_factor_auth_enabled": None,
        "signature": None,
        "details": None,
        "notes": None,
        "role_type": None,
        "custom_role_id": None,
        "moderator": False,
        "ticket_restriction": "requested",
        "only_private_comments": False,
        "restricted_agent": True,
        "suspended": False,
        "default_group_id": None,
        "report_csv": False,
        "user_fields": {},
        **known,
    }


def organization_fields(name: str | None, domains: list[str]) -> Fields:
    """An organization's fields as they are when nothing but this was said."""
    return {
        "name": name,
        "shared_tickets": False,
        "shared_comments": False,
        "external_id": None,
        "domain_names": domains,
        "details": None,
        "notes": None,
        "group_id": None,
        "tags": [],
        "organization_fields": {},
        "deleted_at": None,
    }
