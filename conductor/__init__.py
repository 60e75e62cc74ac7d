"""The desk as one object: wires strategies, risk gate, execution, exits, tracker, journal and Greeks, and runs one trading day after the other.

The composition root. main.py and the command line import it; it imports the rooms; no room imports it.
"""
