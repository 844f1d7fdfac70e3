"""Reading conversations after the fact: finding them, and marking answers right, wrong or incomplete."""
