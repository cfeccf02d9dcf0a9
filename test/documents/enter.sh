#!/usr/bin/env bash
# Runs a command where all that it writes and starts is gone once it ends: see run.ts. Usage: enter.sh FOLDER COMMAND…
set -euo pipefail
folder=$1
shift

# Without mounts of its own nothing may go on: it would write to the machine.
own() { mount "$@" 2>/dev/null || exit 77; }

resolver=$(cat /etc/resolv.conf 2>/dev/null || true)
own --make-rprivate /
own -t tmpfs tmpfs "$folder"
for name in etc usr var opt root srv; do
  mkdir -p "$folder/$name/upper" "$folder/$name/work"
  own -t overlay overlay -o "lowerdir=/$name,upperdir=$folder/$name/upper,workdir=$folder/$name/work" "/$name"
done
own -t tmpfs tmpfs /run
own -t tmpfs tmpfs /dev/shm
own -t proc proc /proc

# As on a machine that had none of this before.
for name in /var/lib/docket /var/lib/postgresql /etc/postgresql /var/backups; do
  mkdir -p "$name"
  own -t tmpfs -o mode=0755 tmpfs "$name"
done
sed --in-place '/^docket:/d' /etc/passwd /etc/shadow /etc/group /etc/gshadow
rm -f /etc/resolv.conf
printf '%s\n' "$resolver" >/etc/resolv.conf
printf '127.0.0.1 localhost\n10.0.0.5 db.example.com\n' >/etc/hosts

# npm alone may use the network of the machine.
touch "$folder/network"
own --bind /proc/self/ns/net "$folder/network"
mkdir "$folder/bin" "$folder/tmp"

exec unshare --net bash -c '
  set -e
  ip link set lo up
  for address in 10.0.0.2 10.0.0.5 10.0.0.11 10.0.0.12; do ip address add $address/32 dev lo; done
  exec "$@"' enter "$@" "$folder"
