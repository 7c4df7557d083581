# For bench_run.sh and bench_benchexec.sh, which read it: the adapter of the checker that costs next to
# nothing, and medians.

# bench_adapter OUT NAME PACK STEP: of OUT/trivial, in OUT/data.
bench_adapter() {
	cat > "$1/data/adapters/$2.yaml" << END
name: $2
title: costs next to nothing
url: ''
world: plain
degenerate: true
exe: ['$1/trivial']
steps: [$4]
exit: [0]
complete: {pattern: '^done\$'}
findings: [{pattern: '^(?<file>[^:]+):(?<line>[0-9]+): violation\$', kind: none}]
pack: $3
seconds: 60
seconds-case: 0
output: 1048576
END
}

# bench_median FILE: of numbers, one a line.
bench_median() {
	sort -n "$1" | awk '{ all[NR] = $1 }
		END { print NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'
}
