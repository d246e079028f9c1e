import { describe, expect, it } from 'vitest';
import { checkGrant, checkLifetime, type GrantContext } from '../../src/inbox/checks.ts';
import type { HeldGeneration } from '../../src/inbox/held.ts';
import { GRANT_LIFETIME_MAX_MS } from '../../src/protocol/limits.ts';
import type { Grant } from '../../src/protocol/statements.ts';
import { codeOf } from '../identity/support.ts';
import { b64of, STATEMENTS } from '../protocol/samples.ts';

const GRANT = STATEMENTS.find((s): s is Grant => s.t === 'grant') as Grant;
const held = (changes: Partial<Grant> = {}, seq = GRANT.seq): HeldGeneration =>
  ({ replica: { grant: { ...GRANT, ...changes } }, seq }) as HeldGeneration;

const CONTEXT: GrantContext = { consented: [GRANT.connection], sameCore: null, sameGeneration: null, endedSeq: 0 };
const check = (context: Partial<GrantContext> = {}, changes: Partial<Grant> = {}): string =>
  codeOf(() => checkGrant({ ...GRANT, ...changes }, { ...CONTEXT, ...context }, NOW));
const NOW = GRANT.seq / 1000;
const YEARS_AHEAD = GRANT.seq * 2;
const DAY = GRANT_LIFETIME_MAX_MS / 1000;

describe('a grant', () => {
  it.each<[string, Partial<GrantContext>, Partial<Grant>, string]>([
    ['of a standing connection', {}, {}, 'taken'],
    ['of one of two crossed invites', { consented: [b64of(16, 99), GRANT.connection] }, {}, 'taken'],
    ['without a connection', { consented: [] }, {}, 'GRANT_NOT_CONNECTED'],
    ['of another connection', { consented: [b64of(16, 99)] }, {}, 'GRANT_NOT_CONNECTED'],
    ['for a day', {}, { exp: GRANT.iat + DAY }, 'taken'],
    ['for more than a day', {}, { exp: GRANT.iat + DAY + 1 }, 'GRANT_MISMATCH'],
    ['again', { sameCore: held(), sameGeneration: held() }, {}, 'taken'],
    ['again, with another gid', { sameCore: held(), sameGeneration: held() }, { gid: b64of(16, 50) }, 'taken'],
    ['of a core that is bound to another session', { sameCore: held({ session: '1' }) }, {}, 'GRANT_MISMATCH'],
    [
      'of a core that is bound to another owner',
      { sameCore: held({ from: { uid: 5, sign: b64of(32, 50) } }) },
      {},
      'GRANT_MISMATCH',
    ],
    ['of a core that is bound to another generation', { sameCore: held({ gen: 2 }) }, {}, 'GRANT_MISMATCH'],
    ['of a generation that has another core', { sameGeneration: held({ core: b64of(32, 50) }) }, {}, 'GRANT_MISMATCH'],
    ['older than the newest lease', { sameCore: held({}, GRANT.seq + 1) }, {}, 'STATEMENT_REPLAYED'],
    ['older than the end of the session', { endedSeq: GRANT.seq + 1 }, {}, 'STATEMENT_REPLAYED'],
    ['older than what was heard while a clock stood far ahead', { sameCore: held({}, YEARS_AHEAD) }, {}, 'taken'],
    ['older than an end that was heard then', { endedSeq: YEARS_AHEAD }, {}, 'taken'],
    ['after the end of the session', { endedSeq: GRANT.seq - 1 }, {}, 'taken'],
  ])('%s', (_what, context, changes, code) => expect(check(context, changes)).toBe(code));

  it('and a lease are bounded alike', () => {
    expect(codeOf(() => checkLifetime({ t: 'lease', iat: 0, exp: DAY }))).toBe('taken');
    expect(codeOf(() => checkLifetime({ t: 'lease', iat: 0, exp: DAY + 1 }))).toBe('GRANT_MISMATCH');
  });
});
