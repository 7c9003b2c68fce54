/**
 * Finds in pom.xml, Maven's settings, Gradle's build files and both wrappers other repositories, and programs that run
 * in the build.
 */
import { isLoopback, isOfRegistry, leavesRepository } from './addresses';
import { codeLines, newLines, originAt, shorten } from './origin';
import type { Origin, OriginFile } from './origin';

/** Returns the XML elements with their paths and the text after their opening tag. A pom has no DTD and no namespaces. */
function elementsOf(text: string): Array<{ path: string; value: string }> {
  const bare = withoutComments(text);
  const above: string[] = [];
  const found: Array<{ path: string; value: string }> = [];
  for (const [, close, name = '', self, value = ''] of bare.matchAll(/<(\/?)([A-Za-z][\w.:-]*)[^<>]*?(\/?)>([^<]*)/g)) {
    if (close === '/') above.pop();
    else {
      found.push({ path: [...above, name].join('/'), value: value.trim() });
      if (self !== '/' && above.length < 60) above.push(name);
    }
  }
  return found;
}

/** Removes comments. An unclosed comment stays, so that it cannot hide the rest. */
function withoutComments(text: string): string {
  const [first = '', ...rest] = text.split('<!--');
  return rest.reduce((kept, part) => {
    const end = part.indexOf('-->');
    return kept + (end < 0 ? part : part.slice(end + 3));
  }, first);
}

/** Maven plugins that run programs or scripts. */
const RUNNING_PLUGIN =
  /^(exec-maven-plugin|maven-antrun-plugin|gmaven(plus)?-plugin|groovy-maven-plugin|frontend-maven-plugin|download-maven-plugin|maven-invoker-plugin)$/;

export function pomOrigins(text: string): Origin[] {
  const say = (needle: string, what: string): Origin[] => [originAt(needle, what)];
  return elementsOf(text).flatMap(({ path, value }) => {
    if (/(repositories\/repository|pluginRepositories\/pluginRepository|mirrors\/mirror)\/url$/.test(path))
      return isOfRegistry(value, 'maven') ? [] : say(value, `takes packages from ${shorten(value)}`);
    if (/\/systemPath$/.test(path)) return say(value, `takes a package from the path ${shorten(value)}`);
    if (/\/plugin\/artifactId$/.test(path) && RUNNING_PLUGIN.test(value))
      return say(value, `runs programs in the build: ${value}`);
    if (/\/extension\/artifactId$/.test(path)) return say(value, `loads an extension of the build: ${shorten(value)}`);
    if (/\/relativePath$/.test(path) && /^[/~]|\$/.test(value))
      return say(value, `has its parent at ${shorten(value)}`);
    return /\/plugin(s)?\/.*\/(executable|argLine|jvmArgs)$/.test(path)
      ? say(value, `runs "${shorten(value)}" in the build`)
      : [];
  });
}

/** Reads .mvn/maven.config and .mvn/jvm.config: options of each run. */
export function mavenConfigOrigins(text: string): Origin[] {
  return codeLines(text)
    .filter(
      (one) =>
        !/^(-T\S*|-B|--batch-mode|-ntp|--no-transfer-progress|-q|-e|-X(m[sx]|ss)\w+|-D(revision|style\.color|maven\.(compiler|wagon)\S*|file\.encoding)\S*|\d+C?)$/.test(
          one.text,
        ),
    )
    .map((one) => ({ line: one.line, what: `sets "${shorten(one.text)}"` }));
}

export function wrapperOrigins(text: string, file: OriginFile): Origin[] {
  return newLines(text, file).flatMap(({ line, text: setting }) => {
    const address = setting
      .slice(setting.indexOf('=') + 1)
      .replaceAll('\\:', ':')
      .trim();
    const isAddress = /^(distributionUrl|wrapperUrl)\s*=/.test(setting);
    return isAddress && !isOfRegistry(address, 'gradle', 'maven')
      ? [{ line, what: `fetches the build tool from ${shorten(address)}` }]
      : [];
  });
}

/** Lines of a Gradle build file that fetch from elsewhere, load other code, or start programs. */
const RISKY_LINES: ReadonlyArray<[RegExp, string]> = [
  [/\bapply\s*\(?\s*(from|\{\s*from)\b/, 'loads a build file'],
  [/\b(flatDir|ivy)\b\s*[({]/, 'takes packages from another place'],
  [/\bincludeBuild\b/, 'loads another build'],
  [
    /\b(commandLine|exec\s*[({]|javaexec\s*[({]|ProcessBuilder|getRuntime\s*\(|\.execute\s*\(|URLClassLoader|GroovyShell|new\s+URL\b)/,
    'starts programs or loads code',
  ],
  [/\b(files|fileTree)\s*\([^)]*\.jar/, 'takes a package from a file'],
  [/\b(eachDependency|substitute|dependencySubstitution|useTarget)\b/, 'puts something in the place of packages'],
  [/\ballowInsecureProtocol\b/, 'fetches without TLS'],
];

export function gradleOrigins(text: string, { path }: OriginFile): Origin[] {
  return codeLines(text, /^(\/\/|\*|\/\*)/).flatMap(({ line, text: row }) => {
    const addresses = [...row.matchAll(/\b(?:https?|git|file):\/\/[^\s"')]{1,400}/g)].map(([address]) => address);
    const isSource = /\b(maven|url|uri|setUrl|artifactUrls)\b/.test(row);
    const foreign = addresses.filter((one) => isSource && !isOfRegistry(one, 'maven', 'gradle') && !isLoopback(one));
    const risks = RISKY_LINES.filter(([pattern]) => pattern.test(row) && !loadsOwnFile(path, row));
    return [
      ...foreign.map((one) => ({ line, what: `names the address ${shorten(one)}` })),
      ...risks.map(([, what]) => ({ line, what: `${what}: ${shorten(row)}` })),
    ];
  });
}

/** True if the line loads a file of the repository: `apply from: 'gradle/checks.gradle'`, `includeBuild('build-logic')`. */
function loadsOwnFile(path: string, row: string): boolean {
  const target = /\b(?:from\b\s*[:=(]*\s*|includeBuild\s*\(?\s*)["']([^"'$:]+)["']/.exec(row)?.[1];
  return target !== undefined && !leavesRepository(path, target);
}
