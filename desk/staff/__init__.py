"""Who works at the desk: accounts, sign-in, roles, and the log of what they did."""
