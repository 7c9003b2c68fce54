/**
 * A small SMTP server for tests (RFC 5321): it takes mail with a login, keeps it, and refuses recipients that the test names.
 */
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface Mail {
  from: string;
  to: string[];
  /** Headers and text as they came, with single line feeds. */
  data: string;
}

export interface SmtpServer {
  url: string;
  mails: Mail[];
  /** The login of each connection, as `user:password`. */
  logins: string[];
  stop(): Promise<void>;
}

/** `answerTo`: gives the code by which a recipient is answered. Default: 250. */
export async function startSmtp(answerTo: (recipient: string) => number = () => 250): Promise<SmtpServer> {
  const mails: Mail[] = [];
  const logins: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket, { mails, logins, answerTo });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `smtp://ada:secret@127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ mails, logins },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Keeper {
  mails: Mail[];
  logins: string[];
  answerTo: (recipient: string) => number;
}

function serve(socket: Socket, { mails, logins, answerTo }: Keeper): void {
  let mail: Mail = { from: '', to: [], data: '' };
  let isData = false;
  let buffered = '';
  const answer = (line: string) => socket.write(`${line}\r\n`);
  const take = (line: string): void => {
    if (isData) {
      if (line !== '.') return void (mail.data += `${line.replace(/^\.\./, '.')}\n`);
      isData = false;
      mails.push(mail);
      mail = { from: '', to: [], data: '' };
      return void answer('250 kept');
    }
    const [, verb = '', rest = ''] = /^(\w+)\s*(.*)$/.exec(line) ?? [];
    switch (verb.toUpperCase()) {
      case 'EHLO':
        return void socket.write('250-test\r\n250 AUTH PLAIN\r\n');
      case 'AUTH':
        logins.push(
          Buffer.from(rest.split(' ')[1] ?? '', 'base64')
            .toString('utf8')
            .split('\0')
            .slice(1)
            .join(':'),
        );
        return void answer('235 welcome');
      case 'MAIL':
        mail.from = /<(.*?)>/.exec(rest)?.[1] ?? '';
        return void answer('250 ok');
      case 'RCPT': {
        const recipient = /<(.*?)>/.exec(rest)?.[1] ?? '';
        const code = answerTo(recipient);
        if (code === 250) mail.to.push(recipient);
        return void answer(`${code} ${code === 250 ? 'ok' : 'no, ada, your secret is out'}`);
      }
      case 'DATA':
        isData = true;
        return void answer('354 go on');
      case 'QUIT':
        answer('221 bye');
        return void socket.end();
      default:
        return void answer('250 ok');
    }
  };
  socket.on('data', (chunk: Buffer) => {
    buffered += chunk.toString('utf8');
    for (let end = buffered.indexOf('\r\n'); end !== -1; end = buffered.indexOf('\r\n')) {
      take(buffered.slice(0, end));
      buffered = buffered.slice(end + 2);
    }
  });
  answer('220 test');
}
