"""The only public service: student API, widget, advisors' and editors' pages. Decides who speaks in each conversation."""
