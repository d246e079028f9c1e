/** Every tool there is. None of them shares, accepts, ends or changes anything: that is for the person alone. */
import type { Tool } from '../tool.ts';
import { citation } from './citation.ts';
import { dump } from './dump.ts';
import { query } from './query.ts';
import { search } from './search.ts';
import { sessions } from './sessions.ts';
import { teammates } from './teammates.ts';

export const tools: readonly Tool[] = [query, search, teammates, sessions, dump, citation];
