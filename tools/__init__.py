"""Set-up, build and start of the service. `make` lists what there is."""
