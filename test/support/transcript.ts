/**
 * Makes transcripts in the format of Claude Code 2.1.330, as text of lines: what a person and the model say, and the
 * records around it that never leave the machine. Ids and times follow from the order of the calls, so that two
 * writers with the same calls write the same bytes.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { dirname } from 'node:path';

type Json = Record<string, unknown>;

export interface TranscriptOptions {
  /** A session id; one made up by default. */
  session?: string;
  cwd?: string;
  /** Of the first record, milliseconds since 1970; each record is 100 ms later. */
  start?: number;
  /** Makes ids differ between two writers. */
  seed?: string;
  /** Set for the file of a subagent. */
  agentId?: string;
}

export class TranscriptWriter {
  /** Lines so far, each without its line break. */
  readonly lines: string[] = [];
  readonly session: string;
  readonly #options: TranscriptOptions;
  #time: number;
  #ids = 0;
  #parent: string | null = null;

  constructor(options: TranscriptOptions = {}) {
    this.#options = options;
    this.session = options.session ?? '0a6afc57-2f31-4cb4-8ff0-01247f50c64c';
    this.#time = options.start ?? Date.UTC(2026, 10, 22, 7, 30);
  }

  /** All lines as the file holds them. */
  get text(): string {
    return this.lines.map((line) => `${line}\n`).join('');
  }

