#!/usr/bin/env bash
# In a copy of the operator's source, which is the current folder: its APIs are folders of the same repository and modules of their own, so they do not come
# with this one. The module proxy has them by their own names. Its CRDs are kept beside the program.
set -euo pipefail
own=github.com/prometheus-operator/prometheus-operator
go mod edit -dropreplace="$own/pkg/apis/monitoring" -dropreplace="$own/pkg/client"
cat >>go.sum <<SUM
$own/pkg/apis/monitoring v0.93.0 h1:ZIouJCjC8R/XHxzGpOw+/czH9pVzg6wteYhLjJ80XGQ=
$own/pkg/apis/monitoring v0.93.0/go.mod h1:rZ+wRKDneCC/jJk24Mdb+6bAc6y/UjRliuMz6U20s6Y=
$own/pkg/client v0.93.0 h1:PhWdtSu3FcxnFdKs5dDZcP46KMECEakbU84pYyaCfr4=
$own/pkg/client v0.93.0/go.mod h1:fB1KXTlb9KLoUNoSlr53X6GYqabLX7onZruX5vQVSgI=
SUM
rm -rf ../crds
cp -r example/prometheus-operator-crd ../crds
