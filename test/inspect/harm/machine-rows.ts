/** Lines that act on the machine of the person who runs tests or scripts; each row has similar honest code. */
import type { Row } from './code-rows';

export const MACHINE_ROWS: Row[] = [
  [
    'a hook by a test',
    'test/a.test.js',
    "fs.writeFileSync('.git/hooks/pre-commit', text);",
    /hooks of git/,
    "const dir = mkdtempSync('x');\nfs.writeFileSync(join(dir, '.git/hooks/pre-commit'), text);",
  ],
  [
    'a hook by a test that asserts beside it',
    'test/b.test.js',
    "test('a', () => assert.equal(a(), 1));\n\nafter(() => {\n  writeFileSync('.git/hooks/post-merge', text);",
    /hooks of git/,
    "test('a', () => assert.ok(existsSync('.git/hooks/post-merge')));",
  ],
  [
    'hooksPath',
    'package.json',
    '"test": "git config core.hooksPath .x && jest"',
    /hooks of git/,
    '"test": "jest", "prepare": "husky"',
  ],
  [
    'a start file',
    'tests/test_a.py',
    'open(Path.home() / ".bashrc", "a").write(text)',
    /starts programs/,
    'text = open(Path.home() / ".bashrc").read()',
  ],
  [
    'a start file by a script',
    'scripts/check.sh',
    'echo "alias x=y" >> ~/.zshrc',
    /starts programs/,
    'echo "add alias x to your shell"',
  ],
  ['a key', 'scripts/run.sh', 'cat key.pub >> ~/.ssh/authorized_keys', /starts programs/, 'ssh -i key.pub host'],
  ['crontab', 'scripts/run.sh', '(crontab -l; echo "* * * * * x") | crontab -', /starts programs/, 'echo done'],
  [
    'publish',
    'test/a.test.ts',
    "execSync('npm publish --access public');",
    /publishes/,
    "expect(usage).toContain('npm publish');",
  ],
  [
    'push',
    'tests/test_a.py',
    'subprocess.run(["git", "push", "origin", "main"])',
    /publishes/,
    'subprocess.run(["git", "push", "origin", "main"], cwd=tmp_path)',
  ],
  [
    'a global install',
    'src/a.ts',
    "execSync('npm install -g shop-tools');",
    /whole machine/,
    "console.log('run npm install -g shop-tools');",
  ],
  ['publish of a script', 'scripts/check.sh', 'npm publish', /publishes/, 'npm pack'],
  ['publish where it belongs', 'Makefile', 'test:\n\tcargo publish', /publishes/, 'release:\n\tcargo package'],
];
