/** A workspace in which there is something to see in every view: four people, shares in both directions, an invite, reads. */
import { connected, type FakeClaude, invited, type Person, type World } from '../../support/world/index.ts';
import { until } from '../../support/until.ts';

export interface Planted {
  /** Shares two sessions, reads one, and has an invite that waits. */
  marie: Person;
  /** Reads along with marie, and shares one with her. */
  sam: Person;
  webshop: FakeClaude;
  samsSession: FakeClaude;
}

/** A secret as it must never be seen; it has the form of a GitHub token. */
export const SECRET = `ghp_${'a1B2'.repeat(9)}`;

export async function plant(world: World): Promise<Planted> {
  const [marie, sam, ada] = [await world.person('marie'), await world.person('sam'), await world.person('ada')];
  world.member('tom');
  const webshop = await marie.claude('webshop');
  writeWork(webshop);
  await marie.share(webshop, sam.login, 'tom');
  await invited(sam, marie);
  await sam.accept(marie.login);
  await connected(marie, sam);
  const payments = await marie.claude('payments');
  payments.say('Which currencies does checkout round wrongly?', 'Those without minor units: JPY and KRW.');
  await marie.share(payments, sam.login);
  const unshared = await marie.claude('notes');
  unshared.say('only mine');

  const samsSession = await sam.claude('search');
  samsSession.write((writer) => {
    writer.title('Ranking with BM25');
    writer.prompt('Why does the ranking prefer short turns?');
    writer.reply('BM25 divides by length. With b = 0.75 a turn of ten words beats one of two hundred.');
    writer.prompt('What did we decide about b?');
    writer.reply('We decided on b = 0.4, because turns are short anyway.');
  });
  await sam.share(samsSession, marie.login);
  await held(marie, sam, samsSession, 4);
  await held(sam, marie, webshop, 1);
  await sam.texts(marie.login, webshop.session);

  const adas = await ada.claude('infra');
  adas.say('How do we rotate the certificates?');
  const body = { session: adas.session, cwd: adas.cwd, to: [marie.login], note: 'the certificates run out on Friday' };
  await ada.client.call('share', { body: { ...body, fromNow: false, withThinking: false } });
  await invited(marie, ada);
  await until(async () => (await marie.client.call('activity')).entries.length > 0, { what: 'the receipt of sam' });
  return { marie, sam, webshop, samsSession };
}

/** What a conversation about a bug is like: prose, a command, an edit with its diff, a secret. */
function writeWork(claude: FakeClaude): void {
  claude.write((writer) => {
    writer.title('Login takes three seconds');
    writer.prompt('Why is the login slow? It takes three seconds since Tuesday.');
    writer.reply('I look at what the handler does first.');
    writer.tool(
      't1',
      'Bash',
      { command: 'npm test -- login', description: 'Run the login tests' },
      '12 passed, 1 slow: login > signs in (3012 ms)',
    );
    writer.tool(
      't2',
      'Edit',
      {
        file_path: '/home/marie/webshop/src/login.ts',
        old_string: 'const hash = bcrypt.hashSync(password, 14);\nreturn compare(hash, user);',
        new_string: 'const hash = await bcrypt.hash(password, 11);\nreturn compare(hash, user);',
      },
      'The file has been updated.',
    );
    writer.reply('The cost of bcrypt was raised from 11 to 14 on Tuesday, and the synchronous call blocks the loop.');
    writer.prompt(`Use this token for the deploy: ${SECRET}`);
    writer.reply('I use it from the environment, and write it nowhere.');
    writer.prompt('What did we decide about the schema?');
    writer.reply('We decided to keep sessions in their own table, so that a sign-out everywhere is one statement.');
  });
}

/** Resolves when the reader holds so many turns of it. */
export async function held(reader: Person, owner: Person, claude: FakeClaude, turns: number): Promise<void> {
  await until(
    async () => {
      const { sessions } = await reader.client.call('inbox', { params: { handle: owner.login } });
      return sessions.some(({ session, fetched }) => session === claude.session && fetched >= turns);
    },
    { what: `${reader.login} to hold what ${owner.login} shares` },
  );
}
