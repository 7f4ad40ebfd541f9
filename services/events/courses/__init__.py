"""Courses: runs with places, registration by link without account, waiting list, attendance."""
