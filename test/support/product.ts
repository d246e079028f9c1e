/** The product as it is shipped: its programs and the dashboard's page, and beside them the GitHub stand-in as a process of its own. */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type BuildOptions } from 'esbuild';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** JavaScript files that tests start as processes. */
export interface Programs {
  /** The command line; the daemon's file lies beside it. */
  cli: string;
  githubStandIn: string;
}

/** Builds everything into `<parent>/product`, with the options of `npm run build`. The caller removes `parent`. */
export async function productDir(parent: string): Promise<Programs> {
  const folder = path.join(parent, 'product');
  fs.mkdirSync(folder);
  // Packages stay outside of the daemon's bundle: native ones look for their files beside themselves.
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  const script = pathToFileURL(path.join(ROOT, 'scripts/build.mjs')).href;
  const { entries, buildPage } = (await import(/* @vite-ignore */ script)) as {
    entries: Record<string, BuildOptions>;
    buildPage: (folder: string) => Promise<unknown>;
  };
  const { dashboard: _page, ...bundles } = entries;
  const programs: Programs = {
    cli: path.join(folder, 'teammate-sync.cjs'),
    githubStandIn: path.join(folder, 'github-stand-in.mjs'),
  };
  await Promise.all([
    buildPage(path.join(folder, 'dashboard')),
    ...Object.values(bundles).map((options) =>
      build(
        options.outfile === undefined
          ? { ...options, outdir: folder }
          : { ...options, outfile: path.join(folder, path.basename(options.outfile)) },
      ),
    ),
    build({
      ...entries['teammate-sync-redactor'],
      entryPoints: [path.join(import.meta.dirname, 'github-stand-in/main.ts')],
      outfile: programs.githubStandIn,
      plugins: [],
    }),
  ]);
  return programs;
}
