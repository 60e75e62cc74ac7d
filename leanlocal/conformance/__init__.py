"""Compares leanlocal's public classes with LEAN's published type stubs: nothing may exist here that LEAN does not have, or differ in kind or arity."""
