# lockdrill: one Makefile, everything built goes below build/. `make help` prints the targets.
.DEFAULT_GOAL := help
