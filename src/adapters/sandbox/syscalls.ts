/**
 * Lists system calls that no build needs and that have been used to escape from sandboxes, each with its numbers on x86-64 and
 * on arm64.
 *
 * -1 means that the processor does not have the call. From 424 on, both processors have the same numbers.
 */
export type Processor = 'x64' | 'arm64';

const REFUSED = {
  // Other processes, their memory and their descriptors.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  move_pages: [279, 239],
  migrate_pages: [256, 238],
  // Mounts, roots and namespaces.
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  setns: [308, 268],
  unshare: [272, 97],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  fanotify_init: [300, 262],
  // Keys, which namespaces do not separate.
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // The kernel itself, and parts of it with many known exploits.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  syslog: [103, 116],
  vhangup: [153, 58],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  iopl: [172, -1],
  ioperm: [173, -1],
  modify_ldt: [154, -1],
  lookup_dcookie: [212, 18],
  nfsservctl: [180, 42],
  uselib: [134, -1],
  ustat: [136, -1],
  sysfs: [139, -1],
} as const;

/**
 * Calls that seem not to exist (ENOSYS), so that libraries use older ones: they get memory that no limit counts, or (io_uring)
 * bypass the filter.
 */
const ABSENT = {
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  clone3: [435, 435],
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  semget: [64, 190],
  msgget: [68, 186],
  mq_open: [240, 180],
} as const;

/** Calls that are allowed or refused by their arguments. */
const CHECKED = { clone: [56, 220], socket: [41, 198], ioctl: [16, 29], personality: [135, 92] } as const;

/** The newest call that this list considers; later ones seem not to exist (ENOSYS). */
export const NEWEST = 462;

export function callsOf(processor: Processor) {
  const column = processor === 'x64' ? 0 : 1;
  const numbers = (table: Record<string, readonly [number, number]>): number[] =>
    Object.values(table).flatMap((row) => (row[column] < 0 ? [] : [row[column]]));
  const checked = Object.fromEntries(Object.entries(CHECKED).map(([name, row]) => [name, row[column]]));
  return {
    refused: numbers(REFUSED),
    absent: numbers(ABSENT),
    ...(checked as Record<keyof typeof CHECKED, number>),
  };
}
