#!/usr/bin/env bash
# Builds the real programs of the e2e run from their pinned modules, into a cache outside of the repository.
#   build.sh [name ...]          build what is missing (without a name, all that `npm run e2e` needs)
#   build.sh --where [name ...]  print the folders that hold them, one a line; builds nothing
#   build.sh --help              print this
# One build runs at a time: a second one waits for the first.
set -euo pipefail

for argument in "$@"; do
  if [[ $argument == --help || $argument == -h ]]; then
    sed -n '2,/^set /{ /^set /d; s/^# \{0,1\}//; p }' "${BASH_SOURCE[0]}"
    exit
  fi
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/zero-touch-pvc/tools

# name                         folder      module                       package below it
programs='
kyverno                        kyverno     github.com/kyverno/kyverno   /cmd/cli/kubectl-kyverno
kube-apiserver                 kubernetes  k8s.io/kubernetes            /cmd/kube-apiserver
etcd                           kubernetes  go.etcd.io/etcd/server/v3
kyverno-admission-controller   kyverno     github.com/kyverno/kyverno   /cmd/kyverno
kyverno-background-controller  kyverno     github.com/kyverno/kyverno   /cmd/background-controller
kyverno-cleanup-controller     kyverno     github.com/kyverno/kyverno   /cmd/cleanup-controller
kube-controller-manager        kubernetes  k8s.io/kubernetes            /cmd/kube-controller-manager
'

# Programs whose module is built as the main one, in a copy: its own replace lines hold by themselves, and <folder>/prepare.sh can change it.
# name                         module                                            version   sum                                               package
sources='
kopia                          github.com/kopia/kopia                            v0.22.3   h1:/eFesjfsv1XEwGSPNrc/Zt7OV9Lb24r9jPglHW1gA84=  .
versitygw                      github.com/versity/versitygw                      v1.8.0    h1:au+wI+aybno/STsQiSm35Uu6Q6iK5MWReQxgO6SEMFc=  ./cmd/versitygw
external-secrets               github.com/external-secrets/external-secrets      v0.20.4   h1:HhNAjWfFEshhItphr28SGsHzf2bUP7uDAOVLg76uNAg=  .
volsync                        github.com/backube/volsync                        v0.16.0   h1:2o8SSp+oaUt5CqJDXSP84PlZe9hQlForrk1uvYP8oxI=  ./cmd
kube-state-metrics             k8s.io/kube-state-metrics/v2                      v2.20.0   h1:edO7hyGs1MqZhbUbzWW1YRTV3afZOIbvHNvOCaJjuU4=  .
argocd                         github.com/argoproj/argo-cd/v3                    v3.5.1    h1:jtwPLEFX9mNj3jSq88ugFcScGnOZVs2DWaXFuZxrRT8=  ./cmd
helm                           helm.sh/helm/v4                                   v4.2.1    h1:esMHK7az2udPJvsRLA1EsxB7lJwqXcsb3biYnlFIjrg=  ./cmd/helm
kustomize                      sigs.k8s.io/kustomize/kustomize/v5                v5.8.1    h1:Pgsg5psubpVEy7Nf6S89PARg5VmmWUC1l9dC6Dl4PG0=  .
prometheus-operator            github.com/prometheus-operator/prometheus-operator v0.93.1  h1:4Juk8v93RdG1DSGD/mGp+SeQKPmnlLIj2iq3blLZgFY=  ./cmd/operator
alertmanager                   github.com/prometheus/alertmanager                v0.34.0   h1:z75n0NoypggESmt3HD4JlTXOaOZj1EBz1ACHO4Z6EUk=  ./cmd/alertmanager
amtool                         github.com/prometheus/alertmanager                v0.34.0   h1:z75n0NoypggESmt3HD4JlTXOaOZj1EBz1ACHO4Z6EUk=  ./cmd/amtool
'

# Built when they are asked for by name: `npm run e2e` does not need them.
on_demand='kube-state-metrics argocd helm kustomize prometheus-operator alertmanager amtool'

die() { echo "build.sh: $*" >&2; exit 2; }

row() { awk -v name="$1" '$1 == name { print $2, $3, $4 }' <<<"$programs"; }
source_row() { awk -v name="$1" '$1 == name { print $2, $3, $4, $5 }' <<<"$sources"; }

# The version that go.mod requires. Not `go list -m`: it wants the network when the module cache is empty.
version() { awk -v module="$2" '$1 == module && $2 ~ /^v/ { print $2 }' "$here/$1/go.mod"; }

# The linker's flags. A server without a version calls itself v0.0.0-master, and its clients go by that.
ldflags() {
  local v=$2
  case $1 in
    github.com/kyverno/kyverno)
      echo "-s -w -X $1/pkg/version.BuildVersion=$v" ;;
    k8s.io/kubernetes)
      local base=k8s.io/component-base/version minor=${v#v1.}
      echo "-s -w -X $base.gitVersion=$v -X $base.gitMajor=1 -X $base.gitMinor=${minor%%.*}" ;;
    *) echo '-s -w' ;;
  esac
}

