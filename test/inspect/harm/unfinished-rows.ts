/** Functions that are not implemented yet; each row has similar honest code. */
import type { Row } from './code-rows';

const NOT = /not implemented/;

export const UNFINISHED_ROWS: Row[] = [
  ['todo of Rust', 'src/a.rs', 'fn price() -> u32 { todo!() }', NOT, 'fn price() -> u32 { 3 } // todo!()'],
  [
    'a stub of Python',
    'a.py',
    'def price(order):\n    raise NotImplementedError',
    NOT,
    'class Store(ABC):\n    @abstractmethod\n    def price(self):\n        raise NotImplementedError\n',
  ],
  [
    'a base class',
    'b.py',
    'def price(order):\n    raise NotImplementedError("later")',
    NOT,
    'class Store:\n    def price(self):\n        raise NotImplementedError\nclass Own(Store):\n    def price(self):\n        return 3',
  ],
  [
    'a stub of TypeScript',
    'src/a.ts',
    "export function price(): number { throw new Error('Not implemented'); }",
    NOT,
    "export function price(n: number): number {\n  if (n < 0) {\n    throw new Error('Not implemented for less than nothing');\n  }\n  return n;\n}",
  ],
  [
    'an abstract class',
    'src/b.ts',
    "export const price = () => { throw new Error('not yet implemented'); };",
    NOT,
    "export class BaseStore {\n  price() { throw new Error('not implemented'); }\n}",
  ],
  [
    'a stub of Go',
    'a.go',
    'package a\nfunc price() int { panic("TODO") }',
    NOT,
    'package a\nfunc price() int { if x < 0 { panic("less than nothing") }; return x }',
  ],
  [
    'a stub of C#',
    'A.cs',
    'public int Price() => throw new NotImplementedException();',
    NOT,
    'public int Price() => 3;',
  ],
  ['a stub of Kotlin', 'A.kt', 'fun price(): Int = TODO("later")', NOT, 'fun price(): Int = 3'],
];
