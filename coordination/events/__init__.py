"""Events: trainings, meetings and outreach, their dates, and who comes."""
