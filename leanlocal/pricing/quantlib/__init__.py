"""QuantLib's option engines as LEAN uses them: the binomial trees, the finite-difference grid and the closed approximations, with its own arithmetic.

LEAN prints fifteen digits of what these engines find with a loose solver, so the numbers depend on the order of every operation: rates read back from discount
factors, a distribution function of its own, a control variate in the grid. Formulas and settings are QuantLib's (its C# edition QLNet 1.11); the code is not.
"""
