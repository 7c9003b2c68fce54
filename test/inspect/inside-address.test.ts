/** S15: checks the list of internal addresses that no step and no git command of the worker may reach, in every notation. */
import { gitServerOf } from '../../src/inspect/git-address';
import { isInsideAddress, isInsideHost } from '../../src/inspect/inside-address';

test.each([
  ...['0.0.0.0', '0.255.255.255', '10.0.0.0', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1'],
  ...['127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.0.2.1', '192.88.99.1'],
  ...['192.168.0.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255'],
  ...['240.0.0.1', '255.255.255.255', '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
  ...['::ffff:10.0.0.1', '0:0:0:0:0:ffff:a9fe:a9fe', '64:ff9b::7f00:1', '64:ff9b::169.254.169.254', '64:ff9b:1::1'],
  ...['100::1', '2001::1', '2001:0:7f00:1::', '2001:db8::1', '2002:7f00:1::', '2002:a00:1::1', '3fff::1', '5f00::1'],
  ...['fc00::1', 'fd00:ec2::254', 'fe80::1', 'febf::1', 'fec0::1', 'ff02::1', '1::', 'not an address', '', '1.2.3'],
])('S15: %j is not an address of a public server', (address) => expect(isInsideAddress(address)).toBe(true));

test.each([
  ...['8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.1', '198.17.255.255'],
  ...['223.255.255.255', '2606:4700::1111', '2a00:1450:4001::1', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2003::1'],
])('S15: %j is an address of a public server', (address) => expect(isInsideAddress(address)).toBe(false));

test.each([
  ...['localhost', 'localhost.', 'LOCALHOST', 'a.localhost', 'ip6-localhost', 'localhost.localdomain'],
  ...['metadata', 'metadata.google.internal', 'metadata.google.internal.', 'instance-data.ec2.internal'],
  ...['host.docker.internal', '127.1', '127.0.1', '2130706433', '017700000001', '0x7f000001', '0x7f.1', '0177.0.0.1'],
  ...['0', '0x', '10.1', '0xa9fea9fe', '2852039166', '127.0.0.1.', '[::1]', '[::FFFF:127.0.0.1]', '[fe80::1%25eth0]'],
  ...['fe80::1%eth0', '256.256.256.256', '1.2.3.4.5', '[64:ff9b::7f00:1]', '::1'],
])('S15: the host %j is internal', (host) => expect(isInsideHost(host)).toBe(true));

test.each([
  'example.org',
  'localhost.example.org',
  '10.example.org',
  'mylocalhost',
  '8.8.8.8',
  '134744072',
  '[2606:4700::1111]',
])('S15: the host %j is not recognised as internal', (host) => expect(isInsideHost(host)).toBe(false));

test.each([
  ['https://a.example/x', 'a.example', 443],
  ['https://a.example:8443/x', 'a.example', 8443],
  ['https://0x7f.1/x', '127.0.0.1', 443],
  ['ssh://git@a.example/x', 'a.example', 22],
  ['ssh://git@a.example:2222/x', 'a.example', 2222],
  ['ssh://git@[::1]/x', '::1', 22],
  ['ssh://git@%6c%6fcalhost/x', 'localhost', 22],
  ['git@LOCALHOST:x', 'localhost', 22],
  ['git@[::1]:x', '::1', 22],
  ['git@[localhost:2222]:x', 'localhost', 2222],
])('S15: the server of %s is %s', (address, host, port) => expect(gitServerOf(address)).toEqual({ host, port }));

test('S15: a git address without a host has no server', () => {
  for (const address of ['https://[::1/shop', 'ssh:///x', 'git@', '/a/b']) expect(gitServerOf(address)).toBeUndefined();
});
