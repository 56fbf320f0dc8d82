#!/usr/bin/env bash
# In a copy of the operator's source, which is the current folder: its APIs are folders of the same repository and modules of their own, so they do not come
# with this one. The module proxy has them by their own names. Its CRDs are kept beside the program.
set -euo pipefail
own=github.com/prometheus-operator/prometheus-operator version=v0.93.1
for part in pkg/apis/monitoring pkg/client; do go mod edit -replace="$own/$part=$own/$part@$version"; done
cat >>go.sum <<SUM
$own/pkg/apis/monitoring $version h1:RP+/GISMkna7VpDx3wa52oYIyIjNU+iQxV6sDnY2uCA=
$own/pkg/apis/monitoring $version/go.mod h1:rZ+wRKDneCC/jJk24Mdb+6bAc6y/UjRliuMz6U20s6Y=
$own/pkg/client $version h1:7YkYgCkIGPSy7gTuua0CUQ5M5bOhBKL59GhhUQwZyhY=
$own/pkg/client $version/go.mod h1:fB1KXTlb9KLoUNoSlr53X6GYqabLX7onZruX5vQVSgI=
SUM
rm -rf ../crds
cp -r example/prometheus-operator-crd ../crds
