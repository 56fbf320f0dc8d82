#!/usr/bin/env bash
# Adds the played Kopia mover to a copy of VolSync's source, which is the current folder. Its own movers stay out: they are not used.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for file in kopia kopia_job kopia_log; do install -D -m 644 "$here/$file.go" "internal/controller/mover/kopia/$file.go"; done
cp "$here/kopia_types.go" api/v1alpha1/kopia_types.go
rm cmd/mover_*_register.go
cp "$here/mover_kopia_register.go" cmd/
for kind in Source Destination; do
  file=api/v1alpha1/replication${kind,,}_types.go
  sed -i "s|^\tRestic \*Replication${kind}ResticSpec .*|&\n\tKopia *Kopia${kind}Spec \`json:\"kopia,omitempty\"\`|" "$file"
  grep -q "Kopia \*Kopia${kind}Spec" "$file" || { echo "no place for spec.kopia in $file" >&2; exit 1; }
  sed -i "s|^\tRsync \*Replication${kind}RsyncStatus .*|&\n\tKopia Kopia${kind}Status \`json:\"kopia,omitempty\"\`|" "$file"
  grep -q "Kopia Kopia${kind}Status" "$file" || { echo "no place for status.kopia in $file" >&2; exit 1; }
done
