/**
 * Tests Go in a checkout that is set up as for a build. Both tests share one set-up, as it compiles the standard library.
 */
import { createTestRunners } from '../../../src/adapters/runners/create-runners';
import type { TreeAt } from '../../../src/ports/workspace';
import { withTool } from '../../with-tool';
import { createPlace } from '../checkouts/place';

const MODULE = {
  'go.mod': 'module example.org/a\n\ngo 1.21\n\nrequire github.com/google/go-cmp v0.6.0\n',
  'go.sum': `github.com/google/go-cmp v0.6.0 h1:ofyhxvXcZhMsU5ulbFiLKl/XBFqE1GSq7atu8tAmTRI=
github.com/google/go-cmp v0.6.0/go.mod h1:17dUlkBOakJ0+DkrSSNjCkIjxS6bF9zb3elmeNGIjoY=
`,
  'a_test.go': `package a

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestA(t *testing.T) {
	if !cmp.Equal(1, 1) {
		t.Fatal()
	}
}
`,
};
const TIMEOUT_MS = 400_000;

let place: ReturnType<typeof createPlace>;
let base: TreeAt;
beforeAll(async () => {
  place = createPlace();
  base = await place.commit(MODULE);
});
afterAll(() => place.stop());

withTool('go')(
  'P4: go finds its modules, and does not compile them or the standard library again',
  async () => {
    const script = 'go test -x ./... 2>&1 | grep -c "/compile -o"; go test ./...; echo x > $GOCACHE/x && echo writable';
    const output = await place.outputOf(base, ['sh', '-c', script]);
    expect(output).toMatch(/^0\nok .*\nwritable\n$/);
  },
  TIMEOUT_MS,
);

withTool('go')(
  'R17, P9: go test names tests and subtests with their files; a package that does not compile counts as failed',
  async () => {
    const change = await place.change(base, {
      'sums/sums.go': 'package sums\n\nfunc Add(a, b int) int { return a + b }\n',
      'sums/sums_test.go': `package sums

import ("testing"; "os"; "strings")

func TestAdd(t *testing.T) {
	for _, name := range []string{"one", "two words"} {
		t.Run(name, func(t *testing.T) { if Add(1, 1) != 2 { t.Fatal("no") } })
	}
	if strings.Contains(strings.Join(os.Args, " "), "report") { t.Fatal(os.Args) }
}
func TestWrong(t *testing.T) { t.Errorf("got %d <want> %q", Add(1, 1), "3") }
func TestLater(t *testing.T) { t.Skip("later") }
`,
      'broken/broken_test.go': 'package broken\n\nfunc TestX( {\n',
    });
    const choice = { runner: 'command', command: ['go', 'test', './...'] };
    const { output, ...testRun } = await place.use(
      change,
      (checkout) => createTestRunners().run({ checkout, choice, coverage: false, timeoutMs: 240_000 }),
      { base: base.commit },
    );
    expect({ ...testRun, output }).toMatchObject({
      runner: 'go',
      counts: { total: 7, passed: 4, failed: 2, skipped: 1 },
    });
    expect(testRun.tests.map(({ file, name, status }) => [file, name, status])).toEqual(
      expect.arrayContaining([
        ['sums/sums_test.go', 'TestAdd/two_words', 'passed'],
        ['sums/sums_test.go', 'TestWrong', 'failed'],
      ]),
    );
    expect(testRun.failures.map(({ message }) => message).join()).toContain('got 2 <want> "3"');
    expect(output).toContain('sums_test.go:11: got 2 <want> "3"');
    expect(output).not.toContain('"Action"');
    expect(testRun.exitCode).toBe(1);
  },
  TIMEOUT_MS,
);
