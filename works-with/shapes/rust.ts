/**
 * Rust shapes with cargo: a library, a crate with dependencies, a workspace.
 */
import type { Shape, Tree } from '../shape';
import { MILLION_EXAMPLE, NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, thousandsWork } from '../work';
import type { Example } from '../work';
import { readLock } from '../locks';

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
/** Unit tests at the end of the source file, as is usual in Rust. */
const UNIT_TESTS = `
#[cfg(test)]
mod tests {
    use super::*;

${tests(OLD_EXAMPLES, '    ')}}
`;
const manifest = (name: string, more = '') =>
  `[package]\nname = "${name}"\nversion = "1.0.0"\nedition = "2021"\n${more}`;

interface RustSpec {
  name: string;
  folder?: string;
  moreFiles: Tree;
  testLabel: (example: Example) => string;
}

function rust({ name, folder = '', moreFiles, testLabel }: RustSpec): Shape {
  const source = `${folder}src/lib.rs`;
  return {
    name,
    tools: ['cargo'],
    base: { '.gitignore': 'target\n', [source]: format('cents / 100') + UNIT_TESTS, ...moreFiles },
    byHand: { test: 'cargo test' },
    work: thousandsWork({
      code: { [source]: GROUP + format('group(cents / 100)') + UNIT_TESTS },
      tests: { [`${folder}tests/thousands.rs`]: `use amounts::format;\n\n${tests(NEW_EXAMPLES)}` },
      thousandTest: testLabel(THOUSAND_EXAMPLE),
      millionTest: testLabel(MILLION_EXAMPLE),
      keptTest: `tests::${OLD_EXAMPLES[0] === undefined ? '' : testName(OLD_EXAMPLES[0])}`,
    }),
  };
}

export const RUST_SHAPES: Shape[] = [
  rust({
    name: 'cargo library',
    moreFiles: { 'Cargo.toml': manifest('amounts'), 'Cargo.lock': readLock('cargo/Cargo.lock') },
    testLabel: testName,
  }),
  rust({
    name: 'cargo with dependencies',
    moreFiles: {
      'Cargo.toml': manifest(
        'amounts',
        '\n[dependencies]\nserde = { version = "1", features = ["derive"] }\nserde_json = "1"\n',
      ),
      'Cargo.lock': readLock('cargo-dependencies/Cargo.lock'),
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
    testLabel: (example) => `tests/thousands.rs: ${testName(example)}`,
  }),
  rust({
    name: 'cargo workspace',
    folder: 'amounts/',
    moreFiles: {
      'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["amounts", "receipt"]\n',
      'Cargo.lock': readLock('cargo-workspace/Cargo.lock'),
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
    testLabel: (example) => `thousands::${testName(example)}`,
  }),
];
