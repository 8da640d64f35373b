#!/usr/bin/env bash
# Builds the image with buildah on a base made here, and starts it as its own user on a root that nobody can write to.
# Needs root, and Debian's packages buildah and debootstrap.
set -euo pipefail
cd "$(dirname "$0")/.."
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

base=$(buildah from scratch)
root=$(buildah mount "$base")
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >"$work/debootstrap.log"
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
cp node_modules/node/bin/node "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules"
cp -r "$npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
# The build trusts what this machine trusts.
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
mkdir -p "$root/usr/local/etc"
echo 'cafile=/etc/ssl/certs/ca-certificates.crt' >"$root/usr/local/etc/npmrc"
buildah unmount "$base" >/dev/null
buildah commit --rm --quiet "$base" docker.io/library/node:24-slim >/dev/null

buildah bud --quiet --pull-never --tag caselite . >"$work/build.log"

container=$(buildah from --pull-never caselite)
image=$(buildah mount "$container")
du -sm "$image" | cut -f1 | sed 's/$/ MB/'
buildah inspect --type image --format '{{.OCIv1.Config.User}} {{.OCIv1.Config.Entrypoint}}' caselite

# The container's root can't be written to but for its volume and /tmp, as compose.yaml has it.
unshare --mount --kill-child bash -euo pipefail -c '
  image=$1 work=$2
  install -d -o 10001 "$work/data"
  mkdir -p "$image/workspace" && cp -r templates "$image/workspace/"
  mount --bind "$image" "$image"
  mount --bind "$work/data" "$image/data"
  mount -t tmpfs tmpfs "$image/tmp"
  mount -t proc proc "$image/proc"
  mount --rbind /dev "$image/dev"
  mount -o remount,bind,ro "$image"
  ! chroot "$image" touch /caselite/written 2>/dev/null
  exec chroot --userspec=10001:10001 "$image" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/nonexistent \
    CASELITE_KEY=32-characters-of-no-real-key-0000 SMALL__TYPEFORM_SECRET=none SMALL__GITHUB_TOKEN=none SMALL__RESEND_KEY=none \
    MAIL_FROM=care@acme.example GITHUB_API_URL=http://127.0.0.1:9 RESEND_API_URL=http://127.0.0.1:9 \
    sh -c "cd /caselite && exec node src/cli/caselite.ts start --no-emulators --host 127.0.0.1 --data /data --workspace /workspace/templates/workspaces/small.yaml"
' -- "$image" "$work" >"$work/start.log" 2>&1 &
running=$!
for _ in $(seq 240); do
  grep -q 'Ctrl-C stops' "$work/start.log" && break
  kill -0 "$running" 2>/dev/null || break
  sleep 0.5
done
cat "$work/start.log"
curl --silent --show-error --fail http://127.0.0.1:8787/healthz
kill -INT "$(sed -n 's/.*"start": \([0-9]*\).*/\1/p' "$work/data/run.json")"
wait "$running" || true
buildah rm "$container" >/dev/null
echo
