"""Which expiries are listed: option series and delivery months, by the exchanges' calendars.

Cboe: SPX monthly on the third Friday, settled at its open; SPXW, XSP every Monday, Wednesday and Friday, every weekday from May 2022. Funds: SPY and QQQ
likewise (daily from November 2022), the others on Fridays; all on third Fridays and the month ends of seven months, with January, June and December two years
ahead. CME: see each function.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from marketdata.synthetic.calendar import session_before, session_on_or_before, sessions, third_friday

NEAR_SESSIONS = 6
WEEKLY_DAYS = 50
MONTHLY_DAYS = 400
YEARS_AHEAD = 800
MONTH_ENDS_DAYS = 215
LEAP_MONTHS = (1, 6, 12)
QUARTERS = (3, 6, 9, 12)


def months_from(day: date, count: int) -> list[tuple[int, int]]:
    """The month of `day` and the ones after it, as (year, month)."""
    first = day.year * 12 + day.month - 1
    return [(number // 12, number % 12 + 1) for number in range(first, first + count)]


def month_end(year: int, month: int) -> date:
    """Last session of a month."""
    following = date(year + (month == 12), month % 12 + 1, 1)
    return session_on_or_before(following - timedelta(days=1))


def fridays(day: date, within: int) -> list[date]:
    """Fridays (or the session before) from `day` on."""
    first = day + timedelta(days=(4 - day.weekday()) % 7)
    return [session_on_or_before(first + timedelta(days=7 * i)) for i in range(within // 7 + 1)]


def near_days(day: date, weekdays: Sequence[int]) -> list[date]:
    """The coming sessions, `day` included, that fall on one of the weekdays."""
    calendar = sessions()
    at = calendar.on_or_before(day - timedelta(days=1)) + 1
    coming = [calendar.date(i) for i in range(at, min(at + NEAR_SESSIONS, len(calendar.days)))]
    return [one for one in coming if one.weekday() in weekdays]


def kept(day: date, found: Sequence[date], within: int) -> list[date]:
    """Distinct expiries from `day` on and not further than `within` days, ascending."""
    return sorted({one for one in found if 0 <= (one - day).days <= within})


@cache
def monthly(day: date) -> tuple[date, ...]:
    """Third Fridays of the coming thirteen months and the LEAP months after them."""
    near = [third_friday(*one) for one in months_from(day, 14)]
    far = [third_friday(*one) for one in months_from(day, 32) if one[1] in LEAP_MONTHS]
    return tuple(kept(day, [one for one in near if (one - day).days <= MONTHLY_DAYS] + far, YEARS_AHEAD))


@cache
def weekly(day: date, daily_from: date, weekdays: tuple[int, ...]) -> tuple[date, ...]:
    """Near days, Fridays and month ends; every weekday from `daily_from` on."""
    days = (0, 1, 2, 3, 4) if day >= daily_from else weekdays
    ends = [month_end(*one) for one in months_from(day, 8)]
    return tuple(kept(day, near_days(day, days) + fridays(day, WEEKLY_DAYS) + ends, MONTH_ENDS_DAYS))


def index_weeklies(day: date) -> tuple[date, ...]:
    """SPXW and XSP: third Fridays too, settled at the close."""
    near = [third_friday(*one) for one in months_from(day, 2)]
    return tuple(sorted({*weekly(day, date(2022, 5, 11), (0, 2, 4)), *kept(day, near, WEEKLY_DAYS)}))


def index_monthlies(day: date) -> tuple[date, ...]:
    """SPX, settled at the open of the third Friday; listed until the session before it."""
    return tuple(one for one in monthly(day) if one > day)


def busy_fund(day: date) -> tuple[date, ...]:
    """SPY and QQQ."""
    return tuple(sorted({*weekly(day, date(2022, 11, 14), (0, 2, 4)), *monthly(day)}))


def quiet_fund(day: date) -> tuple[date, ...]:
    """IWM, GLD and TLT."""
    return tuple(sorted({*weekly(day, date(2100, 1, 1), (4,)), *monthly(day)}))


@cache
def equity_index_months(day: date) -> tuple[tuple[int, int], ...]:
    """Delivery months of ES: the next five of the March cycle."""
    return tuple([one for one in months_from(day, 18) if one[1] in QUARTERS and third_friday(*one) >= day][:5])


@cache
def crude_months(day: date) -> tuple[tuple[int, int], ...]:
    """Delivery months of CL: the next thirteen whose trading has not ended."""
    return tuple([one for one in months_from(day, 16) if crude_last_trade(*one) >= day][:13])


@cache
def gold_months(day: date) -> tuple[tuple[int, int], ...]:
    """Delivery months of GC: February, April, June, August, October, December of the next fourteen months."""
    return tuple([one for one in months_from(day, 15) if one[1] % 2 == 0 and gold_last_trade(*one) >= day])


@cache
def crude_last_trade(year: int, month: int) -> date:
    """CL: three sessions before the 25th of the month before delivery, four when the 25th is none."""
    before = date(year, month, 1) - timedelta(days=1)
    day = date(before.year, before.month, 25)
    return session_before(day, 3)


@cache
def gold_last_trade(year: int, month: int) -> date:
    """GC: the third last session of the delivery month."""
    return session_before(month_end(year, month), 2)


@cache
def crude_option_expiry(year: int, month: int) -> date:
    """LO: seven sessions before the 26th of the month before delivery."""
    before = date(year, month, 1) - timedelta(days=1)
    return session_before(date(before.year, before.month, 25), 6)


@cache
def gold_option_expiry(year: int, month: int) -> date:
    """OG: four sessions before the end of the month before its contract month, one earlier on a Friday."""
    before = date(year, month, 1) - timedelta(days=1)
    day = session_before(month_end(before.year, before.month), 3)
    return session_before(day, 1) if day.weekday() == 4 else day


def index_future_options(day: date, year: int, month: int) -> tuple[date, ...]:
    """ES: third Fridays of the delivery month and the two months before it, within a year."""
    third = [third_friday(*one) for one in months_from(date(year - (month < 3), (month - 3) % 12 + 1, 1), 3)]
    return tuple(kept(day, third, 366))


def crude_options(day: date, year: int, month: int) -> tuple[date, ...]:
    """LO: one expiry per delivery month, within a year."""
    return tuple(kept(day, [crude_option_expiry(year, month)], 366))


def gold_options(day: date, year: int, month: int) -> tuple[date, ...]:
    """OG: the option month that bears the future's name and the one before it, within a year."""
    before = date(year, month, 1) - timedelta(days=1)
    return tuple(kept(day, [gold_option_expiry(before.year, before.month), gold_option_expiry(year, month)], 366))
