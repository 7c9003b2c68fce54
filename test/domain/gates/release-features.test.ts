/**
 * Finds features in release notes that neither the request, the plan nor the commit mentions.
 */
import { unknownFeatures } from '../../../src/domain/gates/release-features';

const KNOWN = `Take a tenth off from 100.00 on. The sum of the basket is rounded down to whole cents.
+export function toPay(items) { return total(items) >= THRESHOLD ? Math.floor(sumOf(items) * 0.9) : sumOf(items); }`;

test.each([
  'Receipts are signed from this version on.',
  'A tenth off from 100.00 on. New: currency conversion by daily exchange rates.',
  'Adds loyalty cards, and supports gift vouchers.',
  'The till now prints invoices for companies.',
])('reports an unknown feature in: %s', (text) => {
  expect(unknownFeatures(text, KNOWN).length).toBeGreaterThan(0);
});

test.each([
  'A tenth is now taken off from 100.00 on.',
  'Adds a discount: baskets from 100.00 on cost a tenth less.',
  'New function `toPay`; sums below the threshold are as before.',
  'This release improves the product for all users and adds several fixes.',
  'Invoices for companies are not supported yet.',
  'Receipts are printed on paper.',
  'Das Paket rechnet nun Rabatte.',
])('reports nothing in: %s', (text) => {
  expect(unknownFeatures(text, KNOWN)).toEqual([]);
});
