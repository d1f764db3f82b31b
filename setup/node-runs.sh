#!/bin/sh
# Run by npm after an installation: sees that the Node.js of this project (the npm package "node") can start. It needs one library, libatomic,
# that a minimal Debian does not have.
set -eu

cd "$(dirname "$0")/.."
node=node_modules/.bin/node
# Left out on purpose, as in the image (npm ci --omit=dev): there Node.js comes from elsewhere.
[ -e "$node" ] || exit 0
# The build that Node's package installs may be one for another processor, so the reason is asked for and not guessed.
reason=$("$node" --version 2>&1 >/dev/null) && exit 0

case $reason in
*libatomic*) ;;
*)
  echo "swarm-autoscaler: the Node.js in node_modules does not start: $reason" >&2
  exit 1
  ;;
esac

if ! command -v apt-get >/dev/null; then
  echo "swarm-autoscaler: Node.js needs the library libatomic.so.1. Install your system's package of it (Fedora: dnf install libatomic), then run npm ci again." >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "swarm-autoscaler: Node.js needs the library libatomic.so.1. Run 'sudo apt-get install -y libatomic1', then npm ci again." >&2
  exit 1
fi

echo "swarm-autoscaler: installing Debian's libatomic1, which Node.js needs"
install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y -o DPkg::Lock::Timeout=120 --no-install-recommends libatomic1
}
# The package lists of a new machine are missing or old.
output=$(install 2>&1) || { apt-get update -q >/dev/null 2>&1 || true; output=$(install 2>&1); } || {
  printf '%s\n' "$output" >&2
  echo "swarm-autoscaler: libatomic1 could not be installed, see above. Install it, then run npm ci again." >&2
  exit 1
}
"$node" --version >/dev/null
