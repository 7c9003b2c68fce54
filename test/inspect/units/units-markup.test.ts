/**
 * Checks the units of markup in code (JSX), and of code in markup (the scripts of Vue and Svelte).
 */
import { textAfter, unitsIn, saysOfUnits } from './asked';

describe('JSX and pages', () => {
  test('texts and handlers of markup are units, names of styles are not', async () => {
    const text = `export const A = ({ n }) => (
  <div className="wide" data-testid="a" onClick={go} title="Open">
    Hello {n}
  </div>
);
`;
    const says = saysOfUnits(await unitsIn('src/a.jsx', text));
    expect(says).toEqual([
      'function A(): throws',
      'value A(): gives another answer',
      'value onClick={go}: not given',
      'constant "Open": another text',
      'constant Hello: another text',
    ]);
    expect(saysOfUnits(await unitsIn('src/a.tsx', text))).toEqual(says);
  });

  test('only the scripts of a page are read, and their positions are those in the page', async () => {
    const text = `<template>
  <p class="a">{{ n }}</p>
</template>
<script setup lang="ts">
const n: number = 3;
</script>
<style>
.a { color: red; }
</style>
`;
    const { units, others } = await unitsIn('src/A.vue', text);
    expect(textAfter(text, units, '3: 4')).toContain('</template>\n<script setup lang="ts">\nconst n: number = 4;');
    expect(units).toMatchObject([{ line: 5, kind: 'constant' }]);
    expect(others.map(({ line, why }) => `${line} ${why}`)).toEqual(['5 types', '7 style', '1 declaration']);
  });

  test('the scripts of Svelte are read', async () => {
    const text =
      '<script>\n  export let n = 3;\n  function add() { n += 1; }\n</script>\n<button on:click={add}>{n}</button>\n';
    const { units } = await unitsIn('src/A.svelte', text);
    expect(units.map(({ says }) => says)).toEqual(
      expect.arrayContaining(['3: 4', 'add(): throws', 'n += 1;: left out']),
    );
  });
});
