#!/bin/sh
# Executions a second of the fuzz target `roads`, one core, median of five runs of five seconds each from seed
# 1, against the budgets; and after how many executions an error that was put into reach on purpose (flavour
# fault) is found.
set -eu
cd "$(dirname "$0")/.."
out=build/bench-roads
rm -rf $out
mkdir -p $out

for mode in reach walk; do
	for run in 1 2 3 4 5; do
		mkdir $out/corpus
		ROADS=$mode build/roads/fuzz_roads -seed=1 -entropic=0 -max_total_time=5 \
			-print_final_stats=1 $out/corpus > $out/log 2>&1
		sed -n 's/^stat::average_exec_per_sec: *//p' $out/log
		rm -rf $out/corpus
	done | sort -n > $out/$mode
	printf 'fuzzing, ROADS=%-5s %s executions/s (%s to %s), budget %s\n' $mode "$(sed -n 3p $out/$mode)" \
		"$(sed -n 1p $out/$mode)" "$(sed -n 5p $out/$mode)" \
		"$([ $mode = reach ] && echo 500000 || echo 50000)"
done

mkdir $out/corpus
if ROADS=walk build/fault/fuzz_roads -seed=1 -entropic=0 -runs=1000000 -print_final_stats=1 \
	-artifact_prefix=$out/ \
	$out/corpus > $out/fault.log 2>&1; then
	echo 'fuzzing: the error that was put in was not found'
	exit 1
fi
echo "fuzzing: the error that was put in was found after" \
	"$(sed -n 's/^stat::number_of_executed_units: *//p' $out/fault.log) executions"
