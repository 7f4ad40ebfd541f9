"""The pages of associations, and those on which editors give them their links."""
