/**
 * Finds Java resources that the product loads by name and that exist only among the test resources. The delivered archive does not
 * contain them. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { isProduct, linesOf } from '../tree';
import type { DeliveredTree } from '../tree';

const TEST_RESOURCE = /^(.*?)src\/(?:test|testFixtures|integrationTest|it)\/resources\/(.+)$/;
/** Lists by which a framework finds a class. */
const CLASS_LIST =
  /^META-INF\/(?:services\/[\w.$]+|spring\.factories|spring\/[\w.]+\.imports|aop\.xml|beans\.xml|persistence\.xml|micronaut\/.+)$/;
const LOADS_RESOURCE =
  /(?:getResource(?:AsStream)?|getBundle|ClassPathResource|PropertySource|fromClasspath|Resources\.getResource)\s{0,3}\(\s{0,3}(?:value\s?=\s?)?"(?:classpath:)?\/?([\w./-]{1,200})"|"classpath:\/?([\w./-]{1,200})"/g;

export function findTestOnlyResources(tree: DeliveredTree): DeliveredFact[] {
  return [...findListedClasses(tree), ...findLoadedResources(tree)];
}

/** Finds lists among the test resources to which the change adds a class of the product. */
function findListedClasses(tree: DeliveredTree): DeliveredFact[] {
  return tree.files.flatMap(({ path, status }): DeliveredFact[] => {
    const [, root = '', name = ''] = TEST_RESOURCE.exec(path) ?? [];
    if (status === 'deleted' || !CLASS_LIST.test(name)) return [];
    const former = linesOf(tree.before.get(path) ?? '');
    for (const [at, text] of linesOf(tree.after.get(path) ?? '').entries()) {
      const source = former.includes(text) ? undefined : classIn(tree, text);
      if (source === undefined || isInstalled(tree, `${root}src/main/`, { name, source })) continue;
      const what = `installs ${source}, a class of the product, for the tests alone: what is delivered has no such entry below src/main; install it there`;
      return [{ path, line: at + 1, what, text }];
    }
    return [];
  });
}

function classIn({ paths }: DeliveredTree, text: string): string | undefined {
  const names = text.replace(/#.*$/, '').match(/\b[a-z]\w*(?:\.\w+)*\.[A-Z]\w*/g) ?? [];
  return names
    .map((name) => `/${name.replaceAll('.', '/')}`)
    .map((name) => paths.find((path) => /(^|\/)src\/main\//.test(path) && path.replace(/\.\w+$/, '').endsWith(name)))
    .find((path) => path !== undefined);
}

function isInstalled(
  { paths, after }: DeliveredTree,
  main: string,
  { name, source }: { name: string; source: string },
): boolean {
  const text = after.get(source) ?? '';
  if (/@(?:AutoService|ServiceProvider|MetaInfServices|Component|Service|Configuration|Named|Singleton)\b/.test(text))
    return true;
  const path = `${main}resources/${name}`;
  const list = after.get(path);
  const className = (source.split('/').at(-1) ?? '').replace(/\.\w+$/, '');
  if (list === undefined)
    return (
      paths.includes(path) ||
      [...after].some(([one, moduleText]) => /module-info\.java$/.test(one) && moduleText.includes(className))
    );
  return list.includes(className);
}

function findLoadedResources(tree: DeliveredTree): DeliveredFact[] {
  return tree.added.flatMap(({ path, line, text }): DeliveredFact[] => {
    if (!/\.(?:java|kt|scala|groovy)$/.test(path) || !isProduct(path)) return [];
    const names = [...text.slice(0, 1_000).matchAll(LOADS_RESOURCE)].map((one) => one[1] ?? one[2] ?? '');
    for (const name of names) {
      const all = tree.paths.filter((one) => one.endsWith(`/resources/${name}`) || one.endsWith(`/${name}`));
      const testFile = all.find((one) => TEST_RESOURCE.test(one));
      if (testFile === undefined || !all.every((one) => TEST_RESOURCE.test(one))) continue;
      const what = `loads ${name}, which lies only among the resources of the tests (${testFile}) and is not delivered; move it below src/main/resources`;
      return [{ path, line, what, text }];
    }
    return [];
  });
}
