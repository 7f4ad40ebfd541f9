"""What Prometheus and Grafana are given, and the dashboards' source."""
