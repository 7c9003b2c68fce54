/**
 * Shows the result of the build: change, measurements, rework, release, and links to details.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildState } from '../../domain/build/state';
import type { Launched } from '../launch';
import { buildQuery } from '../../workflows/messages';
import { reworkOf } from './attempts';
import type { Api } from './api';
import { codeFirst, count, signsOf, statsOf, totalOf } from './change';
import { displayPath } from './run';
import type { Run } from './run';
import type { Screen } from './screen';
import type { Sight } from './watch';

const DIFF_LINES = 25;
const BAR_CHARS = 40;
const LABEL_CHARS = 12;

interface EndedBuild {
  run: Run;
  launched: Launched;
  api: Api;
  sight: Sight;
}

export async function showSummary(screen: Screen, ended: EndedBuild): Promise<void> {
  const handle = ended.launched.client.workflow.getHandle(ended.run.workflowId);
  const [build, { runId, historyLength, historySize }] = await Promise.all([
    handle.query(buildQuery),
    handle.describe(),
  ]);
  const say = createSay(screen);
  screen.line();
  screen.line(`  ${headline(screen, build, ended.sight)}`);
  screen.line();
  await showChange(screen, ended, build);
  showMeasured(say, build);
  say('Rework', reworkIn(ended.sight));
  showRelease(say, build, ended.run);
  showResult(say, build);
  showModel(say, build, ended.run);
  say('Temporal', `${historyLength} events, ${((historySize ?? 0) / 1000).toFixed(1)} kB of history`);
  say('', screen.paint('cyan', webUiOf(ended, runId)));
  say('API', screen.paint('cyan', `${ended.api.buildUrl}/status`));
  say('Time', `${secondsOf(build)} for the build, ${process.uptime().toFixed(1)} s with the start of everything`);
}

/** Writes a line with a label; '' for a further line under the same label. */
type Say = (label: string, text: string) => void;

function createSay(screen: Screen): Say {
  return (label, text) => screen.line(`  ${screen.paint('bold', label.padEnd(LABEL_CHARS))}${text}`);
}

function headline(screen: Screen, build: BuildState, { status }: Sight): string {
  const title = `"${build.title}"`;
  if (status.status === 'complete') return screen.paint('green', screen.paint('bold', `Complete: ${title} is live`));
  const why = build.failure === null ? '' : `: ${build.failure.type}, ${build.failure.message}`;
  return screen.paint('red', screen.paint('bold', `${title} ended as ${status.status}${why}`));
}

async function showChange(screen: Screen, { run, launched }: EndedBuild, build: BuildState): Promise<void> {
  const say = createSay(screen);
  const { projectId, buildId, base, commit } = build;
  if (base === null || commit === null || base === commit) return say('Change', 'none');
  const diff = await launched.deps.workspace.diff({ projectId, buildId }, base, commit);
  const diffFile = join(run.folder, 'change.diff');
  await writeFile(diffFile, diff);
  const files = statsOf(diff);
  say('Change', totalOf(files));
  const width = Math.max(...files.map(({ path }) => path.length));
  for (const file of files) {
    const { plus, minus } = signsOf(files, file, BAR_CHARS);
    const signs = `${screen.paint('green', plus)}${screen.paint('red', minus)}`;
    say('', `${file.path.padEnd(width)} ${String(file.added + file.removed).padStart(4)} ${signs}`);
  }
  const lines = codeFirst(diff).trimEnd().split('\n');
  screen.line();
  for (const line of lines.slice(0, DIFF_LINES)) say('', paintDiff(screen, line));
  const hiddenCount = lines.length - DIFF_LINES;
  say(
    '',
    screen.paint(
      'dim',
      `${hiddenCount > 0 ? `... ${hiddenCount} more lines; ` : ''}the whole diff is in ${displayPath(diffFile)}`,
    ),
  );
  screen.line();
}

function paintDiff(screen: Screen, line: string): string {
  const room = screen.columns() - LABEL_CHARS - 3;
  const { ellipsis } = screen.marks;
  const text = line.length > room ? `${line.slice(0, room - ellipsis.length)}${ellipsis}` : line;
  if (/^(diff|index|---|\+\+\+|new file|deleted file|similarity|rename)/.test(line)) return screen.paint('dim', text);
  if (line.startsWith('@@')) return screen.paint('cyan', text);
  if (line.startsWith('+')) return screen.paint('green', text);
  return line.startsWith('-') ? screen.paint('red', text) : text;
}

function showMeasured(say: Say, { evidence }: BuildState): void {
  if (evidence === null) return say('Measured', 'nothing: no test run was measured');
  const { command, counts, coveragePercent, commit, sandbox, durationMs } = evidence;
  const tests = counts === null ? 'tests not counted' : `${counts.passed} of ${counts.total} tests passed`;
  const failed = counts === null ? '' : `, ${counts.failed} failed, ${counts.skipped} skipped`;
  const covered = coveragePercent === null ? '; coverage not measured' : `; ${coveragePercent} % of lines covered`;
  say('Measured', `${tests}${failed}${covered}`);
  say('', `"${command.join(' ')}" on commit ${commit.slice(0, 12)}, in ${(durationMs / 1000).toFixed(1)} s`);
  say(
    '',
    sandbox === 'none'
      ? 'without a sandbox: the command ran with the rights of this user'
      : `in the sandbox: ${sandbox}`,
  );
}

function reworkIn({ handoffs }: Sight): string {
  const back = reworkOf(handoffs);
  return back.length === 0 ? 'none' : `sent back ${count(back.length, 'time')}: ${back.join(', ')}`;
}

function showRelease(say: Say, { release }: BuildState, { config, workflowId }: Run): void {
  if (release === null) return say('Release', 'none');
  const [projectId = ''] = workflowId.split('.');
  const current = join(config.dataDir, 'releases', projectId, 'current');
  say('Release', `number ${release.number}, version ${release.version}: ${displayPath(release.folder)}`);
  say('', `live at ${displayPath(current)}`);
  say('', `smoke test: ${release.smoke}`);
}

/** Shows the branch with the result, which a person can check out. */
function showResult(say: Say, { result }: BuildState): void {
  if (result === undefined) return;
  const { branch, commit, place, reason } = result;
  if (place === null) return say('Branch', `${branch} was not written: ${reason}`);
  say('Branch', `${branch} in ${displayPath(place)}, commit ${commit.slice(0, 12)}`);
}

function showModel(say: Say, { usage }: BuildState, { script }: Run): void {
  const tokens = `${usage.inputTokens} tokens in, ${usage.outputTokens} out`;
  const calls = `${count(usage.calls, 'call')}, ${tokens}`;
  say('Model', script === null ? calls : `${calls}: the answers are scripted, in ${script}`);
}

function webUiOf({ launched, run }: EndedBuild, runId: string): string {
  const path = `/namespaces/${launched.namespace}/workflows/${run.workflowId}/${runId}/history`;
  return launched.uiUrl === null ? `the Web UI of ${launched.address}: ${path}` : `${launched.uiUrl}${path}`;
}

function secondsOf({ createdAt, updatedAt, completedAt }: BuildState): string {
  return `${((Date.parse(completedAt ?? updatedAt) - Date.parse(createdAt)) / 1000).toFixed(1)} s`;
}
