"""Rows in the vendors' forms, written for these tests; figures are made up."""

from __future__ import annotations

OPTIONSDX = """[QUOTE_UNIXTIME], [QUOTE_READTIME], [QUOTE_DATE], [QUOTE_TIME_HOURS], [UNDERLYING_LAST], [EXPIRE_DATE], [EXPIRE_UNIX], [DTE], [C_DELTA], \
[C_GAMMA], \
[C_VEGA], [C_THETA], [C_RHO], [C_IV], [C_VOLUME], [C_LAST], [C_SIZE], [C_BID], [C_ASK], [STRIKE], [P_BID], [P_ASK], [P_SIZE], [P_LAST], [P_DELTA], [P_GAMMA], \
[P_VEGA], [P_THETA], [P_RHO], [P_IV], [P_VOLUME], [STRIKE_DISTANCE], [STRIKE_DISTANCE_PCT]
1704229200, 2024-01-02 16:00, 2024-01-02, 16.0, 472.65, 2024-01-19, 1705698000, 17, 0.55, 0.02, 0.4, -0.2, 0.1, 0.12, 100, 7.10, 10 x 12, 7.05, 7.15, 470, \
4.05, 4.10, 20 x 30, 4.08, -0.45, 0.02, 0.4, -0.18, -0.1, 0.13, 250, 2.65, 0.006
1704315600, 2024-01-03 16:00, 2024-01-03, 16.0, 468.79, 2024-01-19, 1705698000, 16, 0.48, 0.02, 0.4, -0.2, 0.1, 0.13, , , 10 x 12, 5.30, 5.40, 470, \
6.05, 6.15, 20 x 30, 6.10, -0.52, 0.02, 0.4, -0.18, -0.1, 0.14, 90, 1.21, 0.003
"""

CBOE = """underlying_symbol,quote_date,root,expiration,strike,option_type,open,high,low,close,trade_volume,bid_size_1545,bid_1545,ask_size_1545,ask_1545,\
underlying_bid_1545,underlying_ask_1545,implied_underlying_price_1545,active_underlying_price_1545,implied_volatility_1545,delta_1545,gamma_1545,theta_1545,\
vega_1545,rho_1545,bid_size_eod,bid_eod,ask_size_eod,ask_eod,underlying_bid_eod,underlying_ask_eod,vwap,open_interest,delivery_code
^SPX,2024-01-02,SPXW,2024-01-05,4700.000,P,10.0,12.0,9.5,11.0,500,5,10.9,6,11.3,0,0,4742.1,4742.8,0.13,-0.25,0.003,-4.1,1.2,-0.3,7,11.0,8,11.4,4742.0,4743.0,10.8,1200,
^SPX,2024-01-02,SPXW,2024-01-05,4800.000,C,4.0,4.2,3.0,3.1,90,5,3.0,6,3.3,0,0,4742.1,4742.8,0.11,0.15,0.002,-3.0,0.9,0.2,7,3.3,8,3.1,4742.0,4743.0,3.5,800,
"""

THETADATA = """symbol,expiration,strike,right,timestamp,bid_size,bid_exchange,bid,bid_condition,ask_size,ask_exchange,ask,ask_condition
"SPY","2024-01-19",470.000,"CALL","2024-01-02T09:31:00.000",10,5,7.00,50,12,7,7.10,50
"SPY","2024-01-19",470.000,"CALL","2024-01-02T09:32:00.000",10,5,7.02,50,12,7,7.12,50
"SPY","2024-01-19",470.000,"PUT","2024-01-02T09:31:00.000",11,5,4.00,50,13,7,4.05,50
"""

CANDLES = [
    {"eventSymbol": ".SPY240119C470{=m}", "time": 1704205860000, "open": 7.0, "high": 7.2, "low": 6.9, "close": 7.1, "volume": 25, "impVolatility": 0.12},
    {"eventSymbol": ".SPY240119P470.5{=m}", "time": 1704205860000, "open": 4.0, "high": 4.1, "low": 4.0, "close": 4.05, "volume": 5, "openInterest": 900},
    {"eventSymbol": ".SPY240119C470{=m}", "time": 1704205920000, "open": "NaN", "high": "NaN", "low": "NaN", "close": "NaN", "volume": 0},
]
