/** The test ground: people with daemons in this process, steerable clocks, and a tap of all decrypted frames. */
export type { Beginning } from './daemon-messages.ts';
export { buildDaemonEntry, DaemonProcess, DiedEarly } from './daemon-process.ts';
export { FakeClaude } from './fake-claude.ts';
export type { Doom, StepKind } from './mortality.ts';
export { Follower } from './follow.ts';
export { type Fault, FrameFaults } from './frame-faults.ts';
export { type Lane, Laptop, type Mishap, MISHAPS, openLane, see } from './lane.ts';
export { useDaemonEntry, useWorld } from './of-a-file.ts';
export { keysOf, nothingLeft, over } from './over.ts';
export { type Frame, Person } from './person.ts';
export { noted } from './notes.ts';
export { World } from './world.ts';
export { connected, invited, linked, pass, people, reads, refusedRead, sharedWith, sharing, uid } from './pairs.ts';
