import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import { createLogger, type Logger, type LogLevel, parseLogLevel } from '../../src/platform/logger.ts';
import { prettyLog } from '../../src/platform/pretty-log.ts';
import { LOG_FILE_MAX_BYTES } from '../../src/protocol/limits.ts';
import { bundle, run } from '../support/node-script.ts';
import { tempDir } from '../support/tmp-dir.ts';

const at = Date.parse('2030-01-02T03:04:05Z');
const clock = { now: () => at, elapsed: () => 0, after: () => ({ cancel() {} }) };

/** A logger and the lines that it wrote. */
function logging(level: LogLevel = 'debug'): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const log = createLogger({ level, clock, stream: { write: (line) => lines.push(line) } });
  onTestFinished(() => log.close());
  return { log, lines };
}

function messageOf(line: string): string {
  const record: { msg: string } = JSON.parse(line);
  return record.msg;
}

describe('logger', () => {
  it('writes one JSON object per line with the clock’s time, and rooms by name', () => {
    const { log, lines } = logging();
    log.child('swarm').child('hello').warn('100% %s of\nit', { peers: 3, level: 'mine' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]*\n$/);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'warn',
      time: '2030-01-02T03:04:05.000Z',
      room: 'swarm.hello',
      fields: { peers: 3, level: 'mine' },
      msg: '100% %s of\nit',
    });
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = logging('warn');
    log.debug('d');
    log.info('i');
    log.child('x').info('i');
    log.error('e');
    expect(lines.map((line) => messageOf(line))).toEqual(['e']);
    const silent = logging('silent');
    silent.log.error('e');
    expect(silent.lines).toEqual([]);
    expect([parseLogLevel(' DEBUG'), parseLogLevel('loud')]).toEqual(['debug', null]);
  });

  it('keeps secrets out, by name, by kind and by form', () => {
    const { log, lines } = logging();
    const canary = 'canary-7f3a';
    const pat = `ghp_${'a'.repeat(36)}`;
    log.info(`signed in with ${pat}`, {
      githubToken: canary,
      nested: { list: [{ blockKey: canary }], Authorization: canary, apiKey: { raw: canary } },
      anthropic: `key sk-ant-api03-${'b'.repeat(40)}`,
      bytes: Buffer.from(canary),
      text: canary,
      error: new Error(`401 for ${pat}`, { cause: { password: canary } }),
    });
    const said = lines.join('');
    expect(said).not.toContain(canary);
    expect(said).not.toContain('aaaaaaaa');
    expect(said).not.toContain('bbbbbbbb');
    expect(said).toContain('[redacted]');
    expect(said).toContain(`<${canary.length} bytes>`);
    log.info('answered', { tokens: 120 });
    expect(lines[1]).toContain('"tokens":120');
  });

  it('tells code, message, stack and cause of an error', () => {
    const { log, lines } = logging();
    log.error('no', { error: new TeammateSyncError('BLOCKED', 'why', { cause: new TypeError('deeper') }) });
    const record: { fields: { error: Record<string, unknown> } } = JSON.parse(lines[0] ?? '');
    const { error } = record.fields;
    expect(error).toMatchObject({ code: 'BLOCKED', message: 'why', cause: { name: 'TypeError', message: 'deeper' } });
    expect(error['stack']).toContain('logger.test.ts');
  });

  it('never throws and stays one line, whatever it is given', () => {
    const { log, lines } = logging();
    const round: Record<string, unknown> = { big: 1n, when: new Date(Number.NaN), map: new Map(), fn: () => 1 };
    round['self'] = round;
    Object.defineProperty(round, 'bad', { enumerable: true, get: () => expect.fail('read') });
    log.info('odd', round);
    log.info('long', { what: 'x'.repeat(1_000_000) });
    expect(lines[1]?.length).toBeLessThan(3000);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.anything()), (message, fields) => {
        log.info(message, fields);
        const line = lines.at(-1) ?? '';
        expect(line.indexOf('\n')).toBe(line.length - 1);
        JSON.parse(line);
      }),
      { numRuns: 300 },
    );
  });

  it('appends to a private file, also beside a stream, and writes nothing after close', () => {
    const file = path.join(tempDir(), 'daemon.log');
    for (const msg of ['one', 'two']) {
      const log = createLogger({ level: 'info', clock, file });
      log.info(msg);
      log.close();
      log.close();
      log.info('late');
    }
    const said = fs.readFileSync(file, 'utf8').trim().split('\n');
    expect(said.map((line) => messageOf(line))).toEqual(['one', 'two']);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    fs.chmodSync(file, 0o644);
    expect(() => createLogger({ level: 'info', clock, file })).toThrow(
      expect.objectContaining({ code: 'UNSAFE_FILE' }),
    );
  });

  it('sets a log aside that has grown too long, and keeps two', () => {
    const file = path.join(tempDir(), 'daemon.log');
    for (const [i, size] of [LOG_FILE_MAX_BYTES, 1, LOG_FILE_MAX_BYTES].entries()) {
      const log = createLogger({ level: 'info', clock, file });
      log.info(`run ${i} ${'x'.repeat(10)}`);
      log.close();
      fs.appendFileSync(file, Buffer.alloc(size, 'y'));
    }
    const log = createLogger({ level: 'info', clock, file });
    onTestFinished(() => log.close());
    expect(fs.statSync(file).size).toBe(0);
    expect(fs.readFileSync(`${file}.1`, 'utf8').slice(0, 200)).toContain('run 1');
    expect(fs.readdirSync(path.dirname(file))).toEqual(['daemon.log', 'daemon.log.1']);
  });

  it('has the last record in the file when the process is killed right after it', async () => {
    const dir = tempDir();
    const script = await bundle(
      `import { createLogger } from './src/platform/logger.ts';
       import { systemClock } from './src/platform/clock.ts';
       const log = createLogger({ level: 'info', clock: systemClock, file: process.argv[2] });
       for (let i = 0; i < 100; i++) log.info('record ' + i);
       process.kill(process.pid, 'SIGKILL');`,
      dir,
    );
    const file = path.join(dir, 'daemon.log');
    await run(script, [file]).exit;
    expect(fs.readFileSync(file, 'utf8')).toContain('record 99');
  });

  it('costs records, not the process, when the disk is full', async () => {
    const dir = tempDir();
    const script = await bundle(
      `import { createLogger } from './src/platform/logger.ts';
       import { systemClock } from './src/platform/clock.ts';
       process.on('SIGXFSZ', () => {});
       const log = createLogger({ level: 'info', clock: systemClock, file: process.argv[2] });
       for (let i = 0; i < 1000; i++) log.info('record ' + i);
       console.log('alive');`,
      dir,
    );
    const file = path.join(dir, 'daemon.log');
    const limited = ['-c', 'ulimit -f 8; exec "$@"', 'bash', process.execPath, script, file];
    expect(execFileSync('bash', limited).toString()).toContain('alive');
    expect(fs.statSync(file).size).toBe(8192);
  });
});

function pretty(write: (log: Logger) => void): string {
  let said = '';
  const log = createLogger({ level: 'debug', clock, stream: prettyLog({ write: (line) => (said += line) }) });
  write(log);
  log.close();
  return said;
}

describe('prettyLog', () => {
  it('is one readable line per record', () => {
    expect(pretty((log) => log.child('swarm').info('joined', { peers: 3, to: 'ada', why: 'new share' }))).toBe(
      '03:04:05 info  swarm        joined peers=3 to=ada why="new share"\n',
    );
    expect(pretty((log) => log.error('no', { error: new TeammateSyncError('BLOCKED', 'for good') }))).toBe(
      '03:04:05 error              no error="BLOCKED: for good"\n',
    );
  });

  it('lets no control sequence through and stays one line, whatever a peer wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.anything()), (message, fields) => {
        expect(pretty((log) => log.info(`\x1b[2J\u009b${message}`, fields))).toMatch(/^[^\p{Cc}\u202a-\u202e]*\n$/u);
      }),
      { numRuns: 300 },
    );
  });
});