# The folder of a module's programs: a changed pin is another folder, and so is a changed way to build.
bin() {
  local hash
  if [[ -n $(source_row "$1") ]]; then
    hash=$({ source_row "$1"; cat "$here/$1"/* 2>/dev/null; declare -f build_source; } | sha256sum | cut -c1-16)
  else
    hash=$({ cat "$here/$1"/go.{mod,sum}; declare -f ldflags build; } | sha256sum | cut -c1-16)
  fi
  echo "$cache/$1-$hash/bin"
}

build() {
  local name=$1 folder=$2 module=$3 package=$3${4:-} v out log started=$SECONDS
  v=$(version "$folder" "$module")
  out=$(bin "$folder")/$name
  if [[ -x $out ]]; then
    echo "$name $v cached"
    return
  fi
  mkdir -p "$(dirname "$out")"
  log=$out.log
  # Built beside and moved, so that a build cut short leaves no program that looks whole.
  if (cd "$here/$folder" && GOWORK=off CGO_ENABLED=0 \
      go build -trimpath -ldflags "$(ldflags "$module" "$v")" -o "$out.part" "$package") >"$log" 2>&1; then
    mv "$out.part" "$out"
    rm "$log"
    echo "$name $v built in $((SECONDS - started)) s"
  else
    echo "$name $v FAILED after $((SECONDS - started)) s:" >&2
    grep -v '^go: downloading ' "$log" | head -n 10 | sed 's/^/  /' >&2
    return 1
  fi
}

build_source() {
  local name=$1 module v sum package out log copy download dir started=$SECONDS
  read -r module v sum package < <(source_row "$name")
  out=$(bin "$name")/$name
  if [[ -x $out ]]; then
    echo "$name $v cached"
    return
  fi
  mkdir -p "$(dirname "$out")"
  log=$out.log copy=$(dirname "$out")/../source
  field() { sed -n "s/^\t\"$1\": \"\(.*\)\",*$/\1/p" <<<"$download"; }
  # Outside of any module, so that no other go.mod has a say.
  if download=$(cd / && GOWORK=off go mod download -json "$module@$v" 2>"$log") && [[ $(field Sum) == "$sum" ]] && dir=$(field Dir) &&
    rm -rf "$copy" && cp -r "$dir" "$copy" && chmod -R u+w "$copy" && (
      cd "$copy" || exit 1
      [[ ! -x $here/$name/prepare.sh ]] || "$here/$name/prepare.sh" || exit 1
      GOWORK=off CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$out.part" "$package"
    ) >>"$log" 2>&1; then
    mv "$out.part" "$out"
    rm -rf "$log" "$copy"
    echo "$name $v built in $((SECONDS - started)) s"
  else
    echo "$name $v FAILED after $((SECONDS - started)) s: $(field Error)" >&2
    grep -v '^go: downloading ' "$log" | head -n 10 | sed 's/^/  /' >&2
    return 1
  fi
}

# Kyverno's release, rendered: CRDs, roles, configuration and flags as its chart makes them. The run needs it beside the programs.
installation() {
  local out
  out=$(dirname "$(bin kyverno)")/install.yaml
  [[ -s $out ]] && return
  mkdir -p "$(dirname "$out")"
  (cd "$here/kyverno" && cp "$(GOWORK=off GOFLAGS=-mod=mod go list -m -f '{{.Dir}}' github.com/kyverno/kyverno)/config/install-latest-testing.yaml" "$out.part")
  chmod u+w "$out.part"
  mv "$out.part" "$out"
  echo "kyverno's rendered installation kept"
}

where=
if [[ ${1:-} == --where ]]; then
  where=yes
  shift
fi
mapfile -t names < <(if (($#)); then printf '%s\n' "$@"; else awk -v except=" $on_demand " 'NF && !index(except, " " $1 " ") { print $1 }' <<<"$programs$sources"; fi)
for name in "${names[@]}"; do
  [[ -n $(row "$name")$(source_row "$name") ]] || die "no such program: $name"
done

if [[ -n $where ]]; then
  for name in "${names[@]}"; do
    read -r folder _ < <(row "$name") || folder=$name
    bin "$folder"
  done | awk '!seen[$0]++'
  exit
fi

command -v go >/dev/null || die 'go is not installed'

# Two builds at the same time would write the same files, and a build of a module starts by removing its copy. Nothing to build waits for nobody.
all_there() {
  local name folder
  for name in "${names[@]}"; do
    read -r folder _ < <(row "$name") || folder=$name
    [[ -x $(bin "$folder")/$name ]] || return 1
  done
  [[ -s $(dirname "$(bin kyverno)")/install.yaml ]]
}
if ! all_there; then
  command -v flock >/dev/null || die 'flock (util-linux) is not installed'
  mkdir -p "$cache"
  exec 9>"$cache/build.lock"
  flock --nonblock 9 || { echo "build.sh: waits for another build, which holds $cache/build.lock" >&2; flock 9; }
fi

failed=()
for name in "${names[@]}"; do
  if [[ -n $(source_row "$name") ]]; then
    build_source "$name" || failed+=("$name")
  else
    read -r folder module package < <(row "$name")
    build "$name" "$folder" "$module" "$package" || failed+=("$name")
  fi
done
installation || failed+=(installation)
if ((${#failed[@]})); then
  echo "build.sh: failed: ${failed[*]}" >&2
  exit 1
fi
