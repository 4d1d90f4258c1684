#!/usr/bin/env bash
# Runs a main class that stands among the tests of a module: fake learners, real processes and servers.
# usage: test-main.sh MODULE CLASS [ARGUMENT]...
set -euo pipefail

home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
name="$1"
module="$home/modules/$name/target"
shift

(cd "$home" && mvn -B -q -pl "modules/$name" -am -Dmdep.includeScope=test \
  -Dmdep.outputFile=target/test.classpath test-compile dependency:build-classpath)
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-4}" OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
export THP_MEM_ALLOC_ENABLE="${THP_MEM_ALLOC_ENABLE:-1}"
exec java -XX:+UseParallelGC -Xmx512m -Dai.djl.offline=true -Dlogback.configurationFile="$home/conf/logback-test.xml" \
  -cp "$module/test-classes:$module/classes:$(cat "$module/test.classpath")" "$@"
