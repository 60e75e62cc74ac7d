"""Why the gate says no: one code per check, in the order the checks are made, each with its sentence. Refusals are counted by these codes."""

from __future__ import annotations

from enum import Enum


class ReasonCode(Enum):
    """Code of a verdict; `meaning` is the sentence the reports print."""

    OK = "OK"
    BAD_DECISION = "BAD_DECISION"
    HALTED = "HALTED"
    REDUCE_ONLY = "REDUCE_ONLY"
    ACCOUNT_UNKNOWN = "ACCOUNT_UNKNOWN"
    VIX_MISSING = "VIX_MISSING"
    POUND_RATE_MISSING = "POUND_RATE_MISSING"
    PHASE_UNKNOWN = "PHASE_UNKNOWN"
    SYMBOL_UNKNOWN = "SYMBOL_UNKNOWN"
    SYMBOL_BANNED = "SYMBOL_BANNED"
    DUPLICATE = "DUPLICATE"
    PHASE_STRATEGY = "PHASE_STRATEGY"
    PHASE_SYMBOL = "PHASE_SYMBOL"
    CRASH_PROTECTION = "CRASH_PROTECTION"
    CORRELATION_BREAKER = "CORRELATION_BREAKER"
    MARGIN_BREAKER = "MARGIN_BREAKER"
    LOSING_STREAK = "LOSING_STREAK"
    TRADES_PER_DAY = "TRADES_PER_DAY"
    TOTAL_POSITIONS = "TOTAL_POSITIONS"
    STRATEGY_LIMIT = "STRATEGY_LIMIT"
    GROUP_LIMIT = "GROUP_LIMIT"
    FINE_GROUP_LIMIT = "FINE_GROUP_LIMIT"
    GROUP_RESERVED = "GROUP_RESERVED"
    UNDERLYING_STRATEGIES = "UNDERLYING_STRATEGIES"
    SHORT_VOL_LIMIT = "SHORT_VOL_LIMIT"
    INDEX_EQUIVALENTS = "INDEX_EQUIVALENTS"
    SAME_EXPIRY = "SAME_EXPIRY"
    MARGIN_UNKNOWN = "MARGIN_UNKNOWN"
    VIX_SIZE = "VIX_SIZE"
    LT112_UNITS = "LT112_UNITS"
    RISK_PER_TRADE = "RISK_PER_TRADE"
    POSITION_SIZE = "POSITION_SIZE"
    BP_CEILING = "BP_CEILING"
    ZERO_DTE_BP = "ZERO_DTE_BP"
    CASH_RESERVE = "CASH_RESERVE"
    FREE_MARGIN = "FREE_MARGIN"

    @property
    def meaning(self) -> str:
        """One sentence for reports and documentation."""
        return _MEANINGS[self]


_MEANINGS = {
    ReasonCode.OK: "allowed",
    ReasonCode.BAD_DECISION: "the decision names no structure or no units",
    ReasonCode.HALTED: "the desk is halted: only closing orders leave until an audited reset",
    ReasonCode.REDUCE_ONLY: "a loss or drawdown breaker is tripped: nothing that adds risk",
    ReasonCode.ACCOUNT_UNKNOWN: "the account's equity or margin is not known",
    ReasonCode.VIX_MISSING: "the VIX is missing or stale; no level is assumed",
    ReasonCode.POUND_RATE_MISSING: "the account cannot be expressed in pounds, so its phase is not known",
    ReasonCode.PHASE_UNKNOWN: "the account has not been observed yet",
    ReasonCode.SYMBOL_UNKNOWN: "the underlying is in no correlation group",
    ReasonCode.SYMBOL_BANNED: "the underlying is on the never-trade list",
    ReasonCode.DUPLICATE: "the same structure is already held or on its way",
    ReasonCode.PHASE_STRATEGY: "this phase may not open this strategy",
    ReasonCode.PHASE_SYMBOL: "this phase may not trade this product",
    ReasonCode.CRASH_PROTECTION: "at the emergency level only bought structures open",
    ReasonCode.CORRELATION_BREAKER: "what is held moves together",
    ReasonCode.MARGIN_BREAKER: "margin use is above the limit for this VIX",
    ReasonCode.LOSING_STREAK: "a pause after losses in a row",
    ReasonCode.TRADES_PER_DAY: "today's openings are used up",
    ReasonCode.TOTAL_POSITIONS: "the number of positions is used up",
    ReasonCode.STRATEGY_LIMIT: "the strategy's positions are used up",
    ReasonCode.GROUP_LIMIT: "the correlation group is full (symbols linked by the last review count with it)",
    ReasonCode.FINE_GROUP_LIMIT: "the method's finer group is full",
    ReasonCode.GROUP_RESERVED: "the group's last slots are kept for strategies of higher priority",
    ReasonCode.UNDERLYING_STRATEGIES: "too many strategies on this underlying",
    ReasonCode.SHORT_VOL_LIMIT: "too many short-volatility positions together",
    ReasonCode.INDEX_EQUIVALENTS: "too many short-volatility positions on the S&P 500 family",
    ReasonCode.SAME_EXPIRY: "an LT112 already holds this expiry",
    ReasonCode.MARGIN_UNKNOWN: "a quote or price is missing, so the margin cannot be estimated",
    ReasonCode.VIX_SIZE: "VIX, drawdown and crash multipliers leave no unit",
    ReasonCode.LT112_UNITS: "the LT112 units are used up",
    ReasonCode.RISK_PER_TRADE: "one unit risks more than a trade may",
    ReasonCode.POSITION_SIZE: "one unit is larger than a position may be",
    ReasonCode.BP_CEILING: "the buying-power ceiling of phase and VIX is reached",
    ReasonCode.ZERO_DTE_BP: "the 0DTE share of buying power is reached",
    ReasonCode.CASH_RESERVE: "the reserve that must stay free would be touched",
    ReasonCode.FREE_MARGIN: "the broker's free margin does not cover it",
}
