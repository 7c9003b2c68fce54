/**
 * Finds claims in release texts that no build can verify, and accepts legitimate texts with similar words.
 */
import { claimsWithoutEvidence } from '../../../src/domain/gates/release-claims';

test.each([
  'The way of a payment was audited by an independent firm and is certified to PCI DSS 4.0.',
  'Fully GDPR compliant.',
  'The store is now SOC 2 Type II certified.',
  'It complies with ISO 27001.',
  'It is certified to PCI DSS, and no card is stored.',
  'Penetration tested.',
  'The rounding is formally verified.',
  'An external security audit found nothing.',
  'Under load, with 5,000 baskets a second, each answer came within 50 ms',
  'Handles 10,000 requests per second.',
  'The checkout is 50 % faster.',
  'Sums are twice as fast as before.',
  'Benchmarked against the old till.',
  '500 concurrent users were served.',
  'A load test with 500 users passed.',
  'It passed the penetration test.',
  'It is already live at three customers.',
  'It has been running in production.',
  'Approved by the finance team.',
  'Reviewed by our lawyers.',
  'No known vulnerabilities.',
  'There are no known issues.',
  'The till is bug-free.',
  'All tests pass on Windows and macOS.',
  'Tested with Safari and Firefox.',
])('reports the claim in: %s', (text) => {
  expect(claimsWithoutEvidence(text)).not.toEqual([]);
});

test.each([
  'A tenth off from 100.00 on.',
  "Dark mode. The page follows your system's preference; text keeps a contrast of at least 4.5:1 in both themes.",
  'This release improves the checkout experience.',
  'It was not load tested.',
  'Still to be done: a load test, and a penetration test.',
  'No security audit was made.',
  'Operators should run a load test before the season.',
  'Sums are computed faster.',
  'Approved by the Verification Overseer.',
  'Known issues: none were reported.',
  'Dates are written as ISO 8601.',
  'Tests are measured and green: 12 of 12 passed, coverage 90 %.',
  'Files may be 100 % of the quota.',
  'Certificates of servers are checked again.',
  'The audit log keeps each sale.',
  'Users can export their orders every day.',
  'Settings are kept per user, as in production.',
  'Works with paths of Windows.',
  'A race under load is gone.',
  'Each action of a clerk is audited.',
  'Expenses that are approved by an owner are locked.',
  'Adds a script for load tests.',
  'Adds benchmarks of the parser.',
  'The metric p99 is exported.',
  'The column is already used by the old release.',
])('accepts: %s', (text) => {
  expect(claimsWithoutEvidence(text)).toEqual([]);
});

test('a claimed certificate is reported even if the request asks for it', () => {
  expect(claimsWithoutEvidence('GDPR compliant.', 'Make it GDPR compliant.')).not.toEqual([]);
});

test('a figure or platform of the request may be claimed', () => {
  const text = 'Each caller may send 10 requests per second.';
  expect(claimsWithoutEvidence(text)).not.toEqual([]);
  expect(claimsWithoutEvidence(text, 'At most 10 requests a second for each caller.')).toEqual([]);
  expect(claimsWithoutEvidence('Checked on Windows.', 'It must work on Windows.')).toEqual([]);
  expect(claimsWithoutEvidence('Handles 5,000 requests per second.', 'At most 10 requests a second.')).not.toEqual([]);
});
