"""`from AlgorithmImports import *`: the names LEAN gives to an algorithm file, from this engine.

This folder is on the path only while leanlocal loads a project, so that LEAN's own module is found everywhere else. pandas and matplotlib are loaded when an
algorithm first uses them.
"""

from __future__ import annotations

import json as json
import math as math
import os as os
import sys as sys
import typing
from datetime import date as date
from datetime import datetime as datetime
from datetime import time as time
from datetime import timedelta as timedelta
from typing import Any as Any

from leanlocal.runtime.exports import exported, lazily

np = lazily("numpy")
pd = lazily("pandas")
plt = lazily("matplotlib.pyplot")
globals().update(exported())
globals().update({name: getattr(typing, name) for name in typing.__all__ if name not in globals()})
__all__ = [name for name in dict(globals()) if not name.startswith("_") and name not in ("annotations", "exported", "lazily", "typing")]  # pyright: ignore[reportUnsupportedDunderAll]
