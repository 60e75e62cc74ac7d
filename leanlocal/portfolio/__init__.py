"""What the account holds and what it may still buy: holdings, cash, settlement, margin, recognised option strategies, margin calls, sizing."""
