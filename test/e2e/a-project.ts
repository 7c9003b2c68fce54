/**
 * The dark-mode project as a real repository, and its scripted model, which records the requests of each role in order.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelRequest } from '../../src/ports/model';
import type { Phase } from '../../src/domain/roles';
import type { Stack } from '../fixture';

/** Makes the repository and returns its folder, which the caller removes. */
export function makeProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'q-test-repository-'));
  cpSync(join(__dirname, '../../examples/dark-mode/project'), folder, { recursive: true });
  gitIn(folder, 'init', '-q', '-b', 'main');
  gitIn(folder, 'add', '.');
  gitIn(folder, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'Field notes');
  return folder;
}

export function gitIn(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** The number of attempts of each phase for which the script has answers. A later attempt gets the last of them. */
const ANSWERS: Partial<Record<Phase, number>> = { implementation: 2, testing: 2 };

export function recordRequests(
  stack: Stack,
): Array<Pick<ModelRequest, 'phase' | 'attempt' | 'generation'> & { text: string }> {
  const requests: ReturnType<typeof recordRequests> = [];
  const { modelFor } = stack.deps;
  stack.deps.modelFor = (role) => {
    const model = modelFor(role);
    return {
      ...model,
      call(request) {
        const { phase, attempt, generation } = request;
        const [first] = request.messages;
        requests.push({ phase, attempt, generation, text: first?.from === 'user' ? first.text : '' });
        return model.call({ ...request, attempt: Math.min(attempt, ANSWERS[phase] ?? 1) });
      },
    };
  };
  return requests;
}
