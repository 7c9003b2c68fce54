/**
 * A package registry, as the gates ask it.
 */
import type { Ecosystem, RegistryAnswer } from '../domain/packages/facts';

/** What a package registry says of a package. Asks by HTTP only; nothing is installed, nothing runs. */
export interface PackageRegistry {
  /** Never throws for what the registry answers or does not: that is the state `unknown`, with the reason. */
  lookUp(ecosystem: Ecosystem, name: string): Promise<RegistryAnswer>;
}
