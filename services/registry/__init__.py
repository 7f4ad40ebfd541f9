"""Registry: owns people, organisations and their engagements, and who of the staff is signed in.

Publishes what was registered or changed, and ended staff sessions; listens to no other service.
"""
