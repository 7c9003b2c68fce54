/**
 * The packages of a change with what their registries say. Where nothing was added or moved, no registry is asked.
 */
import type { DependencyFact, Ecosystem, RegistryAnswer } from '../../../domain/packages/facts';
import type { PackageFact } from '../../../inspect/dependencies/packages';
import type { Deps } from '../../deps';

/** One change asks for no more packages than this; beyond it a person should look. */
const LOOK_UPS_LIMIT = 300;
const AT_ONCE = 8;

export async function withRegistry(
  { registry }: Pick<Deps, 'registry'>,
  packages: PackageFact[],
): Promise<DependencyFact[]> {
  const wanted = packages.filter(({ source }) => source === 'registry');
  const keys = [...new Set(wanted.map(({ ecosystem, name }) => `${ecosystem} ${name}`))];
  const answers = new Map<string, RegistryAnswer>();
  const queue = keys.slice(0, LOOK_UPS_LIMIT);
  const ask = async (): Promise<void> => {
    for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
      const [ecosystem, name] = key.split(' ') as [Ecosystem, string];
      answers.set(key, await registry.lookUp(ecosystem, name));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  const tooMany: RegistryAnswer = { state: 'unknown', why: `more than ${LOOK_UPS_LIMIT} packages are new` };
  return packages.map((fact) => ({
    ...fact,
    registry:
      fact.source === 'registry' ? (answers.get(`${fact.ecosystem} ${fact.name}`) ?? tooMany) : { state: 'unasked' },
  }));
}