  /** The uuid in a line (1-based), '' where it has none. */
  uuidAt(line: number): string {
    return /"uuid":"([^"]+)"/.exec(this.lines[line - 1] ?? '')?.[1] ?? '';
  }

  /** Writes the whole file, with its folders. */
  save(path: string): void {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, this.text);
  }

  #uuid(): string {
    const hex = createHash('sha256')
      .update(`${this.#options.seed ?? ''}${this.#options.agentId ?? ''}${this.#ids++}`)
      .digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  #tick(): string {
    const time = new Date(this.#time).toISOString();
    this.#time += 100;
    return time;
  }

  /** Any line, as it is. */
  raw(line: string | Json): this {
    this.lines.push(typeof line === 'string' ? line : JSON.stringify(line));
    return this;
  }

  /** A record of the chain, with the fields that all of them have. Returns its uuid. */
  record(fields: Json): string {
    const uuid = this.#uuid();
    const { agentId, cwd } = this.#options;
    this.raw({
      parentUuid: this.#parent,
      isSidechain: agentId !== undefined,
      ...(agentId === undefined ? {} : { agentId }),
      ...fields,
      uuid,
      timestamp: this.#tick(),
      userType: 'external',
      entrypoint: 'cli',
      cwd: cwd ?? '/home/alice/proj',
      sessionId: this.session,
      version: '2.1.330',
      gitBranch: 'main',
    });
    this.#parent = uuid;
    return uuid;
  }

  user(content: unknown, extra: Json = {}): this {
    this.record({ promptId: this.#uuid(), type: 'user', message: { role: 'user', content }, ...extra });
    return this;
  }

  prompt(text: string): this {
    return this.user(text, {
      permissionMode: 'default',
      origin: { kind: 'human' },
      promptSource: 'typed',
      turnOrigin: 'human',
    });
  }

  /** One assistant record, which holds one block in this version; older ones may hold several. */
  assistant(...content: Json[]): this {
    const message = { id: `msg_${this.#ids}`, type: 'message', role: 'assistant', model: 'claude-opus-5-5', content };
    this.record({
      message: { ...message, stop_reason: null, usage: { output_tokens: 12 } },
      requestId: `req_${this.#ids}`,
      type: 'assistant',
    });
    return this;
  }

  reply(text: string): this {
    return this.assistant({ type: 'text', text });
  }

  thinking(text: string): this {
    return this.assistant({ type: 'thinking', thinking: text, signature: 'c2lnbmF0dXJl' });
  }

  toolUse(id: string, name: string, input: unknown): this {
    return this.assistant({ type: 'tool_use', id, name, input });
  }

  toolResult(id: string, content: unknown, extra: Json = {}): this {
    const copy = { stdout: content, stderr: '', interrupted: false, isImage: false };
    return this.user([{ tool_use_id: id, type: 'tool_result', content, is_error: false }], {
      toolUseResult: copy,
      ...extra,
    });
  }

  /** A tool call with its result. */
  tool(id: string, name: string, input: unknown, result: unknown): this {
    return this.toolUse(id, name, input).toolResult(id, result);
  }

  /** What the person typed while Claude was busy. */
  queued(text: string): this {
    this.raw({
      type: 'queue-operation',
      operation: 'enqueue',
      timestamp: this.#tick(),
      sessionId: this.session,
      content: text,
    });
    const attachment = {
      type: 'queued_command',
      prompt: text,
      commandMode: 'prompt',
      origin: { kind: 'human' },
      humanTurn: true,
    };
    this.record({
      attachment,
      type: 'attachment',
      rendered: [{ content: `<system-reminder>${text}</system-reminder>` }],
    });
    return this;
  }

  /** `!command`: two records of the same prompt, the second with what it printed. */
  shell(command: string, output: string): this {
    const promptId = this.#uuid();
    this.user(`<bash-input>${command}</bash-input>`, { promptId });
    return this.user(`<bash-stdout>${output}</bash-stdout><bash-stderr></bash-stderr>`, {
      promptId,
      turnOrigin: 'human',
    });
  }

  /** The end of a background task, which Claude Code tells the model as a user record. */
  notification(toolUseId: string, text: string): this {
    const content = `<task-notification>\n<tool-use-id>${toolUseId}</tool-use-id>\n<result>${text}</result>\n</task-notification>`;
    return this.user(content, {
      origin: { kind: 'task-notification' },
      promptSource: 'system',
      turnOrigin: 'task_notification',
    });
  }

  compact(summary: string): this {
    this.#parent = null;
    this.record({
      type: 'system',
      subtype: 'compact_boundary',
      content: 'Conversation compacted',
      compactMetadata: { trigger: 'manual' },
    });
    return this.user(summary, { isVisibleInTranscriptOnly: true, isCompactSummary: true });
  }

  title(customTitle: string): this {
    return this.raw({ type: 'custom-title', customTitle, sessionId: this.session });
  }

  /** One of each record that is not part of the conversation; `secret` lies in all of them. */
  noise(secret: string): this {
    const { session: sessionId } = this;
    const message = { role: 'user', content: [{ type: 'text', text: secret }] };
    for (const type of [
      'environment',
      'prompt_snapshot',
      'hook_success',
      'hook_additional_context',
      'skill_listing',
      'mcp_resource',
    ]) {
      this.record({
        attachment: { type, content: secret, stdout: secret },
        type: 'attachment',
        rendered: [{ content: secret }],
      });
    }
    for (const subtype of ['stop_hook_summary', 'turn_duration', 'local_command', 'informational', 'api_error']) {
      this.record({ type: 'system', subtype, content: secret, level: 'info' });
    }
    this.user([{ type: 'text', text: secret }], { isMeta: true, turnCompanion: true });
    this.raw({
      type: 'api-request-shape',
      sessionId,
      timestamp: this.#tick(),
      shape: { system: [{ type: 'text', text: secret }] },
    });
    this.raw({ type: 'api-request-blob', sessionId, message });
    this.raw({ type: 'api-request', sessionId, timestamp: this.#tick(), params: { model: secret } });
    this.raw({ type: 'last-prompt', lastPrompt: secret, leafUuid: this.#parent, sessionId });
    this.raw({ type: 'mode', mode: 'normal', sessionId }).raw({
      type: 'permission-mode',
      permissionMode: 'auto',
      sessionId,
    });
    this.raw({ type: 'agent-name', agentName: secret, sessionId }).raw({
      type: 'tools-used',
      tools: [secret],
      sessionId,
    });
    this.raw({ type: 'file-history-snapshot', messageId: this.#parent, snapshot: { trackedFileBackups: {} } });
    // Kinds of older versions.
    this.raw({ type: 'summary', summary: secret, leafUuid: this.#parent });
    this.raw({ type: 'progress', data: { type: 'hook_progress', content: secret }, sessionId });
    return this;
  }
}
