#!/bin/sh
# Runs every fuzz target for some seconds: ci/fuzz.sh SECONDS. One line each; a finding fails and leaves its
# input in build/fuzz/NAME.input*. A string is as long as the longest seed, and more.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
failed=0
for target in build/fuzz/fuzz_*; do
	case $target in *.d | *.log | *.input* | *.corpus) continue ;; esac
	name=$(basename "$target")
	mkdir -p build/fuzz/$name.corpus
	seeds=build/fuzz/$name.corpus # and what we have ourselves of its kind
	case $name in
	fuzz_adapter) seeds=oracle/adapters ;;
	fuzz_rule) seeds=suite/rules ;;
	fuzz_dialect | fuzz_template) seeds=templates/windows ;;
	fuzz_hygiene) seeds=suite/core ;;
	fuzz_witness) # those of the smoke level
		if [ -x build/lockdrill ]; then
			seeds=build/fuzz/witnesses
			mkdir -p $seeds
			build/lockdrill gen --quiet --level smoke --world model --tasks --out build/fuzz/tasks
			cp build/fuzz/tasks/cases/*.witness.yml $seeds
		fi
		;;
	esac
	if "$target" -max_total_time=$seconds -seed=1 -max_len=8192 -print_final_stats=1 \
		-artifact_prefix=build/fuzz/$name.input- \
		build/fuzz/$name.corpus $seeds > build/fuzz/$name.log 2>&1; then
		result=clean
	else
		result=FAILED
		failed=1
	fi
	echo "$name: $result," \
		"$(sed -n 's/^stat::number_of_executed_units: *//p' build/fuzz/$name.log) executions," \
		"$(sed -n 's/^stat::average_exec_per_sec: *//p' build/fuzz/$name.log)/s in $seconds s"
done
exit $failed
