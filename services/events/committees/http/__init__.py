"""The editors' pages about committees, and what a member's secret link opens."""
