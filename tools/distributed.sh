#!/usr/bin/env bash
# Seconds of a step of the starter with two JVMs of one worker, and with one JVM of two workers.
set -euo pipefail

home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
case "${1:-}" in
  -h | --help)
    echo "usage: tools/distributed.sh [STEPS] [ROUNDS]"
    echo "Prints median seconds of a step, rounds in alternation; 40 steps, 2 rounds by default."
    echo "The first five steps of a run are not counted."
    exit 0
    ;;
esac
steps="${1:-40}"
rounds="${2:-2}"
limit=300

work="$(mktemp -d)"
running=()
end_all() {
  for one in "${running[@]}"; do kill -9 "$one" 2>/dev/null || true; done
  for one in "${running[@]}"; do wait "$one" 2>/dev/null || true; done
  running=()
}
trap 'end_all; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

configuration() {
  cat >"$1.conf" <<END
include file("$home/conf/starter.conf")
training { output-dir = "$1", max-train-steps = $((steps + 1000)) }
validation { steps = 0 }
cluster { secret = "bench", expected-workers = 2, quorum = 1 }
END
}

start() {
  "$home/rglcd" "$@" >>"$work/said" 2>&1 &
  running+=("$!")
}

# Waits until the run has done its steps, ends it, and prints the median of those that count.
median() {
  local file="$1/steps.csv" waited=0
  until [ -f "$file" ] && [ "$(wc -l <"$file")" -gt "$steps" ]; do
    sleep 0.5
    waited=$((waited + 1))
    if [ "$waited" -gt $((2 * limit)) ]; then
      cat "$work/said" >&2
      echo "distributed: not $steps steps within $limit s" >&2
      exit 1
    fi
  done
  end_all
  awk -F, -v last="$steps" 'NR > 6 && NR <= last + 1 { print $8 }' "$file" | sort -g |
    awk '{ v[NR] = $1 } END { printf "%.3f", (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'
}

"$home/rglcd" --version >/dev/null
for ((round = 1; round <= rounds; round++)); do
  one="$work/one-$round"
  configuration "$one"
  start train "$one.conf"
  one_seconds="$(median "$one")"
  end_all
  two="$work/two-$round"
  configuration "$two"
  port=$((20000 + RANDOM % 10000))
  start node "$two.conf" --roles coordinator,worker --host 127.0.0.1 --port "$port"
  start node "$two.conf" --roles worker --host 127.0.0.1 --seed-nodes "127.0.0.1:$port"
  two_seconds="$(median "$two")"
  end_all
  echo "round $round: one JVM with two workers $one_seconds s, two JVMs with one each $two_seconds s," \
    "ratio $(awk -v a="$two_seconds" -v b="$one_seconds" 'BEGIN { printf "%.3f", a / b }')"
done
