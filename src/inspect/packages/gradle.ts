/**
 * The build tool Gradle, for projects of Java and Kotlin with a build.gradle. Pure data.
 */
import { DEPS } from './install';
import type { InstallPlan, ProjectTree } from './install';
import type { PackageManager } from './manager';

export const gradle = {
  name: 'gradle',
  ecosystem: null,
  programs: [],
  setup: [/^(build|settings)\.gradle(\.kts)?$/, /^gradle\.(properties|lockfile)$/],
  manifests: [],
  locks: {},
  installed: [],
  install: { language: 'java', plan },
} satisfies PackageManager;

const HOME = `${DEPS}/gradle`;
const BUILD_FILES =
  /(^|\/)((build|settings|init)\.gradle(\.kts)?|gradle\.(properties|lockfile)|gradlew|gradle\/.*|buildSrc\/.*)$/;
/** A script that each run loads; it turns the network access of Gradle off. */
const OFFLINE_SCRIPT = 'gradle.startParameter.offline = true\n';

/** Gradle fetches a package only when a task uses it, so the install step runs the tests of the base once. */
function plan(project: ProjectTree): InstallPlan | undefined {
  const isProject = ['build', 'settings'].some((name) =>
    ['.gradle', '.gradle.kts'].some((ending) => project.has(`${name}${ending}`)),
  );
  if (!isProject || project.has('pom.xml')) return undefined;
  const program = project.has('gradlew') ? ['sh', './gradlew'] : ['gradle'];
  const command = [...program, '--no-daemon', '--console=plain', '--continue', 'test'];
  const env = { GRADLE_USER_HOME: HOME };
  const compiled = { commands: [[...program, '--no-daemon', '--console=plain', 'testClasses']] };
  return {
    ...{ command, attempts: [{ commands: [command] }, compiled], lock: null, tools: [], env, notes: [] },
    reads: (path) => BUILD_FILES.test(path),
    wholeTree: true,
    isProducedFile: () => false,
    sharedFolders: [],
    copiedFolders: [HOME],
    runs: {
      env,
      path: [],
      files: [{ path: `${HOME}/init.d/offline.gradle`, text: OFFLINE_SCRIPT }],
    },
  };
}
