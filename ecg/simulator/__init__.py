"""ECG records as a function of potassium: simulated, so results on them are no evidence."""
