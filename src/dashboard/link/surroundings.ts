/** What the link uses of a browser, so that it can be run elsewhere. */
export interface Surroundings {
  fetch: (path: string, init: RequestInit) => Promise<Response>;
  /** Of this tab: it outlives a reload, not the tab. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Where the page is: its port and fragment. */
  location: { readonly port: string; readonly hash: string };
  /** Takes the fragment out of the address bar and the history. */
  forgetFragment(): void;
  random(bytes: number): Uint8Array<ArrayBuffer>;
  now(): number;
  /** Resolves after `ms`, or at once when the page is looked at again or the machine is back online. */
  wait(ms: number): Promise<void>;
  isHidden(): boolean;
  /** Calls back when the page is hidden or shown. */
  onVisibility(changed: () => void): void;
}

export function browser(): Surroundings {
  return {
    fetch: (path, init) => fetch(path, init),
    storage: sessionStorage,
    location,
    forgetFragment: () => history.replaceState(null, '', location.pathname),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    now: () => Date.now(),
    wait,
    isHidden: () => document.hidden,
    onVisibility: (changed) => document.addEventListener('visibilitychange', changed),
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      document.removeEventListener('visibilitychange', shown);
      resolve();
    };
    const shown = (): void => {
      if (!document.hidden) done();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    document.addEventListener('visibilitychange', shown);
  });
}
