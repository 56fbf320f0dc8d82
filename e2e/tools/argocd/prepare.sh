#!/usr/bin/env bash
# Leaves only the programs that sync in a copy of Argo CD's source, which is the current folder: the API server brings the web page, and the others a
# dozen clients of chats and clouds. The programs themselves are untouched.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cp "$here/main.go" cmd/main.go
# Its engine is a folder of the same repository and a module of its own, so it does not come with this one. The module proxy has no build of the tag; this one
# differs from the tag's by a fix in pkg/utils/kube/resource_ops.go.
engine=github.com/argoproj/argo-cd/gitops-engine version=v0.0.0-20260914071520-c9c369efcc5b
go mod edit -replace="$engine=$engine@$version"
cat >>go.sum <<SUM
$engine $version h1:0tKOg3Fxd5cqVemntg63MqCjk7wqVV32vbVGWOGyhR8=
$engine $version/go.mod h1:RsOM4gdM/lsvAfIuzAhYrnHDTLA1AGooZRzVyxbVT3A=
SUM
