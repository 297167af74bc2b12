"""What each system is: facts and pure functions, one folder a system."""
