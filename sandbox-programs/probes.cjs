// @ts-check
/**
 * Probes that node tries from inside a sandbox. Each prints one line; what it tells is judged outside.
 *
 * A probe returns what it got hold of, or nothing. It harms nothing where no sandbox holds it.
 */
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const { dirname, join } = require('node:path');

/**
 * What a probe got hold of; anything falsy: nothing.
 *
 * @typedef {string | number | boolean | undefined} Got
 */

/** @type {Record<string, any>} */
const given = JSON.parse(process.argv.at(-1) ?? '');

/** @param {string} name @param {Got} [got] */
function tell(name, got) {
  const words = String(got || '').replace(/\s+/g, ' ');
  fs.writeSync(1, ['probe', name, got ? 1 : 0, words.slice(0, 200)].join('\t') + '\n');
}

/** @param {string} name @param {() => Got} act */
function probe(name, act) {
  /** @type {Got} */
  let got;
  try {
    got = act();
  } catch {
    // It was held.
  }
  tell(name, got);
}

/** @param {string[]} list @param {(each: string) => Got} act @returns {Got} */
function firstOf(list, act) {
  for (const each of list) {
    try {
      const got = act(each);
      if (got) return got;
    } catch {
      // This one is held; another may not be.
    }
  }
  return undefined;
}

/** @param {string} path */
function text(path) {
  return fs.readFileSync(path, 'utf8') && path;
}

/** @param {string} folder */
function writes(folder) {
  const path = join(folder, 'q-probe-' + process.pid);
  fs.writeFileSync(path, '');
  fs.unlinkSync(path);
  return path;
}

/**
 * What a place holds beside the toolchains that are shown on purpose; the place itself where it holds none.
 *
 * @param {string} path
 * @returns {string | undefined}
 */
function foreign(path) {
  if (given.toolchain.includes(path)) return undefined;
  const names = fs.statSync(path).isDirectory() ? fs.readdirSync(path) : [];
  const isAbove = given.toolchain.some((/** @type {string} */ shown) => shown.startsWith(path + '/'));
  return isAbove ? names.map((name) => foreign(path + '/' + name)).find(Boolean) : path;
}

const processes = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));

probe('a file of another user of the machine', () => text(given.canary));
probe("the program's own source", () => text(given.source));
probe('the scratch folder of another run', () => fs.readdirSync(given.scratch).join() || given.scratch);
probe('the home of the worker', () =>
  firstOf([given.home, '/root', '/home'], (path) => !['/', '/tmp'].includes(path) && foreign(path)),
);
probe('the password file', () => text('/etc/shadow'));
probe('variables of other processes', () => {
  const all = processes.map((pid) => {
    try {
      return fs.readFileSync('/proc/' + pid + '/environ', 'utf8');
    } catch {
      return '';
    }
  });
  const names = all
    .join('\0')
    .split('\0')
    .filter(Boolean)
    .map((line) => line.split('=')[0]);
  return [...new Set(names)]
    .filter((name) => !given.variables.includes(name))
    .slice(0, 5)
    .join();
});
probe('the root of another process', () => firstOf(processes, (pid) => text('/proc/' + pid + '/root' + given.canary)));
probe('writing beside the toolchain', () => firstOf([dirname(process.execPath), '/usr/bin', '/usr/lib'], writes));
probe('writing into the root folder', () => firstOf(['/', '/etc', '/dev', '/proc/1'], writes));
probe('settings of the kernel', () =>
  firstOf(['hostname', 'core_pattern', 'randomize_va_space'], (name) => {
    fs.closeSync(fs.openSync('/proc/sys/kernel/' + name, 'r+'));
    return name;
  }),
);
probe('the device tree', () => fs.readdirSync('/sys').join() && '/sys');
probe('control groups', () =>
  firstOf(
    ['/sys/fs/cgroup', '/sys/fs/cgroup/memory', '/sys/fs/cgroup/unified'],
    (path) => fs.openSync(path + '/cgroup.procs', 'r+') && path,
  ),
);
probe('devices of the machine', () =>
  firstOf(
    ['mem', 'kmsg', 'kvm', 'sda', 'vda', 'nvme0n1', 'fuse', 'net/tun', 'loop-control'],
    (name) => fs.openSync('/dev/' + name, 'r') && '/dev/' + name,
  ),
);
probe('a hard link to a file outside', () =>
  firstOf([given.canary, process.execPath], (path) => {
    fs.linkSync(path, 'hard-link');
    return path;
  }),
);
probe('sockets of services of the machine', () =>
  firstOf(
    [
      '/run/docker.sock',
      '/var/run/docker.sock',
      '/run/dbus/system_bus_socket',
      '/run/containerd/containerd.sock',
      given.socket,
    ],
    (path) => fs.statSync(path).isSocket() && path,
  ),
);
probe('a signal to a process outside', () => {
  const fields = fs.readFileSync('/proc/' + given.pid + '/stat', 'utf8').split(') ')[1];
  const started = fields?.split(' ')[19];
  return started === given.started && process.kill(given.pid, 0) && String(given.pid);
});
fs.symlinkSync(given.canary, 'link-out');
fs.symlinkSync('/', 'root-out');

/** @type {Record<string, net.NetConnectOpts>} */
const connections = {
  'a port of this machine': { port: given.port, host: '127.0.0.1' },
  'a port of this machine over IPv6': { port: given.port6, host: '::1' },
  'an abstract socket of this machine': { path: '\0' + given.abstract },
  'a socket file of this machine': { path: given.socket },
};
const attempts = Object.entries(connections).map(
  ([name, place]) =>
    new Promise((resolve) => {
      /** @param {string} [got] */
      const end = (got) => {
        tell(name, got);
        resolve(undefined);
      };
      if ('port' in place && place.port === 0) return end();
      const socket = net.connect(place);
      socket
        .on('connect', () => {
          socket.destroy();
          end('connected');
        })
        .on('error', () => end());
    }),
);
Promise.all(attempts).then(() => {
  console.log('probes done');
  process.exitCode = 43;
});
