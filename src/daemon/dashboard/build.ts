/** Puts the dashboard together: its listener, and what its pages follow. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Backend, Dashboard } from '../../local-api/index.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import type { Surroundings } from '../rooms.ts';
import { type MakersOptions, partMakers } from './makers.ts';
import { Parts } from './parts.ts';

export function buildDashboard(options: MakersOptions & { backend: Backend }): Dashboard {
  const { rooms, backend } = options;
  const { clock, random, logger } = rooms.surroundings;
  const parts = new Parts({
    make: partMakers(options),
    clock,
    onError: (part, error) => logger.warn('part of the dashboard', { part, error }),
  });
  return new Dashboard({
    ...{ backend, parts, logger, clock, random, version: PRODUCT_VERSION },
    files: filesOf(rooms.surroundings),
    keptAt: path.join(rooms.settings.paths.state, 'dashboard.json'),
  });
}

function filesOf({ page, redactor }: Surroundings): URL {
  const asUrl = (place: string | URL): URL => (typeof place === 'string' ? pathToFileURL(place) : place);
  if (page === undefined) return new URL('dashboard/', asUrl(redactor));
  const folder = asUrl(page).href;
  return new URL(folder.endsWith('/') ? folder : `${folder}/`);
}
