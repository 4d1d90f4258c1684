#!/usr/bin/env bash
# Measures the time from the start of `rglcd demo --steps 1` to its first committed step.
set -euo pipefail

home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
limit=120
case "${1:-}" in
  -h | --help)
    echo "usage: tools/cold-start.sh [LAUNCHER]"
    echo "Prints the seconds from the start of LAUNCHER demo --steps 1 to its first committed step."
    echo "LAUNCHER is ./rglcd by default; it is called once before, so that building is not counted."
    exit 0
    ;;
esac
launcher="${1:-$home/rglcd}"
[ -x "$launcher" ] || { echo "cold-start: $launcher is not there (expected: the launcher rglcd)" >&2; exit 1; }

work="$(mktemp -d)"
run=""
clean() {
  if [ -n "$run" ] && kill "$run" 2>/dev/null; then wait "$run" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM

"$launcher" --version >/dev/null
mkfifo "$work/lines"
start="$(date +%s%N)"
# timeout passes the signal on, and kills what does not end.
timeout --kill-after=2 "$limit" "$launcher" demo --steps 1 --out "$work/out" >"$work/lines" 2>&1 &
run=$!
seconds=""
exec 3<"$work/lines"
while IFS= read -r line <&3; do
  printf '%s\n' "$line" >>"$work/seen"
  case "$line" in
    "step 1/1,"*)
      seconds="$(awk -v a="$start" -v b="$(date +%s%N)" 'BEGIN { printf "%.2f", (b - a) / 1e9 }')"
      break
      ;;
  esac
done
if [ -z "$seconds" ]; then
  cat "$work/seen" >&2 2>/dev/null || true
  echo "cold-start: no committed step within $limit s" >&2
  exit 1
fi
echo "first committed step after $seconds s"
