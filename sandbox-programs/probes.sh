# Runs probes in a shell that try to escape from the sandbox, with programs that every system has.
# Arguments: canary file, process id, start time of that process in clock ticks, port in hex, name of the machine.
canary=$1 pid=$2 started=$3 port=$4 machine=$5
report() { printf 'probe\t%s\t%s\t%s\n' "$1" "$2" "$3"; }
probe() {
  name=$1; shift
  if got=$( { "$@"; } 2>/dev/null ); then report "$name" 1 "$(printf %s "$got" | head -c 100 | tr '\n\t' '  ')"; else report "$name" 0 ''; fi
}
opens() { ( : >> "$1" ) && echo "$1"; }
process() { [ "$(sed 's/.*) //' /proc/$pid/stat | cut -d ' ' -f 20)" = "$started" ] && kill -0 "$pid" && echo "$pid"; }
mounts() { mkdir -p m && mount -t tmpfs none m && umount m; }
some() { for each in "$@"; do [ -r "$each" ] && head -c 1 "$each" > one && [ -s one ] && echo "$each" && return 0; done; return 1; }
hooks() { mkdir -p .git/hooks && echo planted > .git/hooks/post-checkout; }

probe 'a file of another user of the machine' cat "$canary"
probe 'folders of the machine' ls -d /root /home /var/lib /srv /mnt /media /opt /boot
probe 'the settings of git' cat .git/config
probe 'a hook in .git' hooks
probe 'a new user namespace' unshare -Ur true
probe 'the namespaces of process 1' nsenter -t 1 -m true
probe 'mounting' mounts
probe 'making a device' mknod device b 1 1
probe 'a signal to a process outside' process
probe 'memory of the kernel' some /proc/kcore /proc/keys /proc/kallsyms /proc/kmsg
probe 'memory of process 1' some /proc/1/mem /proc/1/maps /proc/1/environ
probe 'the emergency key' opens /proc/sysrq-trigger
probe 'where cores go' opens /proc/sys/kernel/core_pattern
probe 'ports of this machine' grep -i ":$port " /proc/net/tcp
probe 'the terminal' opens /dev/tty
probe 'the name of the machine' test "$(hostname)" = "$machine"
probe 'another priority' nice -n -5 sh -c '[ "$(nice)" -lt 0 ]'
rm -f m/x one
echo 'probes done'
