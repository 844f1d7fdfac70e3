"""Is it right? Asks real questions through the student API and scores the first replies; fits the matcher's calibration."""
