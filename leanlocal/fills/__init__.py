"""When and at what price a simulated order fills: pure price rules, and the fill models that apply them to a security's last bars."""
