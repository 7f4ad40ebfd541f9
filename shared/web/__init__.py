"""The frame that all pages and JSON interfaces stand in: access, forms, pages, errors, headers."""
