#!/bin/sh
# A level in shards: by GNU parallel, here and over ssh to a server of its own; and by a Slurm of its own on
# this machine, where shards are killed, requeued, lost, started twice, and meet a full disk. In the end the
# answers are those of one machine.
# Skipped, aloud, where the programs are missing or where it may not start daemons.
set -u
cd "$(dirname "$0")/.." || exit
here=$PWD
out=$here/build/cluster
drill=$here/build/lockdrill
. ci/checks.sh
. ci/slow.sh
[ -x "$drill" ] || { echo "build/lockdrill is missing: make build"; exit 2; }
mountpoint -q "$out/small" 2> build/found && umount "$out/small"
rm -rf "$out"
mkdir -p "$out/small"
export LOCKDRILL="$drill"

slow_program "$out"
slow_adapter "$out"
level="--data $out/data --level smoke --checker packs-slow --quiet"

answers() {
	sqlite3 "$1" 'SELECT number, repeat, state, findings FROM answers ORDER BY 1, 2' 2>&1
}

# same NAME DB: the answers of one machine, all of them.
same() {
	answers "$2" > "$out/answers"
	cmp -s "$out/right" "$out/answers" && good || bad "$1: other answers" "$out/answers"
}

# refused NAME WHAT: the last command, whose words are in $out/said, said WHAT and ended with status 2.
refused() {
	[ "$status" = 2 ] && grep -q "$2" "$out/said" && good || bad "$1: status $status" "$out/said"
}

# shellcheck disable=SC2086 # words
"$drill" run $level --db "$out/right.db" > "$out/said" 2>&1
answers "$out/right.db" > "$out/right"
[ "$(grep -c . "$out/right")" = 200 ] && good || bad 'one machine' "$out/said"

# one shard by itself
dir=$out/alone
for part in 1 a/4 1/ /4 1/2/3; do
	sh ci/slurm/shard.sh "$dir" $part run $level > "$out/said" 2>&1
	status=$?
	refused "shard $part" 'a shard is K/N'
done
sh ci/slurm/shard.sh "$dir" 0/4 walk > "$out/said" 2>&1
status=$?
refused 'neither run nor verify' 'run or verify'
# shellcheck disable=SC2086 # words
sh ci/slurm/shard.sh "$dir" 0/4 run $level > "$out/said" 2>&1 && [ -e "$dir/shard-0.db" ] && good ||
	bad 'a shard' "$out/said"
# shellcheck disable=SC2086 # words
sh ci/slurm/shard.sh "$dir" 0/4 run $level > "$out/said" 2>&1 && grep -q 'is there' "$out/said" && good ||
	bad 'a shard that is there' "$out/said"
echo 4 > "$dir/shards"
sh ci/slurm/merge.sh "$dir" run > "$out/said" 2>&1
status=$?
refused 'lost shards' 'missing: 1,2,3'
[ ! -e "$dir/whole.db" ] && good || bad 'lost shards: merged'

# the disk is full while a shard is asked
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=68m none "$out/small" 2> "$out/said"; then
	dd if=/dev/zero of="$out/small/filler" bs=1M count=10 2> "$out/said"
	# shellcheck disable=SC2086 # words
	sh ci/slurm/shard.sh "$out/small" 1/4 run $level > "$out/said" 2>&1
	status=$?
	refused 'a full disk' 'are free there'
	[ ! -e "$out/small/shard-1.db" ] && good || bad 'a full disk: a shard that is not whole'
	rm "$out/small/filler"
	mount -o remount,size=99m "$out/small"
	# shellcheck disable=SC2086 # words
	sh ci/slurm/shard.sh "$out/small" 1/4 run $level > "$out/said" 2>&1 &&
		cp "$out/small/shard-1.db" "$dir/" && good || bad 'room again' "$out/said"
	umount "$out/small"
else
	echo "cluster: skipped: no file system can be mounted, no disk is full"
fi

# GNU parallel
if command -v parallel > build/found; then
	# shellcheck disable=SC2086 # words
	sh ci/slurm/parallel.sh "$dir" 4 2/: run $level > "$out/said" 2>&1 || bad parallel "$out/said"
	same parallel "$dir/whole.db"
	# shellcheck disable=SC2086 # words
	sh ci/slurm/parallel.sh "$dir" 5 2/: run $level > "$out/said" 2>&1
	status=$?
	refused 'another number of shards' 'in 4 shards, not 5'
	sh ci/slurm/parallel.sh "$out/verified" 3 2/: verify --level full --size-of nothing > "$out/said" 2>&1
	status=$?
	refused 'an option that is none' 'size-of'
	sh ci/slurm/parallel.sh "$out/proved" 2 2/: verify --level smoke --rule CancelSpinlockRelease \
		> "$out/said" 2>&1
	[ $? = 0 ] && [ "$(grep -c 'cases agree' "$out/proved/whole.txt")" = 2 ] && good ||
		bad 'a verification' "$out/said"
