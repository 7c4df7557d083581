# The checker of tests that break a run off: sound, slow, and it may be held. Read by `.`, not run.
#
# slow_adapter OUT: the adapter packs-slow, in OUT/data, of the program OUT/bin/packs-slow.
slow_adapter() {
	mkdir -p "$1/data/adapters" "$1/bin"
	cat > "$1/data/adapters/packs-slow.yaml" << END
name: packs-slow
title: takes its time
url: ''
world: plain
exe: ['$1/bin/packs-slow']
steps: [['{exe}', '{spans}', '{files}']]
exit: [0]
complete: {pattern: '^done\$'}
findings: [{pattern: '^(?<file>[^:]+):(?<line>[0-9]+): violation\$', kind: none}]
pack: 2
seconds: 60
seconds-case: 0
output: 1048576
END
}

# slow_program OUT: that program, which writes its processes to OUT/pids and is held by OUT/notes/hold.
slow_program() {
	mkdir -p "$1/bin" "$1/notes"
	cat > "$1/bin/packs-slow" << END
#!/bin/sh
exec sh $PWD/oracle/harness/test/faults/packs.sh slow $1/pids $PWD/build/lockdrill $1/notes "\$@"
END
	chmod +x "$1/bin/packs-slow"
}
