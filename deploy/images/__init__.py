"""What our images are built with; see deploy/Dockerfile."""
