"""What the services promise each other: data only, one module per publisher."""
