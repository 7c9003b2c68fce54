/**
 * The build tool Maven, for projects of Java with a pom.xml. Pure data.
 */
import { DEPS } from './install';
import type { InstallPlan, ProjectTree } from './install';
import type { PackageManager } from './manager';

export const maven = {
  name: 'maven',
  ecosystem: null,
  programs: [],
  setup: [/^pom\.xml$/],
  manifests: [],
  locks: {},
  installed: [],
  install: { language: 'java', plan },
} satisfies PackageManager;

const REPOSITORY = `${DEPS}/m2`;
const SETTINGS = `<settings><localRepository>${REPOSITORY}</localRepository><offline>true</offline></settings>\n`;

/** Maven fetches a plugin only when it runs, and no goal names all plugins, so the install step runs the tests of the base once. */
function plan(project: ProjectTree): InstallPlan | undefined {
  if (!project.has('pom.xml')) return undefined;
  const program = project.has('mvnw') ? ['sh', './mvnw'] : ['mvn'];
  const command = [
    ...program,
    '-B',
    '-q',
    `-Dmaven.repo.local=${REPOSITORY}`,
    '-Dmaven.test.failure.ignore=true',
    'test',
  ];
  const offline = {
    commands: [[...program, '-B', '-q', `-Dmaven.repo.local=${REPOSITORY}`, 'dependency:go-offline', 'test-compile']],
    note: 'the tests of the base commit could not be started, so plugins that only they need may be missing',
  };
  const env = { MAVEN_USER_HOME: `${DEPS}/maven` };
  return {
    ...{ command, attempts: [{ commands: [command] }, offline], lock: null, tools: [], env, notes: [] },
    reads: (path) => /(^|\/)(pom\.xml|mvnw|\.mvn\/.*)$/.test(path),
    wholeTree: true,
    // Some wrappers download their own program into the tree.
    isProducedFile: (path) => /(^|\/)\.mvn\/wrapper\/maven-wrapper\.jar$/.test(path),
    sharedFolders: [REPOSITORY, `${DEPS}/maven`],
    runs: { env, path: [], files: [{ path: '/tmp/.m2/settings.xml', text: SETTINGS }] },
  };
}
