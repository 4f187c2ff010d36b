"""Tết and the Hùng Kings' day by the Vietnamese lunar calendar, from sun and moon at 105° east. Pure.

The month begins on the day of the new moon, Vietnamese time; the eleventh month holds the winter solstice; in a year
of thirteen months the first month without a major term is the leap month. New moon and longitude of the sun after
Meeus, Astronomical Algorithms (1991), as Hồ Ngọc Đức uses them for this calendar. Right to a few minutes, so a date
can differ only when the new moon falls within minutes of midnight; tests hold it against the Tết of 1968 to 2044.
"""

from datetime import date, timedelta
from math import floor, pi, sin

HOURS_EAST = 7.0
MONTH = 29.530588853
FIRST_NEW_MOON = 2415021.076998695  # 1 January 1900, the count of new moons starts there
_EPOCH = date(2000, 1, 1).toordinal() - 2451545  # Julian day number to ordinal


def julian_day(day: date) -> int:
    return day.toordinal() - _EPOCH


def _day(number: int) -> date:
    return date.fromordinal(number + _EPOCH)


def new_moon(k: int) -> int:
    """The Vietnamese day (as Julian day number) of the k-th new moon since 1900."""
    t = k / 1236.85
    t2, t3, r = t * t, t * t * t, pi / 180
    moment = 2415020.75933 + 29.53058868 * k + 0.0001178 * t2 - 0.000000155 * t3
    moment += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t2) * r)
    sun = (359.2242 + 29.10535608 * k - 0.0000333 * t2 - 0.00000347 * t3) * r
    moon = (306.0253 + 385.81691806 * k + 0.0107306 * t2 + 0.00001236 * t3) * r
    node = (21.2964 + 390.67050646 * k - 0.0016528 * t2 - 0.00000239 * t3) * r
    shift = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun)
    shift += -0.4068 * sin(moon) + 0.0161 * sin(2 * moon) - 0.0004 * sin(3 * moon)
    shift += 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    shift += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon)
    shift += 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
    delta = -0.000278 + 0.000265 * t + 0.000262 * t2  # dynamical minus universal time
    return floor(moment + shift - delta + 0.5 + HOURS_EAST / 24)


def sun_sector(number: int) -> int:
    """Which twelfth of its way the sun is in at the Vietnamese midnight that begins the day: 9 from the solstice."""
    t = (number - 0.5 - HOURS_EAST / 24 - 2451545.0) / 36525
    t2, r = t * t, pi / 180
    mean = (357.52910 + 35999.05030 * t - 0.0001559 * t2 - 0.00000048 * t * t2) * r
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t2) * sin(mean)
    longitude += (0.019993 - 0.000101 * t) * sin(2 * mean) + 0.000290 * sin(3 * mean)
    return int((longitude % 360) / 30)


def _eleventh_month(year: int) -> int:
    """First day of the lunar month that holds the winter solstice of `year`."""
    k = floor((julian_day(date(year, 12, 31)) - 2415021) / MONTH)
    start = new_moon(k)
    return new_moon(k - 1) if sun_sector(start) >= 9 else start


def _count(number: int) -> int:
    return floor((number - FIRST_NEW_MOON) / MONTH + 0.5)


def _leap_place(start: int) -> int:
    """How many months after the eleventh the leap month comes, in a year that has one."""
    k = _count(start)
    before, place = 0, 1
    sector = sun_sector(new_moon(k + place))
    while sector != before and place < 14:
        before, place = sector, place + 1
        sector = sun_sector(new_moon(k + place))
    return place - 1


def lunar_day(year: int, month: int, day: int) -> date:
    """The day of a lunar date in the lunar year `year`; `month` 1 to 10, not the leap month of that number."""
    start, following = _eleventh_month(year - 1), _eleventh_month(year)
    months = month + 1  # after the eleventh of the year before
    if following - start > 365 and months >= _leap_place(start):
        months += 1
    return _day(new_moon(_count(start) + months)) + timedelta(days=day - 1)


def tet(year: int) -> date:
    """The first day of the lunar year."""
    return lunar_day(year, 1, 1)


def hung_kings_day(year: int) -> date:
    """The tenth day of the third month."""
    return lunar_day(year, 3, 10)
