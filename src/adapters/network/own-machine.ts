/**
 * Whether an address or a host is this machine or its network: the common list, and what this machine itself is called.
 */
import { hostname, networkInterfaces } from 'node:os';
import { addressIn, bareHost, embeddedIn, isInsideAddress, isInsideHost } from '../../inspect/inside-address';

/** Asked of the address that a connection then uses. True also of a text that is no address. */
export function isPrivateAddress(address: string): boolean {
  if (isInsideAddress(address)) return true;
  // A public address of this machine leads to what listens on all of its addresses, in whatever form it is written.
  const meant = embeddedIn(address) ?? addressIn(bareHost(address));
  return Object.values(networkInterfaces()).some((all) => all?.some((own) => own.address === meant) === true);
}

/** What can be told before a name is looked up: numbers in any spelling, names of this machine. */
export function isPrivateHost(host: string): boolean {
  if (isInsideHost(host)) return true;
  const bare = bareHost(host);
  const address = addressIn(bare);
  if (address !== undefined) return isPrivateAddress(address);
  const own = hostname().toLowerCase();
  return bare === own || bare === own.split('.')[0];
}
