"""Kinds of fields that the API has beside marshmallow's own."""

import base64
import binascii
import re
import uuid
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import ValidationError, fields

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Text(fields.String):
    """Text that any database can hold: no NUL, which SQLite would take and PostgreSQL refuse."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        found = super()._deserialize(value, attr, data, **options)
        if "\0" in found:
            raise ValidationError("Must not hold a NUL character.")
        return found


class Moment(fields.DateTime):
    """A moment in UTC, written with a Z; one that is sent without a zone is taken as UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        found = super()._deserialize(value, attr, data, **options)
        try:
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except OverflowError as error:
            raise ValidationError("Must lie within the years 1 to 9999.") from error

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **options: Any) -> Any:
        said = super()._serialize(value if value is None else value.astimezone(UTC), attr, obj, **options)
        return said if said is None else str(said).replace("+00:00", "Z")


class When(Moment):
    """A moment, or a date, which is kept as such: whose day begins when is the organisation's to say."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError as error:
                raise ValidationError("Not a day of the calendar.") from error
        return super()._deserialize(value, attr, data, **options)


class Cursor(fields.String):
    """Where a page ends, opaque to those who send it back: the id of its last item."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        said = super()._deserialize(value, attr, data, **options)
        try:
            return str(uuid.UUID(bytes=base64.b64decode(said + "=" * (-len(said) % 4), altchars=b"-_", validate=True)))
        except (ValueError, binascii.Error) as error:
            raise ValidationError("Must be the `next` of an earlier page.") from error

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> str | None:
        said = None if value is None else base64.urlsafe_b64encode(uuid.UUID(value).bytes).decode().rstrip("=")
        return super()._serialize(said, attr, obj, **options)
