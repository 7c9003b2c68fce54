/**
 * Forwards connections to a proxy of the worker, for programs that cannot reach it themselves.
 *
 * - `node forward.cjs <socket> <command...>` runs a command whose only network is a Unix socket: it forwards connections to
 *   127.0.0.1:3128 to that socket.
 * - `node forward.cjs <socket> --connect <host> <port>` is the ProxyCommand of ssh in the sandbox: standard input and output are
 *   the connection.
 * - `node forward.cjs --gate <host> <port>` is the ProxyCommand of the worker's own ssh; Q_GATE is the address of its proxy.
 */
// @ts-check
'use strict';
const net = require('node:net');
const { spawn } = require('node:child_process');

const [, , place = '', program = '', ...args] = process.argv;

if (place === '--gate') {
  const gate = new URL(process.env['Q_GATE'] ?? '');
  const credentials = Buffer.from(`${gate.username}:${gate.password}`).toString('base64');
  const out = net.connect(Number(gate.port), gate.hostname);
  connectThrough(out, { host: program, port: args[0] ?? '', head: `Proxy-Authorization: Basic ${credentials}\r\n` });
} else if (program === '--connect') {
  connectThrough(net.connect(place), { host: args[0] ?? '', port: args[1] ?? '', head: '' });
} else runForwarded();

function runForwarded() {
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const out = net.connect({ path: place, allowHalfOpen: true });
    for (const [a, b] of /** @type {Array<[net.Socket, net.Socket]>} */ ([
      [client, out],
      [out, client],
    ])) {
      a.on('error', () => b.destroy());
      a.on('close', () => b.destroy());
      a.pipe(b);
    }
  });
  server.listen(3128, '127.0.0.1', () => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`);
      process.exit(127);
    });
    child.on('exit', (code, signal) => {
      if (signal) process.kill(process.pid, signal);
      process.exit(code ?? 1);
    });
  });
}

/** @param {net.Socket} out @param {{ host: string, port: string, head: string }} to */
function connectThrough(out, { host, port, head: headers }) {
  const at = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  out.write(`CONNECT ${at} HTTP/1.1\r\nHost: ${at}\r\n${headers}\r\n`);
  let head = '';
  out.on('error', () => process.exit(1));
  out.on('data', function take(chunk) {
    head += chunk.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    out.removeListener('data', take);
    if (!/^HTTP\/1\.[01] 200/.test(head)) {
      console.error((head.split('\r\n')[0] ?? '').replace(/^HTTP\/1\.1 \d+ /, 'proxy: '));
      process.exit(1);
    }
    process.stdout.write(Buffer.from(head.slice(end + 4), 'latin1'));
    process.stdin.pipe(out);
    out.pipe(process.stdout);
    out.on('close', () => process.exit(0));
  });
}
