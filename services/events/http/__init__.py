"""The routes of events: public pages, feeds, and the console of editors."""
