/**
 * Adds the answers of the package registries to the packages of a change.
 */
import pLimit from 'p-limit';
import type { DependencyFact, Ecosystem, RegistryAnswer } from '../../../domain/packages/facts';
import type { PackageFact } from '../../../inspect/dependencies/packages';
import type { Deps } from '../../deps';

/** The most packages of one change that are looked up; a change with more needs a person. */
const MAX_LOOK_UPS = 300;
const MAX_CONCURRENT_LOOK_UPS = 8;

export async function withRegistry(
  { registry }: Pick<Deps, 'registry'>,
  packages: PackageFact[],
): Promise<DependencyFact[]> {
  const fromRegistry = packages.filter(({ source }) => source === 'registry');
  const keys = [...new Set(fromRegistry.map(({ ecosystem, name }) => `${ecosystem} ${name}`))];
  const lookUps = await pLimit(MAX_CONCURRENT_LOOK_UPS).map(keys.slice(0, MAX_LOOK_UPS), async (key) => {
    const [ecosystem, name] = key.split(' ') as [Ecosystem, string];
    return [key, await registry.lookUp(ecosystem, name)] as const;
  });
  const answers = new Map<string, RegistryAnswer>(lookUps);
  const tooMany: RegistryAnswer = { state: 'unknown', why: `more than ${MAX_LOOK_UPS} packages are new` };
  return packages.map((fact) => ({
    ...fact,
    registry:
      fact.source === 'registry' ? (answers.get(`${fact.ecosystem} ${fact.name}`) ?? tooMany) : { state: 'unasked' },
  }));
}
