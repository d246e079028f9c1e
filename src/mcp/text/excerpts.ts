/** Excerpts as quoted data. */
import { speakerOf } from '../../platform/speaker.ts';
import type { Excerpt, Passage } from '../../protocol/local-api.ts';
import { counted, excerptId, type Heading, heading, line, name } from './line.ts';
import type { Quoted } from './render.ts';
import { moment } from './time.ts';

/** `[id] citation`, then what stands there, and where else the same stands. */
export function excerptQuoted(excerpt: Excerpt): Quoted[] {
  const { id, citation, passages, also, more, handle, source } = excerpt;
  const parts: Quoted[] = [{ heading: heading`[${excerptId(id)}] ${name(citation, 160)}` }];
  let before: Passage | null = null;
  for (const passage of passages) {
    if (before?.line !== passage.line || before.kind !== passage.kind) {
      parts.push({ heading: turnHeading({ ...passage, source }, handle, passage.tool) });
    }
    if (passage.omittedBefore > 0) parts.push(leftOut(passage.omittedBefore));
    parts.push({ theirs: withoutTool(passage) });
    if (passage.omittedAfter > 0) parts.push(leftOut(passage.omittedAfter));
    before = passage;
  }
  for (const other of also) parts.push({ heading: heading`the same stands at ${name(other, 160)}` });
  if (more > 0) parts.push({ heading: line`and at ${counted(more, 'place')} more` });
  return parts;
}

interface Said {
  source: string;
  line: number;
  time: string;
  role: string;
  kind: string;
}

/** `#120 2026-11-22 10:01:02Z marie`, and the tool where one was used. */
export function turnHeading(said: Said, owner: string, tool = ''): Heading {
  const who = name(speakerOf({ ...said, uuid: '', content: [] }, owner));
  const what = tool === '' ? heading`` : heading` → ${name(tool)}`;
  return heading`#${said.line} ${moment(said.time)} ${who}${what}`;
}

/** The text of a tool's use begins with its name, which the heading has said. */
function withoutTool({ tool, text }: Passage): string {
  return tool !== '' && text.startsWith(`${tool}\n`) ? text.slice(tool.length + 1) : text;
}

const leftOut = (bytes: number): Quoted => ({ heading: line`(${counted(bytes, 'byte')} of this turn left out)` });
