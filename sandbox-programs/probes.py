"""Runs probes in python3 that try to escape from the sandbox: system calls by number, limits, addresses. No packet is sent.

A system call counts as reached unless the kernel answers that it is forbidden (EPERM, EACCES) or does not exist (ENOSYS).
"""
import ctypes, errno, fcntl, json, os, platform, resource, signal, socket, stat, sys
input_values = json.loads(sys.argv[-1])
libc = ctypes.CDLL(None, use_errno=True)
column = 0 if platform.machine() == 'x86_64' else 1

def report(probe, got):
    sys.stdout.write('probe\t%s\t%d\t%s\n' % (probe, 1 if got else 0, str(got or '').replace('\n', ' ')[:200]))

def probe(name, act):
    try:
        got = act()
    except Exception:
        got = None
    report(name, got)

def reached(numbers, *args):
    answer = libc.syscall(ctypes.c_long(numbers[column]), *[ctypes.c_long(each) if isinstance(each, int) else each for each in args])
    error = ctypes.get_errno() if answer < 0 else 0
    return error not in (errno.EPERM, errno.ENOSYS, errno.EACCES) and 'answered ' + errno.errorcode.get(error, 'yes')

def in_child(act):
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if act() else 1)
        except BaseException:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0 and 'yes'

def trace():
    child = os.fork()
    if child == 0:
        signal.pause()
    try:
        return reached((101, 117), 0x4206, child, 0, 0)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

def clone_user():
    answer = libc.syscall(ctypes.c_long((56, 220)[column]), ctypes.c_long(0x10000000 | signal.SIGCHLD), 0, 0, 0, 0)
    if answer == 0:
        os._exit(0)
    return answer > 0 and os.waitpid(answer, 0) and 'yes'

def mounted():
    os.mkdir('mounted')
    if libc.mount(b'none', b'mounted', b'tmpfs', 0, None) != 0:
        return None
    libc.umount2(b'mounted', 2)
    return 'tmpfs'

def device():
    os.mknod('device', stat.S_IFBLK | 0o600, os.makedev(1, 1))
    os.unlink('device')
    return 'made'

def routed(family, address):
    with socket.socket(family, socket.SOCK_DGRAM) as udp:
        udp.connect((address, 53))
    return address

def name_server():
    for line in open('/etc/resolv.conf'):
        if line.startswith('nameserver'):
            return routed(socket.AF_INET, line.split()[1])

def family(*args):
    socket.socket(*args).close()
    return 'opened'

def typed():
    master, slave = os.openpty()
    fcntl.ioctl(slave, 0x5412, b'x')
    return 'typed'

def status(name):
    for line in open('/proc/self/status'):
        if line.startswith(name + ':'):
            return line.split()[1]

def unlimited(*names):
    return [name for name in names if resource.getrlimit(getattr(resource, name))[1] == resource.RLIM_INFINITY]

def descriptors():
    open_ones = {name: '/proc/self/fd/' + name for name in os.listdir('/proc/self/fd') if int(name) > 2}
    return [name for name, path in open_ones.items() if os.path.lexists(path) and os.readlink(path) != '/dev/null']

probe('inherited descriptors', descriptors)
buffer = ctypes.create_string_buffer(64)
probe('tracing a process', trace)
probe('memory of another process', lambda: reached((310, 270), os.getpid(), 0, 0, 0, 0, 0))
probe('descriptors of another process', lambda: reached((438, 438), -1, 0, 0))
probe('a new user namespace', lambda: in_child(lambda: libc.unshare(0x10000000) == 0))
probe('a new user namespace by clone', clone_user)
probe('entering a namespace', lambda: in_child(lambda: libc.setns(os.open('/proc/self/ns/uts', os.O_RDONLY), 0) == 0))
probe('mounting', mounted)
probe('the new mount calls', lambda: reached((430, 430), b'tmpfs', 0))
probe('a root of its own', lambda: in_child(lambda: os.chroot('.') or True))
probe('making a device', device)
probe('keys of the kernel', lambda: reached((250, 219), 0, -3, 0))
probe('programs in the kernel', lambda: reached((321, 280), 0, buffer, 4))
probe('performance counters', lambda: reached((298, 241), buffer, 0, -1, -1, 0))
probe('page faults in user space', lambda: reached((323, 282), 0))
probe('io_uring', lambda: reached((425, 425), 0, buffer))
probe('files by handle', lambda: reached((304, 265), -1, buffer, 0))
probe('another kernel', lambda: reached((246, 104), 0, 99999, 0, 0))
probe('modules of the kernel', lambda: reached((175, 105), 0, 0, 0))
probe('memory without a limit', lambda: reached((319, 279), b'q', 0))
probe('semaphores of the kernel', lambda: reached((64, 190), 0, 0, 0o600))
probe('a predictable address space', lambda: reached((135, 92), 0x0040000))
probe('the metadata address', lambda: routed(socket.AF_INET, '169.254.169.254'))
probe('the internet', lambda: routed(socket.AF_INET, '198.51.100.1'))
probe('the internet over IPv6', lambda: routed(socket.AF_INET6, '2001:db8::1'))
probe('a name server', name_server)
probe('raw packets', lambda: family(17, socket.SOCK_RAW))
probe('sockets to the hypervisor', lambda: family(40, socket.SOCK_STREAM))
probe('sockets of the kernel', lambda: family(socket.AF_NETLINK, socket.SOCK_RAW, 9))
probe('typing into a terminal', typed)
probe('becoming root', lambda: os.getuid() == 0 and 'is root' or os.setuid(0) or 'became root')
probe('rights of setuid programs', lambda: status('NoNewPrivs') != '1' and 'no_new_privs is off')
probe('capabilities', lambda: int(status('CapEff'), 16) and status('CapEff'))
probe('a core dump', lambda: resource.getrlimit(resource.RLIMIT_CORE)[1] not in (0, 1) and 'allowed')
probe('limits of a process', lambda: unlimited('RLIMIT_NPROC', 'RLIMIT_FSIZE', 'RLIMIT_CPU', 'RLIMIT_DATA'))
probe('the size of shared memory', lambda: os.statvfs('/dev/shm').f_blocks * os.statvfs('/dev/shm').f_frsize > 2 ** 30 and 'more than a gigabyte')
print('probes done')
