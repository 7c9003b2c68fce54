/**
 * Rust with cargo: a library, with dependencies, a workspace.
 */
import type { Shape, Tree } from '../shape';
import { MILLION, NEW, OLD, THOUSAND, thousands } from '../work';
import type { Example } from '../work';
import { lock } from '../locks';

const format = (whole: string) => `/// 1205 as 12.05.
pub fn format(cents: u64) -> String {
    format!("{}.{:02}", ${whole}, cents % 100)
}
`;
const GROUP = `/// 1234567 as 1,234,567.
pub fn group(whole: u64) -> String {
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

`;
const testName = ([name]: Example): string => name.replaceAll(' ', '_');
const tests = (examples: readonly Example[], indent = ''): string =>
  examples
    .map(
      (example) =>
        `${indent}#[test]\n${indent}fn ${testName(example)}() {\n${indent}    assert_eq!(format(${example[1]}), "${example[2]}");\n${indent}}\n`,
    )
    .join('\n');
/** The unit tests at the end of the source, as Rust has them. */
const UNIT_TESTS = `
#[cfg(test)]
mod tests {
    use super::*;

${tests(OLD, '    ')}}
`;
const manifest = (name: string, more = '') =>
  `[package]\nname = "${name}"\nversion = "1.0.0"\nedition = "2021"\n${more}`;

interface RustTold {
  name: string;
  folder?: string;
  more: Tree;
  named: (example: Example) => string;
}

function rust({ name, folder = '', more, named }: RustTold): Shape {
  const source = `${folder}src/lib.rs`;
  return {
    name,
    tools: ['cargo'],
    base: { '.gitignore': 'target\n', [source]: format('cents / 100') + UNIT_TESTS, ...more },
    byHand: { test: 'cargo test' },
    work: thousands({
      code: { [source]: GROUP + format('group(cents / 100)') + UNIT_TESTS },
      tests: { [`${folder}tests/thousands.rs`]: `use amounts::format;\n\n${tests(NEW)}` },
      thousand: named(THOUSAND),
      million: named(MILLION),
      kept: `tests::${OLD[0] === undefined ? '' : testName(OLD[0])}`,
    }),
  };
}

export const RUST_SHAPES: Shape[] = [
  rust({
    name: 'cargo library',
    more: { 'Cargo.toml': manifest('amounts'), 'Cargo.lock': lock('cargo/Cargo.lock') },
    named: testName,
  }),
  rust({
    name: 'cargo with dependencies',
    more: {
      'Cargo.toml': manifest(
        'amounts',
        '\n[dependencies]\nserde = { version = "1", features = ["derive"] }\nserde_json = "1"\n',
      ),
      'Cargo.lock': lock('cargo-dependencies/Cargo.lock'),
      'tests/order.rs': `use serde::Deserialize;

#[derive(Deserialize)]
struct Order {
    cents: u64,
}

#[test]
fn an_order_is_read() {
    let order: Order = serde_json::from_str(r#"{"cents": 1205}"#).unwrap();
    assert_eq!(amounts::format(order.cents), "12.05");
}
`,
    },
    named: (example) => `tests/thousands.rs: ${testName(example)}`,
  }),
  rust({
    name: 'cargo workspace',
    folder: 'amounts/',
    more: {
      'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["amounts", "receipt"]\n',
      'Cargo.lock': lock('cargo-workspace/Cargo.lock'),
      'amounts/Cargo.toml': manifest('amounts'),
      'receipt/Cargo.toml': manifest('receipt', '\n[dependencies]\namounts = { path = "../amounts" }\n'),
      'receipt/src/lib.rs': `/// A name and an amount.
pub fn line(name: &str, cents: u64) -> String {
    format!("{name} {}", amounts::format(cents))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_has_a_name_and_an_amount() {
        assert_eq!(super::line("Tea", 350), "Tea 3.50");
    }
}
`,
    },
    named: (example) => `thousands::${testName(example)}`,
  }),
];
