"""Pictures of events: taken from uploads, made anew in a child process, served for ever."""
