/** SQL that overwrites data of the product, or grants rights: each row has similar harmless code. */
import { harmfulLines } from '../../../src/inspect/harm/harmful-lines';

const harmsIn = (path: string, source: string): string[] =>
  harmfulLines(path, source, 'sql')
    .harms.filter(({ isNote }) => !isNote)
    .map(({ line, does }) => `${line} ${does}`);

const OVER = /writes over the column paid/;
const ROWS: Array<[name: string, harmful: string, does: RegExp, honest: string]> = [
  [
    'a trigger of SQLite',
    'ALTER TABLE orders ADD COLUMN discount INTEGER;\nCREATE TRIGGER orders_paid AFTER INSERT ON orders\nBEGIN\n  UPDATE orders SET discount = 0, paid = whole WHERE id = NEW.id;\nEND;\n\n-- migrate:down\nDROP TRIGGER orders_paid;\n',
    OVER,
    'CREATE TRIGGER orders_touch AFTER UPDATE ON orders\nBEGIN\n  UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id;\nEND;\n',
  ],
  [
    'a trigger of MySQL',
    'CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW SET NEW.paid = NEW.whole;\n',
    OVER,
    'CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW SET NEW.email = LOWER(NEW.email);\n',
  ],
  [
    'a trigger of PostgreSQL',
    'CREATE FUNCTION f() RETURNS trigger AS $$\nBEGIN\n  NEW.paid := NEW.whole;\n  RETURN NEW;\nEND;\n$$ LANGUAGE plpgsql;\nCREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f();\n',
    OVER,
    "CREATE FUNCTION f() RETURNS trigger AS $$\nBEGIN\n  IF NEW.paid = 0 THEN\n    RAISE EXCEPTION 'nothing paid';\n  END IF;\n  NEW.updated_at := now();\n  RETURN NEW;\nEND;\n$$ LANGUAGE plpgsql;\n",
  ],
  [
    'a trigger that selects',
    'CREATE FUNCTION f() RETURNS trigger AS $$\nBEGIN\n  SELECT whole INTO NEW.paid FROM carts WHERE id = NEW.cart;\n  RETURN NEW;\nEND;\n$$ LANGUAGE plpgsql;\n',
    OVER,
    'CREATE FUNCTION f() RETURNS trigger AS $$\nBEGIN\n  IF NEW.paid IS NULL THEN\n    NEW.paid := NEW.whole;\n  END IF;\n  RETURN NEW;\nEND;\n$$ LANGUAGE plpgsql;\n',
  ],
  [
    'a trigger of a table that others write',
    'CREATE TRIGGER t BEFORE UPDATE ON orders FOR EACH ROW\nBEGIN\n  SET NEW.paid = 0;\nEND;\n',
    OVER,
    'CREATE TRIGGER t AFTER INSERT ON orders\nBEGIN\n  INSERT INTO audit (id, paid) VALUES (NEW.id, NEW.paid);\nEND;\n',
  ],
  [
    'a rule',
    'CREATE RULE r AS ON INSERT TO orders DO INSTEAD NOTHING;\n',
    /in the place of each write/,
    'CREATE RULE r AS ON INSERT TO orders DO ALSO NOTIFY orders;\n',
  ],
  [
    'rights for everybody',
    'GRANT SELECT ON orders TO PUBLIC;\n',
    /rights in the database/,
    'GRANT SELECT ON orders TO reader;\nREVOKE ALL ON orders FROM PUBLIC;\n',
  ],
  [
    'all rights',
    'GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA public TO shop;\n',
    /rights in the database/,
    'GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO shop;\n',
  ],
  [
    'rows for everybody',
    'ALTER TABLE orders DISABLE ROW LEVEL SECURITY;\n',
    /which rows/,
    'ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\n',
  ],
  [
    'a function with rights',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\n',
    /rights of its owner/,
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$ SELECT 1 $$;\n',
  ],
];

test.each(ROWS)('%s', (_name, harmful, does, honest) => {
  expect(harmsIn('migrations/0002_more.sql', harmful)).toContainEqual(expect.stringMatching(does));
  expect(harmsIn('migrations/0002_more.sql', honest)).toEqual([]);
});

test('a column that is added with its trigger has no other writer', () => {
  const source =
    'ALTER TABLE orders ADD COLUMN saved INTEGER;\nCREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW SET NEW.saved = NEW.whole - NEW.paid;\n';
  expect(harmsIn('migrations/0002_saved.sql', source)).toEqual([]);
});
