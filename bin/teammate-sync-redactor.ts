/** The daemon's redaction thread. */
import { parentPort } from 'node:worker_threads';
import { openTranscript } from '../src/capture/index.ts';
import { serveRedaction } from '../src/redact/index.ts';

if (parentPort) serveRedaction(parentPort, openTranscript);
