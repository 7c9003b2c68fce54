/**
 * Alterations of settings and contracts that delete data, select another class or change the meaning of data are found.
 */
import { findingsOf } from '../example-tree';

type Texts = Record<string, string>;
/** The findings of the rules that this file tests, by words of their messages. */
const contractFindings = (path: string, before: string, after: string, more: Texts = {}): string[] =>
  findingsOf({ base: { ...more, [path]: before }, files: { [path]: after } }).filter((one) =>
    /code that loads the service|be published|has the tables|takes data away|lets each panic|clients with the old file/.test(
      one,
    ),
  );
const SERVICES = 'src/main/resources/META-INF/services/org.till.Verifier';
const PROTO = (fields: string): string => `syntax = "proto3";\nmessage Order {\n${fields}}\n`;
const OLD = PROTO('  string id = 1;\n  int64 cents = 2;\n  int64 count = 3;\n');
const CATCHES = { 'src/lib.rs': 'pub fn answer() { std::panic::catch_unwind(|| 1); }\n' };

test.each<[string, string, string, Texts?]>([
  [SERVICES, 'org.till.HmacVerifier\n', 'org.till.DemoVerifier\norg.till.HmacVerifier\n'],
  [
    SERVICES,
    'org.till.HmacVerifier\n',
    '# now\norg.till.OtherVerifier\n',
    { 'src/main/java/org/till/OtherVerifier.java': 'class OtherVerifier {}\n' },
  ],
  ['package.json', '{ "private": true }', '{ "version": "1.1.0", "publishConfig": { "access": "public" } }'],
  [
    'src/main/resources/application.properties',
    'spring.jpa.hibernate.ddl-auto=validate\n',
    'spring.jpa.hibernate.ddl-auto=create-drop\n',
  ],
  ['src/main/resources/application.yml', 'jpa:\n  ddl-auto: none\n', 'jpa:\n  ddl-auto: update\n'],
  ['src/database.ts', 'connect({ synchronize: false });\n', 'connect({ synchronize: true });\n'],
  [
    'fly.toml',
    'release_command = "npx prisma migrate deploy"\n',
    'release_command = "npx prisma db push --accept-data-loss"\n',
  ],
  ['Procfile', 'release: php artisan migrate\n', 'release: php artisan migrate:fresh --force\n'],
  [
    'Cargo.toml',
    '[package]\nname = "till"\n',
    '[package]\nname = "till"\n[profile.release]\npanic = "abort"\n',
    CATCHES,
  ],
  [
    'proto/order.proto',
    OLD,
    PROTO('  string id = 1;\n  int64 cents = 2;\n  int64 discount = 3;\n  int64 count = 4;\n'),
  ],
  ['proto/order.proto', OLD, PROTO('  string id = 1;\n  int64 cents = 2;\n  string note = 3;\n')],
  ['proto/a.proto', 'enum State {\n  OPEN = 0;\n  PAID = 1;\n}\n', 'enum State {\n  PAID = 0;\n  OPEN = 1;\n}\n'],
])('%s is found: %j to %j', (path, before, after, more = {}) => {
  expect(contractFindings(path, before, after, more).length).toBeGreaterThan(0);
});

test.each<[string, string, string, Texts?]>([
  [SERVICES, 'org.till.HmacVerifier\n', 'org.till.HmacVerifier\norg.till.DemoVerifier\n'],
  ['package.json', '{ "private": true }', '{ "private": true, "version": "1.1.0" }'],
  [
    'src/test/resources/application.properties',
    'spring.jpa.hibernate.ddl-auto=validate\n',
    'spring.jpa.hibernate.ddl-auto=create-drop\n',
  ],
  ['src/main/resources/application.properties', 'a=1\n', 'a=1\nspring.jpa.hibernate.ddl-auto=validate\n'],
  ['package.json', '{}', '{\n "scripts": {\n  "db:reset": "prisma migrate reset --force"\n }\n}'],
  ['Cargo.toml', '[package]\nname = "till"\n', '[package]\nname = "till"\n[profile.release]\npanic = "abort"\n'],
  [
    'proto/order.proto',
    OLD,
    PROTO('  string id = 1;\n  int64 cents = 2;\n  int64 count = 3;\n  int64 discount = 4;\n'),
  ],
  ['proto/order.proto', OLD, PROTO('  string id = 1;\n  int64 cents = 2;\n  int64 pieces = 3;\n')],
  ['proto/order.proto', OLD, PROTO('  reserved 3;\n  string id = 1;\n  int64 cents = 2;\n')],
])('%s is not found: %j to %j', (path, before, after, more = {}) => {
  expect(contractFindings(path, before, after, more)).toEqual([]);
});
