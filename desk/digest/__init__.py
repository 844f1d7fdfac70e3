"""The weekly e-mail to staff: what is out of date and what waits."""
