/** Tests that this machine's own public addresses count as private, in every notation. */
import * as os from 'node:os';
import { isPrivateAddress, isPrivateHost } from '../../../src/adapters/network/own-machine';

// The list of network interfaces is mocked, because a test machine has no public address. The function under test is real.
jest.mock('node:os', () => ({ ...jest.requireActual<typeof os>('node:os'), networkInterfaces: jest.fn() }));
beforeEach(() => {
  const infoOf = (address: string) => ({ address, family: 'IPv4', internal: false }) as os.NetworkInterfaceInfo;
  jest.mocked(os.networkInterfaces).mockReturnValue({ eth0: [infoOf('8.8.4.4'), infoOf('2606:4700::1111')] });
});

const OWN_ADDRESSES = [
  '8.8.4.4',
  '::ffff:8.8.4.4',
  '::ffff:808:404',
  '64:ff9b::808:404',
  '2606:4700:0:0::1111',
  '2606:4700::1111',
];

test.each(OWN_ADDRESSES)('%s is this machine', (address) => {
  expect(isPrivateAddress(address)).toBe(true);
  expect(isPrivateHost(address.includes(':') ? `[${address}]` : address)).toBe(true);
});

test.each(['8.8.8.8', '::ffff:8.8.8.8', '64:ff9b::808:808', '2606:4700::1112'])('%s is not this machine', (address) => {
  expect(isPrivateAddress(address)).toBe(false);
});
