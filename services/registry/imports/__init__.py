"""Imports: from an association list or a member list in CSV to rows, checked before they count."""
