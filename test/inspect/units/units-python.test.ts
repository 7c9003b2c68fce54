/**
 * Checks the units of Python: which code is broken, with the right indentation, and which code needs no test.
 */
import { textAfter, unitsIn, saysOfUnits } from './asked';

describe('functions', () => {
  const PRICE = `class Cart:
    """Holds items."""

    def price(self, n=3):
        """The price."""
        # each
        return n * 2
`;

  test('a function raises after its docstring, or returns nothing', async () => {
    const { units } = await unitsIn('src/cart.py', PRICE, [7]);
    expect(units.filter(({ kind }) => kind === 'function')).toMatchObject([
      { line: 4, owner: { name: 'Cart.price', line: 4 }, says: 'Cart.price(): throws' },
      { line: 4, owner: { name: 'Cart.price', line: 4 }, says: 'Cart.price(): gives nothing back' },
    ]);
    expect(textAfter(PRICE, units, 'throws')).toContain('        raise RuntimeError("broken")\n        return n * 2\n');
    expect(textAfter(PRICE, units, 'price(): gives')).toContain('        return None\n        return n * 2\n');
  });

  test('a function in which only the docstring or a comment changes is no unit', async () => {
    const { units, others } = await unitsIn('src/cart.py', PRICE, [2, 5, 6]);
    expect(units).toEqual([]);
    expect(others.map(({ line, why }) => `${line} ${why}`)).toEqual(['2 docstring', '5 docstring', '6 comment']);
  });

  test.each([
    ['in one line', 'def f(): return g()\n', 'def f(): raise RuntimeError("broken"); return g()\n'],
    ['async', 'async def f():\n    await g()\n', 'async def f():\n    raise RuntimeError("broken")\n    await g()\n'],
    ['generator', 'def f():\n\tyield 1\n', 'def f():\n\traise RuntimeError("broken")\n\tyield 1\n'],
    [
      'decorated',
      '@cache\ndef f():\n  return g()\n',
      '@cache\ndef f():\n  raise RuntimeError("broken")\n  return g()\n',
    ],
    ['lambda', 'f = lambda x: g(x)\n', 'f = lambda x: (_ for _ in ()).throw(RuntimeError("broken"))\n'],
    [
      'nested first',
      'def f():\n    if a:\n        b()\n',
      'def f():\n    raise RuntimeError("broken")\n    if a:\n        b()\n',
    ],
  ])('%s', async (_name, text, broken) => {
    expect(textAfter(text, (await unitsIn('src/a.py', text)).units, 'f(): throws')).toBe(broken);
  });

  test('a stub, an overload, an abstract method have nothing to break', async () => {
    const text = `def a(): ...
def b():
    """Says."""
def c():
    pass
def d():
    raise NotImplementedError
@overload
def e(x: int) -> int: ...
if TYPE_CHECKING:
    def g(): return 1
if __name__ == "__main__":
    main(1)
`;
    expect((await unitsIn('src/a.py', text)).units).toEqual([]);
  });
});

describe('branches, conditions, values', () => {
  const CODE = `def f(n):
    if n > 3:
        return many(n)
    elif n is None:
        self.few = 1
    else:
        log.warning("few")
    try:
        go(n)
    except KeyError:
        return fallback(n)
    match n:
        case 1:
            one()
    while n < 9:
        n += 1
    return "x"
`;

  test('each branch raises when it is entered', async () => {
    const { units } = await unitsIn('src/a.py', CODE);
    expect(units.filter(({ kind }) => kind === 'branch').map(({ line, says }) => `${line} ${says}`)).toEqual([
      '2 if (n > 3): stops when entered',
      '13 case 1: stops when entered',
    ]);
    expect(textAfter(CODE, units, 'catch')).toContain(
      'except KeyError:\n        raise RuntimeError("broken")\n        return fallback(n)\n',
    );
  });

  test.each([
    ['if (n > 3): never true', '    if False and (n > 3):'],
    ['if (n > 3): always true', '    if True or (n > 3):'],
    ['n > 3: > becomes >=', '    if n >= 3:'],
    ['n is None: is becomes is not', '    elif n is not None:'],
    ['self.few = 1: left out', '        pass\n    else:'],
    ['go(n): left out', '        pass\n    except'],
    ['n += 1: left out', '        pass\n    return'],
    ['return many(n): gives nothing back', '        return None\n'],
    ['"x": another text', '    return "x_broken"'],
    ['9: 10', '    while n < 10:'],
  ])('%s', async (says, shown) => {
    expect(textAfter(CODE, (await unitsIn('src/a.py', CODE)).units, says)).toContain(shown);
  });

  test.each([
    ['a = 1.5', 'a = 2.5'],
    ['a = 1_000', 'a = 1001'],
    ['a = True', 'a = False'],
    ["a = f'x{b}'", "a = f'x{b}_broken'"],
    ['a = """x"""', 'a = """x_broken"""'],
    ["a = r'x'", "a = r'x_broken'"],
    ["a = {'k': 'v'}", "a = {'k': 'v_broken'}"],
    ['def f(a=3): g()', 'def f(a=4): g()'],
    ['a = [b for b in c if b > 3]', 'a = [b for b in c if b > 4]'],
  ])('%s', async (text, broken) => {
    const { units } = await unitsIn('src/a.py', text);
    expect(
      units
        .filter(({ kind }) => kind === 'constant')
        .map(({ edit }) => text.slice(0, edit.from) + edit.text + text.slice(edit.to)),
    ).toEqual([broken]);
  });

  test('types, imports, messages, logs, lists of exports and versions are no units', async () => {
    const text = `from a import b
__all__ = ["b"]
__version__ = "1.2.3"
T = TypeVar("T")
x: int
raise ValueError("bad %s" % 3)
warnings.warn("old", stacklevel=2)
logging.getLogger(__name__).warning("x")
print("bad", file=sys.stderr)
`;
    const result = await unitsIn('src/a.py', text);
    expect(saysOfUnits(result)).toEqual([]);
    expect(result.others.map(({ line, why }) => `${line} ${why}`)).toEqual([
      '1 declaration',
      '2 declaration',
      '3 declaration',
      '4 types',
      '5 types',
      '6 message',
      '7 log',
      '8 log',
      '9 log',
    ]);
  });

  test('an assignment that only gives a name its value is kept', async () => {
    expect(saysOfUnits(await unitsIn('src/a.py', 'def f():\n    a = g()\n    h(a)\n', [2]))).toEqual([
      'function f(): throws',
      'function f(): gives nothing back',
    ]);
  });
});
