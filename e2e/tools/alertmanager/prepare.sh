#!/usr/bin/env bash
# In a copy of Alertmanager's source, which is the current folder: its web page is built for releases only, and nothing here looks at it.
set -euo pipefail
mkdir -p ui/app/dist
echo '<!doctype html>' >ui/app/dist/index.html
