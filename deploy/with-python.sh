#!/bin/sh
# Runs a program of deploy/ with the first Python that is new enough; PYTHON=… names one.
# `command -v` is not enough: version managers put a `python3.11` on PATH that only complains.
cd "$(dirname "$0")/.." || exit 1
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
for python in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3}; do
  "$python" -c "$new_enough" 2>/dev/null && exec "$python" "$@"
done
found=$("${PYTHON:-python3}" --version 2>/dev/null) || found="no ${PYTHON:-Python}"
echo "Concord needs Python 3.11 or newer, and found $found. Install it, or name one: make run PYTHON=/path/to/python3.11" >&2
exit 1
