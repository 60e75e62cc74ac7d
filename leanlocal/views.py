"""The surface of a security for rules that hand it to a user's model; found late, because surfaces are made of the rules' modules themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore


def view_of(security: SecurityCore) -> Any:
    """The one surface object of a security."""
    from leanlocal.securities.surface import surface_of

    return surface_of(security)
