/** Two people to try it with: both daemons run, each has a file that makes a terminal theirs, until it is ended. */
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { ClaudeProcess, Machine, ProcessWorld } from '../support/process-world/index.ts';
import { shellQuoted } from '../support/shell-quoted.ts';
import type { Story } from './story.ts';

/** What there is to read of before: prose, a command, a change of a file. */
const WORK: readonly ((claude: ClaudeProcess) => void)[] = [
  (claude) => claude.say('Why is the login slow since Tuesday?', 'I look at what the handler does first.'),
  (claude) =>
    claude.write((writer) => writer.tool('toolu_1', 'Bash', { command: 'npm test -- login' }, '12 passed, 1 slow')),
  (claude) =>
    claude.write((writer) =>
      writer.tool(
        'toolu_2',
        'Edit',
        {
          file_path: 'src/login.ts',
          old_string: 'const hash = bcrypt.hashSync(password, 14);',
          new_string: 'const hash = await bcrypt.hash(password, 11);',
        },
        'The file has been updated.',
      ),
    ),
  (claude) =>
    claude.say(
      'What did we decide about the sessions?',
      'They get a table of their own, so that a sign-out everywhere is one statement.',
    ),
];

/** Resolves when the input ends. */
export async function stay(story: Story, world: ProcessWorld, input: NodeJS.ReadableStream): Promise<void> {
  story.says('Marie and Sam, members of the GitHub org acme, set up their machines…');
  const [marie, sam] = await world.readyPeople('marie', 'sam');
  const claude = marie.openClaude('webshop');
  for (const step of WORK) step(claude);
  await claude.begin();
  const files = [terminalOf(marie, claude.cwd), terminalOf(sam, sam.folder)];
  story.step('Two terminals, one for each:');
  for (const file of files) story.says(`. ${file}`);
  story.step('In them, for instance:');
  story.says('marie$ teammate-sync share sam --note "the login"      sam$ teammate-sync accept marie');
  story.says(
    'marie$ teammate-sync dashboard                         sam$ teammate-sync ask marie "why is the login slow?"',
  );
  story.says('Claude Code is played by this terminal: a line that you type here is said in the session of Marie.');
  story.says('Ctrl-C, or the end of the input, ends all of it and removes its files.');
  for await (const line of createInterface({ input })) {
    if (line.trim() !== '') claude.say(line, `(what Claude would answer to “${line.trim()}”)`);
  }
}

/** A file for `.` of a shell: from then on it is that person's. */
function terminalOf(machine: Machine, cwd: string): string {
  const own = { ...machine.env };
  delete own['NO_COLOR'];
  delete own['PATH'];
  const bin = path.join(machine.folder, 'bin');
  fs.mkdirSync(bin);
  const program = `#!/bin/sh\nexec ${shellQuoted(process.execPath)} ${shellQuoted(machine.cli)} "$@"\n`;
  fs.writeFileSync(path.join(bin, 'teammate-sync'), program, { mode: 0o700 });
  const file = path.join(machine.folder, `${machine.login}.sh`);
  const lines = [
    ...Object.entries(own).map(([name, value]) => `export ${name}=${shellQuoted(value)}`),
    `export PATH=${shellQuoted(bin)}:"$PATH"`,
    `cd ${shellQuoted(cwd)}`,
    `PS1='${machine.login}$ '`,
  ];
  fs.writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}
