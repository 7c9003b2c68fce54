/** This machine's own public addresses are no way in, in whatever form a name server or a caller writes them. */
import * as os from 'node:os';
import { isPrivateAddress, isPrivateHost } from '../../../src/adapters/network/own-machine';

// No machine of the tests can be given a public address; what it is asked for is real.
jest.mock('node:os', () => ({ ...jest.requireActual<typeof os>('node:os'), networkInterfaces: jest.fn() }));
beforeEach(() => {
  const of = (address: string) => ({ address, family: 'IPv4', internal: false }) as os.NetworkInterfaceInfo;
  jest.mocked(os.networkInterfaces).mockReturnValue({ eth0: [of('8.8.4.4'), of('2606:4700::1111')] });
});

const OWN = [
  '8.8.4.4',
  '::ffff:8.8.4.4',
  '::ffff:808:404',
  '64:ff9b::808:404',
  '2606:4700:0:0::1111',
  '2606:4700::1111',
];

test.each(OWN)('%s is this machine', (address) => {
  expect(isPrivateAddress(address)).toBe(true);
  expect(isPrivateHost(address.includes(':') ? `[${address}]` : address)).toBe(true);
});

test.each(['8.8.8.8', '::ffff:8.8.8.8', '64:ff9b::808:808', '2606:4700::1112'])('%s is another one', (address) => {
  expect(isPrivateAddress(address)).toBe(false);
});
