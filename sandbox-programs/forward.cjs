/**
 * Runs a command whose only network is a Unix socket: connections to 127.0.0.1:3128 go on to it.
 *
 * Usage: node forward.cjs <socket> <command...>. With `--connect <host> <port>` in the place of the command it is the
 * ProxyCommand of ssh: standard input and output are the connection.
 */
// @ts-check
'use strict';
const net = require('node:net');
const { spawn } = require('node:child_process');

const [, , socketPath = '', program = '', ...args] = process.argv;

if (program === '--connect') connectThrough(args[0] ?? '', args[1] ?? '');
else runForwarded();

function runForwarded() {
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const out = net.connect({ path: socketPath, allowHalfOpen: true });
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

/** @param {string} host @param {string} port */
function connectThrough(host, port) {
  const out = net.connect(socketPath, () =>
    out.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`),
  );
  let head = '';
  out.on('error', () => process.exit(1));
  out.on('data', function take(chunk) {
    head += chunk.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    out.removeListener('data', take);
    if (!/^HTTP\/1\.[01] 200/.test(head)) {
      console.error(head.slice(end + 4).trim() || head.split('\r\n')[0]);
      process.exit(1);
    }
    process.stdout.write(Buffer.from(head.slice(end + 4), 'latin1'));
    process.stdin.pipe(out);
    out.pipe(process.stdout);
    out.on('close', () => process.exit(0));
  });
}
