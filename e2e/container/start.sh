#!/bin/bash
# The first process of a container: it makes the container's file system, gives up what the container may not do, and becomes its command.
# Runs in mount, process and host name namespaces of its own.
#   start.sh ROOT HOST UID GID GROUPS CAPABILITIES READ_ONLY MOVER KOPIA DOOR [FROM TO rw|ro]... -- COMMAND...
# ROOT is an empty folder; ROOT.pid gets the number of this process, as the outside sees it. DOOR is what e2e/container/kopia knows the harness by.
set -euo pipefail
here=$(dirname "$0")
root=$1 host=$2 uid=$3 gid=$4 groups=$5 capabilities=$6 read_only=$7 mover=$8 kopia=$9 door=${10}
shift 10

# The shell's own look into /proc, which is still the outside's.
read -r pid _ </proc/self/stat
printf '%s' "$pid" >"$root.pid"
hostname "$host"

mount -t tmpfs -o mode=0755 tmpfs "$root"
mkdir -p "$root"/{usr,proc,etc/alternatives,tmp,dev,mover-kopia}
# The programs of this machine stand for those of the image.
mount --rbind /usr "$root/usr"
mount -o remount,bind,ro "$root/usr"
for folder in bin sbin lib lib32 lib64; do
  if [[ -L /$folder ]]; then
    cp -a "/$folder" "$root/$folder"
  elif [[ -d /$folder ]]; then
    mkdir "$root/$folder"
    mount --rbind "/$folder" "$root/$folder"
    mount -o remount,bind,ro "$root/$folder"
  fi
done
[[ ! -d /etc/alternatives ]] || mount --bind /etc/alternatives "$root/etc/alternatives"
[[ ! -f /etc/ld.so.cache ]] || cp /etc/ld.so.cache "$root/etc/"
# Like the image, it knows root and not the movers' user.
echo 'root:x:0:0:root:/root:/bin/bash' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for device in null zero full random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
for number in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${number%%:*}" "$root/dev/${number##*:}"; done
# `kopia` is a door of the harness before the real one.
mount -t tmpfs -o mode=0755 tmpfs "$root/usr/local/bin"
touch "$root/usr/local/bin/"{kopia,kopia-itself}
mount --bind "$here/kopia" "$root/usr/local/bin/kopia"
mount --bind "$kopia" "$root/usr/local/bin/kopia-itself"
printf '%s\n' "$door" >"$root/usr/local/bin/kopia-door"
mount -o remount,ro "$root/usr/local/bin"
mount --bind "$mover" "$root/mover-kopia"
mount -o remount,bind,ro "$root/mover-kopia"
while [[ $1 != -- ]]; do
  mkdir -p "$root$2"
  mount --bind "$1" "$root$2"
  [[ $3 == rw ]] || mount -o remount,bind,ro "$root$2"
  shift 3
done
shift
[[ $read_only != true ]] || mount -o remount,ro "$root"

# As a container's runtime does, so that a program can open /dev/stdout and /dev/stderr by their names.
chown "$uid:$gid" /proc/self/fd/1 /proc/self/fd/2 2>/dev/null || true
cd /
exec chroot "$root" setpriv --reuid="$uid" --regid="$gid" --groups="$groups" --bounding-set="$capabilities" --inh-caps=-all --no-new-privs -- \
  env -u SHLVL -u PWD -u OLDPWD -u _ "$@"
