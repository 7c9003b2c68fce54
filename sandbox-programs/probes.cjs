// @ts-check
/**
 * Runs probes in node that try to escape from the sandbox. Each prints one line, which the worker judges.
 *
 * A probe returns the thing that it reached, or nothing. It does no harm, even without a sandbox.
 */
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const { dirname, join } = require('node:path');

/**
 * The thing that a probe reached; a falsy value means nothing.
 *
 * @typedef {string | number | boolean | undefined} Reached
 */

/** @type {Record<string, any>} */
const input = JSON.parse(process.argv.at(-1) ?? '');

/** @param {string} name @param {Reached} [got] */
function report(name, got) {
  const words = String(got || '').replace(/\s+/g, ' ');
  fs.writeSync(1, ['probe', name, got ? 1 : 0, words.slice(0, 200)].join('\t') + '\n');
}

/** @param {string} name @param {() => Reached} act */
function probe(name, act) {
  /** @type {Reached} */
  let got;
  try {
    got = act();
  } catch {
    // The sandbox refused it.
  }
  report(name, got);
}

/** @param {string[]} list @param {(each: string) => Reached} act @returns {Reached} */
function firstOf(list, act) {
  for (const each of list) {
    try {
      const got = act(each);
      if (got) return got;
    } catch {
      // The sandbox refused this one; the next may succeed.
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
 * Returns something in the folder that does not belong to the toolchains that the sandbox shows on purpose; the folder itself if
 * no toolchain is below it.
 *
 * @param {string} path
 * @returns {string | undefined}
 */
function foreign(path) {
  if (input.toolchain.includes(path)) return undefined;
  const names = fs.statSync(path).isDirectory() ? fs.readdirSync(path) : [];
  const isAbove = input.toolchain.some((/** @type {string} */ shown) => shown.startsWith(path + '/'));
  return isAbove ? names.map((name) => foreign(path + '/' + name)).find(Boolean) : path;
}

const processes = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));

probe('a file of another user of the machine', () => text(input.canary));
probe("the program's own source", () => text(input.source));
probe('the scratch folder of another run', () => fs.readdirSync(input.scratch).join() || input.scratch);
probe('the home of the worker', () =>
  firstOf([input.home, '/root', '/home'], (path) => !['/', '/tmp'].includes(path) && foreign(path)),
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
    .filter((name) => !input.variables.includes(name))
    .slice(0, 5)
    .join();
});
probe('the root of another process', () => firstOf(processes, (pid) => text('/proc/' + pid + '/root' + input.canary)));
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
  firstOf([input.canary, process.execPath], (path) => {
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
      input.socket,
    ],
    (path) => fs.statSync(path).isSocket() && path,
  ),
);
probe('a signal to a process outside', () => {
  const fields = fs.readFileSync('/proc/' + input.pid + '/stat', 'utf8').split(') ')[1];
  const started = fields?.split(' ')[19];
  return started === input.started && process.kill(input.pid, 0) && String(input.pid);
});
fs.symlinkSync(input.canary, 'link-out');
fs.symlinkSync('/', 'root-out');

/** @type {Record<string, net.NetConnectOpts>} */
const connections = {
  'a port of this machine': { port: input.port, host: '127.0.0.1' },
  'a port of this machine over IPv6': { port: input.port6, host: '::1' },
  'an abstract socket of this machine': { path: '\0' + input.abstract },
  'a socket file of this machine': { path: input.socket },
};
const attempts = Object.entries(connections).map(
  ([name, place]) =>
    new Promise((resolve) => {
      /** @param {string} [got] */
      const end = (got) => {
        report(name, got);
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
