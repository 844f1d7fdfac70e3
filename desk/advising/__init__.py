"""How people at the desk are found, waited for and reached: offices, who is on duty, the wait, e-mail, notes, canned replies."""
