/** The addresses of the page's places. */
import { describe, expect, it } from 'vitest';
import { hashOf, type Place, placeOf } from '../../../src/dashboard/model/place.ts';

const SESSION = '7f3c1a2b-0000-4000-8000-000000000001';
const nowhere = { handle: null, session: null, line: null, source: null, as: null };

describe('the place that an address means', () => {
  it.each<[string, Place]>([
    ['', { view: 'mine', ...nowhere }],
    ['#/people', { view: 'people', ...nowhere }],
    [`#/mine/${SESSION}`, { view: 'mine', ...nowhere, session: SESSION }],
    ['#/theirs/marie', { view: 'theirs', ...nowhere, handle: 'marie' }],
    [
      `#/theirs/marie/${SESSION}?line=120&source=a1b2`,
      { view: 'theirs', handle: 'marie', session: SESSION, line: 120, source: 'a1b2', as: null },
    ],
    [`#/mine/${SESSION}?line=3&as=lea`, { view: 'mine', ...nowhere, session: SESSION, line: 3, as: 'lea' }],
  ])('%s', (hash, place) => {
    expect(placeOf(hash)).toEqual(place);
    expect(placeOf(hashOf(place))).toEqual(place);
  });

  it.each([
    ['#/nowhere', 'mine'],
    ['#code=abcdef', 'mine'],
    ['#/health/x/y?line=1', 'health'],
    ['#/mine?as=lea', 'mine'],
  ])('of %s, which is none, is the nearest view', (hash, view) => {
    expect(placeOf(hash)).toEqual({ view, ...nowhere });
  });

  it.each(['0', '-1', '1e3', '99999999999', 'x', ''])('has no line %j', (line) => {
    expect(placeOf(`#/mine/${SESSION}?line=${line}`).line).toBeNull();
  });

  it('takes words that cannot be decoded as they stand', () => {
    expect(placeOf('#/theirs/%E0%A4%A/x').handle).toBe('%E0%A4%A');
  });

  it('carries whatever a source is called', () => {
    const place: Place = { view: 'mine', handle: null, session: SESSION, line: 3, source: 'a/b?c&d=e #f', as: null };
    expect(placeOf(hashOf(place))).toEqual(place);
  });
});
