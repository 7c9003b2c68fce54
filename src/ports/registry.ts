/**
 * Access to package registries, for the gates. Types only.
 */
import type { Ecosystem, RegistryAnswer } from '../domain/packages/facts';

/** Looks packages up by HTTP. It installs and runs nothing. */
export interface PackageRegistry {
  /** Never throws for a wrong or missing answer of the registry: it then gives the state `unknown` with the reason. */
  lookUp(ecosystem: Ecosystem, name: string): Promise<RegistryAnswer>;
}
