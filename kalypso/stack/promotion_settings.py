"""`promotion`: what each environment asks of a gate beyond healthy clusters."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kalypso.promotion import (
    Conditions,
    Freeze,
    Window,
    read_duration,
    read_share,
    read_time,
)
from kalypso.stack.keys import Group

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _share(value: object) -> object:
    try:
        read_share(str(value))
    except ValueError:
        raise PydanticCustomError("share", "Input should be a share, as 95% or 2/3") from None
    return str(value)


def _duration(value: object) -> object:
    if read_duration(str(value)) is None:
        raise PydanticCustomError("duration", "Input should be a duration, as 10m or 1h30m")
    return value


def _moment(value: object) -> object:
    if read_time(str(value)) is None:
        raise PydanticCustomError(
            "moment", 'Input should be a time in quotes, as "2026-12-20T00:00:00Z"'
        )
    return value


Share = Annotated[str, BeforeValidator(_share)]
Duration = Annotated[str, BeforeValidator(_duration)]
Moment = Annotated[str, BeforeValidator(_moment)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Hours(Group):
    """Hours of some days in which a gate may open."""

    days: list[Day] = Field(default=["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    zone: str = "UTC"


class FreezeSettings(Group):
    """A time in which nothing moves."""

    start: Moment = Field(alias="from", examples=["2026-12-20T00:00:00Z"])
    end: Moment = Field(alias="to", examples=["2027-01-04T00:00:00Z"])
    why: str = "freeze"

    @model_validator(mode="after")
    def _in_order(self) -> FreezeSettings:
        if (read_time(self.start) or 0.0) >= (read_time(self.end) or 0.0):
            raise PydanticCustomError("freeze", "A freeze ends after it begins")
        return self


class CheckSettings(Group):
    """A check of one's own: a command, or an address."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    command: list[str] = Field(default=[], examples=['["./check.sh"]'])
    url: str = Field(default="", pattern=r"^(https?://[^\s@]+)?$")
    token: str = Field(default="", pattern=r"^[A-Za-z_][A-Za-z0-9_]*$|^$")
    """Name of the variable that has the token for the address."""
    timeout: Duration = "60s"

    @model_validator(mode="after")
    def _either(self) -> CheckSettings:
        if bool(self.command) == bool(self.url):
            raise PydanticCustomError("check", "A check has either a command or a url")
        return self


class PromotionSettings(Group):
    """Conditions of one environment."""

    share: Share = Field(default="100%", examples=["95%"])
    healthy_for: Duration = Field(default="0s", alias="healthyFor", examples=["10m"])
    approvals: int = Field(default=0, ge=0, examples=["1"])
    approvers: list[str] = Field(default=[])
    health: Literal["healthy", "applied"] = Field(default="healthy", examples=["applied"])
    removal: Literal["warn", "wait"] = "warn"
    allow_empty: bool = Field(default=False, alias="allowEmpty")
    freeze: str = Field(default="", examples=["end of the year"])
    hours: list[Hours] = Field(default=[])
    freezes: list[FreezeSettings] = Field(default=[])
    checks: list[CheckSettings] = Field(default=[])

    @property
    def conditions(self) -> Conditions:
        """The same for the gate."""
        return Conditions(
            share=read_share(self.share),
            healthy_for=read_duration(self.healthy_for) or 0.0,
            approvals=self.approvals,
            approvers=frozenset(self.approvers),
            health=self.health,
            removal=self.removal,
            allow_empty=self.allow_empty,
            frozen=self.freeze,
            freezes=tuple(
                Freeze(read_time(each.start) or 0.0, read_time(each.end) or 0.0, each.why)
                for each in self.freezes
            ),
            checks=frozenset(each.name for each in self.checks),
            windows=tuple(
                Window(
                    frozenset(_DAYS.index(day) for day in each.days),
                    time.fromisoformat(each.start),
                    time.fromisoformat(each.end),
                    each.zone,
                )
                for each in self.hours
            ),
        )


CONDITIONS = {field.alias or name: field for name, field in PromotionSettings.model_fields.items()}
"""Every key of an environment's conditions."""