else
	echo "cluster: skipped: parallel is not here (ci/setup --all)"
fi

# GNU parallel over ssh: two machines, which are this one, by a server on a port and with keys of its own, and
# a third one that is gone. Ends with $why: "", or what is missing.
over_ssh() {
	why= server=$(command -v /usr/sbin/sshd || command -v sshd) || why='sshd'
	for program in ssh ssh-keygen parallel; do
		command -v $program > build/found || why=$program
	done
	[ -z "$why" ] || { why="$why is not here (ci/setup --all)" && return; }
	ssh=$(mktemp -d) made=
	for key in host user; do ssh-keygen -q -t ed25519 -N '' -f "$ssh/$key" > "$out/said" 2>&1; done
	cp "$ssh/user.pub" "$ssh/authorized"
	port=$((20000 + $$ % 10000))
	cat > "$ssh/server" <<- END
		Port $port
		ListenAddress 127.0.0.1
		HostKey $ssh/host
		AuthorizedKeysFile $ssh/authorized
		PasswordAuthentication no
		PermitRootLogin prohibit-password
		StrictModes no
		UsePAM no
		PidFile none
	END
	cat > "$ssh/client" <<- END
		Host one two gone
		HostName 127.0.0.1
		IdentityFile $ssh/user
		IdentitiesOnly yes
		UserKnownHostsFile $ssh/known
		GlobalKnownHostsFile none
		BatchMode yes
		Host one two
		Port $port
		Host gone
		Port 1
	END
	echo "[127.0.0.1]:$port $(cut -d ' ' -f 1,2 "$ssh/host.pub")" > "$ssh/known"
	[ "$(id -u)" != 0 ] || [ -d /run/sshd ] || { mkdir -m 755 /run/sshd && made=yes; }
	"$server" -D -e -f "$ssh/server" > "$ssh/log" 2>&1 &
	daemon=$!
	tries=100
	until ssh -F "$ssh/client" one true 2> "$out/said" || [ $((tries -= 1)) = 0 ]; do
		kill -0 $daemon 2> build/found || tries=1
		sleep 0.1
	done
	if [ $tries = 0 ]; then why="no way in by ssh: $(tail -n 1 "$ssh/log")"; else ask_over_ssh; fi
	kill $daemon 2> build/found
	wait $daemon 2> build/found
	[ -z "$made" ] || rmdir /run/sshd
	rm -rf "$ssh"
}

ask_over_ssh() {
	PARALLEL_SSH="ssh -F $ssh/client"
	export PARALLEL_SSH
	# shellcheck disable=SC2086 # words
	sh ci/slurm/parallel.sh "$out/ssh" 4 1/one,1/two run $level > "$out/said" 2>&1 || bad ssh "$out/said"
	same 'over ssh' "$out/ssh/whole.db"
	cut -f 2 "$out/ssh/jobs.log" | grep -e one -e two | sort -u > "$out/hosts"
	[ "$(grep -c . "$out/hosts")" = 2 ] && good || bad 'not on both machines' "$out/ssh/jobs.log"
	# shellcheck disable=SC2086 # words
	sh ci/slurm/parallel.sh "$out/gone" 4 1/gone,1/one run $level > "$out/said" 2>&1 ||
		bad 'a machine that is gone' "$out/said"
	same 'a machine that is gone' "$out/gone/whole.db"
	unset PARALLEL_SSH
}
over_ssh
[ -z "$why" ] || echo "cluster: skipped: over ssh: $why"

# Slurm
for program in slurmctld slurmd munged sbatch; do
	command -v $program > build/found 2>&1 || missing=$program
done
if [ "${missing:-}" ] || [ "$(id -u)" != 0 ]; then
	echo "cluster: skipped: ${missing:-the right to start daemons} is not here (ci/setup --all), no Slurm"
	echo "cluster: $passed passed, $failed failed"
	[ $failed = 0 ]
	exit
fi

