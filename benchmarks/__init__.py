"""Quality and speed, measured: `python -m benchmarks` runs all of it, `python -m benchmarks.<part>` one part."""
