/**
 * Tells whether an address or a host name leads to this machine or a private network: by the general list of such addresses,
 * and by the addresses and the name of this machine.
 */
import { hostname, networkInterfaces } from 'node:os';
import { addressIn, bareHost, embeddedIpv4, isInsideAddress, isInsideHost } from '../../inspect/inside-address';

/** Pass the same address that the connection will use. Returns true also for a text that is no address. */
export function isPrivateAddress(address: string): boolean {
  if (isInsideAddress(address)) return true;
  // A public address of this machine, in any notation, reaches the servers here that listen on all addresses.
  const actualAddress = embeddedIpv4(address) ?? addressIn(bareHost(address));
  return Object.values(networkInterfaces()).some(
    (all) => all?.some((networkAddress) => networkAddress.address === actualAddress) === true,
  );
}

/** Decides without DNS: recognises IP addresses in any notation and the names of this machine. */
export function isPrivateHost(host: string): boolean {
  if (isInsideHost(host)) return true;
  const bareName = bareHost(host);
  const address = addressIn(bareName);
  if (address !== undefined) return isPrivateAddress(address);
  const ownName = hostname().toLowerCase();
  return bareName === ownName || bareName === ownName.split('.')[0];
}
