/** Tests workspace members that are built alone, and crates that stay compiled, with the real package managers and compilers. */
import { createPlace } from './place';
import { withTool } from '../../with-tool';

let place: ReturnType<typeof createPlace>;
beforeAll(() => (place = createPlace()));
afterAll(() => place.stop());

const TIMEOUT_MS = 400_000;

test(
  'R5: a member of a uv workspace can import other members',
  async () => {
    const build = '[build-system]\nrequires = ["setuptools>=64"]\nbuild-backend = "setuptools.build_meta"\n';
    const manifestOf = (name: string) => `${build}[project]\nname = "${name}"\nversion = "1"\n`;
    const at = await place.commit({
      'pyproject.toml': '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
      'libs/a/pyproject.toml': `${manifestOf('corp-a')}dependencies = ["corp-b"]\n[tool.uv.sources]\ncorp-b = { workspace = true }\n`,
      'libs/a/corp_a.py': 'import corp_b\nprint(corp_b.SAID)\n',
      'libs/b/pyproject.toml': manifestOf('corp-b'),
      'libs/b/corp_b.py': "SAID = 'the neighbour'\n",
    });
    const overrides = { workdir: 'libs/a' };
    expect(await place.outputOf(at, ['python', '-c', 'import corp_a'], { overrides })).toBe('the neighbour\n');
  },
  TIMEOUT_MS,
);

withTool('go')(
  'R5: a member of a Go workspace can import other members',
  async () => {
    const at = await place.commit({
      'go.work': 'go 1.21\n\nuse (\n\t./a // the service\n\t./b\n)\n',
      'a/go.mod': 'module corp.example/a\n\ngo 1.21\n',
      'a/a_test.go':
        'package a\nimport ("testing"; "corp.example/b")\nfunc TestA(t *testing.T) { if b.Said() != "b" { t.Fatal() } }\n',
      'b/go.mod': 'module corp.example/b\n\ngo 1.21\n',
      'b/b.go': 'package b\nfunc Said() string { return "b" }\n',
    });
    expect(await place.outputOf(at, ['go', 'test', './...'], { overrides: { workdir: 'a' } })).toMatch(
      /^ok\s+corp\.example\/a/m,
    );
  },
  TIMEOUT_MS,
);

withTool('cargo')(
  'R5: a member of a Cargo workspace can use other members and the settings of the root',
  async () => {
    const at = await place.commit({
      'Cargo.toml':
        '[workspace]\nresolver = "2"\nmembers = ["a", "b"]\n[workspace.package]\nedition = "2021"\nversion = "0.1.0"\n',
      'a/Cargo.toml':
        '[package]\nname = "a"\nedition.workspace = true\nversion.workspace = true\n[dependencies]\nb = { path = "../b" }\n',
      'a/src/lib.rs': '#[test]\nfn t() { assert_eq!(b::said(), "b"); }\n',
      'b/Cargo.toml': '[package]\nname = "b"\nedition.workspace = true\nversion.workspace = true\n',
      'b/src/lib.rs': 'pub fn said() -> &\'static str { "b" }\n',
    });
    const output = await place.outputOf(at, ['cargo', 'test', '--offline'], { overrides: { workdir: 'a' } });
    expect(output).toMatch(/test t \.\.\. ok/);
  },
  TIMEOUT_MS,
);

withTool('cargo')(
  'P4: cargo finds its crates and does not compile them again',
  async () => {
    const at = await place.commit({
      'Cargo.toml': '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nitoa = "1"\n',
      'src/lib.rs': '#[test]\nfn t() { assert_eq!(itoa::Buffer::new().format(1), "1"); }\n',
    });
    const output = await place.outputOf(at, ['cargo', 'test']);
    expect(output).toMatch(/test t \.\.\. ok/);
    expect(output).not.toMatch(/Compiling itoa|Downloading/);
  },
  TIMEOUT_MS,
);
