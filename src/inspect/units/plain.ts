/**
 * Breaks that only concern how the parts of a program are put together: texts, ports, arguments, exits. By themselves they hold no file.
 */
import type { Unit } from '../../domain/experiments/units';

const WIRING =
  /\b(?:listen|argv|args|exit|exitCode|stdin|stdout|createRoot|require\.main|import\.meta|__name__|version|port|interval|retries|workers|threads|width|height|indent|max_length)\b|_port\b|timeout|setInterval|stringify\(/i;
const PORT = /[a-z]Port\b|^\s*PORT\b/;
/** Steps for a database or a shell, which no test of the program runs. */
const STEPS = /(^|\/)(?:migrations?|migrate|alembic|seeds?)\/|\.(?:sh|bash|zsh|fish|ps1|sql)$/i;

export function plainMark(
  path: string,
  { kind, edit }: Pick<Unit, 'kind' | 'edit'>,
  line: string,
): 'plain' | undefined {
  const isText = kind === 'constant' && edit.text.endsWith('_broken');
  return isText || STEPS.test(path) || WIRING.test(line) || PORT.test(line) ? 'plain' : undefined;
}