# The daemons keep all that they have below $slurm, which is short, for sockets have short names.
slurm=$(mktemp -d)
mkdir -p "$slurm/state" "$slurm/spool" "$slurm/munge"
dd if=/dev/urandom of="$slurm/munge/key" bs=1024 count=1 2> "$out/said"
chmod 600 "$slurm/munge/key"
chmod 755 "$slurm"
chown -R munge: "$slurm/munge"
host=$(hostname)
cat > "$slurm/slurm.conf" << END
ClusterName=lockdrill
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$slurm/munge/socket
CryptoType=crypto/munge
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.pid
SlurmctldLogFile=$slurm/slurmctld.log
SlurmdLogFile=$slurm/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
JobRequeue=1
MinJobAge=300
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=1,bf_interval=1
AccountingStorageType=accounting_storage/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF="$slurm/slurm.conf"
daemons=
begin() {
	"$@" > "$slurm/daemon" 2>&1 &
	daemons="$! $daemons"
}
end() {
	for daemon in $daemons; do
		kill "$daemon" 2> "$slurm/ended"
		wait "$daemon" 2> "$slurm/ended"
	done
	rm -rf "$slurm"
}
trap end EXIT
begin runuser -u munge -- munged --foreground --force --key-file="$slurm/munge/key" \
	--socket="$slurm/munge/socket" --pid-file="$slurm/munge/pid" \
	--log-file="$slurm/munge/log" --seed-file="$slurm/munge/seed"
begin slurmctld -D
begin slurmd -D
tries=600
until sinfo -h -o %t 2> "$slurm/asked" | grep -q idle || [ $((tries -= 1)) = 0 ]; do sleep 0.1; done
if [ $tries = 0 ]; then
	bad 'Slurm does not begin' "$slurm/slurmctld.log" "$slurm/slurmd.log"
	echo "cluster: $passed passed, $failed failed"
	exit 1
fi

# await TEST...: until it holds; what is long is not what is tested.
await() {
	tries=1200
	until "$@" > "$slurm/asked" 2>&1; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.1
	done
}
no_jobs() { [ -z "$(squeue -h)" ]; }
runs() { squeue -h -t running -o %K | grep -qx "$1" && [ -e "$dir/shard-$1.part.db" ]; }
# submit: the shards that are missing.
submit() {
	# shellcheck disable=SC2086 # words
	sh ci/slurm/submit.sh "$dir" 4 run $level > "$out/said" 2>&1 || bad 'submit' "$out/said"
	job=$(sed -n 's/.*shards: job \([0-9]*\);.*/\1/p' "$out/said")
}

dir=$out/slurm
mkdir -p "$dir"
: > "$out/pids"
echo 20 > "$out/notes/hold" # so that shards are there to be killed
submit
await runs 0 && await runs 1 && good || bad 'two shards at once' "$slurm/slurmctld.log"
# killed: without a word; and requeued
for pid in $(grep -lsaF "$dir/shard-0.part.db" /proc/[0-9]*/cmdline | sed 's/[^0-9]//g'); do
	{ read -r name < "/proc/$pid/comm"; } 2> "$slurm/asked" && [ "$name" = lockdrill ] &&
		kill -KILL "$pid" && hit=yes
done
[ "${hit:-}" ] && good || bad 'no process of a shard is there to be killed'
scontrol requeue "${job}_1" > "$slurm/asked" 2>&1 && good || bad 'requeue' "$slurm/asked"
# doubled: one more of a shard that runs
rm -f "$out/notes/hold"
# shellcheck disable=SC2086 # words
sh ci/slurm/shard.sh "$dir" 1/4 run $level > "$out/said" 2>&1 && good || bad 'a doubled shard' "$out/said"
await no_jobs && good || bad 'jobs that do not end' "$slurm/slurmctld.log"
[ ! -e "$dir/shard-0.db" ] && good || bad 'the killed shard passes for whole'
grep -q 'missing:.*0' "$dir/merge.log" && [ ! -e "$dir/whole.db" ] && good ||
	bad 'a lost shard' "$dir/merge.log"
# lost
rm -f "$dir/shard-3.db"
submit
await no_jobs && good || bad 'jobs that do not end' "$slurm/slurmctld.log"
[ -e "$dir/whole.db" ] || bad 'no whole' "$dir/merge.log"
same 'killed, requeued, doubled and lost' "$dir/whole.db"
# The number of shards is measured.
dir=$out/auto
# shellcheck disable=SC2086 # words
sh ci/slurm/submit.sh "$dir" auto run --level smoke --checker coin --quiet > "$out/said" 2>&1 &&
	await no_jobs && [ -e "$dir/whole.db" ] && good || bad 'auto' "$out/said"

echo "cluster: $passed passed, $failed failed"
[ $failed = 0 ]
