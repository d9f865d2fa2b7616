"""Job and media facts become a Timeline: pure, every decision in one place."""
