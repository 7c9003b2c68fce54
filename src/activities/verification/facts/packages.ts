/**
 * The packages of a change with what their registries say. Where nothing was added or moved, no registry is asked.
 */
import pLimit from 'p-limit';
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
  const asked = await pLimit(AT_ONCE).map(keys.slice(0, LOOK_UPS_LIMIT), async (key) => {
    const [ecosystem, name] = key.split(' ') as [Ecosystem, string];
    return [key, await registry.lookUp(ecosystem, name)] as const;
  });
  const answers = new Map<string, RegistryAnswer>(asked);
  const tooMany: RegistryAnswer = { state: 'unknown', why: `more than ${LOOK_UPS_LIMIT} packages are new` };
  return packages.map((fact) => ({
    ...fact,
    registry:
      fact.source === 'registry' ? (answers.get(`${fact.ecosystem} ${fact.name}`) ?? tooMany) : { state: 'unasked' },
  }));
}
