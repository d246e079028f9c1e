/** What is measured inside of the dashboard's page, as source that runs there. */

/** Frames of a list that is scrolled, milliseconds between each and the one before. */
export interface Scrolled {
  frames: number[];
  /** Rows in the page at once. */
  rowsMost: number;
}

/** Before the page's own script: when so many sessions are listed, `globalThis.listedAt`, milliseconds since navigation. */
export function listedAt(sessions: number): string {
  return `(() => {
    const look = () => {
      if (document.querySelectorAll('main article').length >= ${sessions}) globalThis.listedAt = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })()`;
}

export const PAINTED = `new Promise((resolve) => {
  const look = () => {
    const [first] = performance.getEntriesByName('first-contentful-paint');
    if (first && globalThis.listedAt !== undefined) resolve({ painted: first.startTime, listed: globalThis.listedAt });
    else requestAnimationFrame(look);
  };
  look();
})`;

/** Goes to an address of the page: until the first words are there, and until all its turns are counted. */
export function opened(hash: string, turns: number): string {
  return `new Promise((resolve) => {
    const began = performance.now();
    let words = null;
    location.hash = ${JSON.stringify(hash)};
    const look = () => {
      const row = document.querySelector('[role=feed] article');
      if (words === null && document.querySelector('[role=feed] :is(pre, .one-line)')) words = performance.now() - began;
      const counted = Number(row?.getAttribute('aria-setsize')) >= ${turns};
      if (words !== null && counted) resolve({ words, counted: performance.now() - began });
      else requestAnimationFrame(look);
    };
    look();
  })`;
}

/** Scrolls what \`list\` selects by so many pixels in each frame. */
export function scrolled(list: string, pixels: number, ms: number): string {
  return `new Promise((resolve) => {
    const list = document.querySelector(${JSON.stringify(list)});
    const frames = [];
    let [last, rowsMost] = [null, 0];
    const step = (now) => {
      if (last !== null) frames.push(now - last);
      const end = last === null ? now + ${ms} : step.end;
      step.end = end;
      last = now;
      list.scrollTop += ${pixels};
      rowsMost = Math.max(rowsMost, list.querySelectorAll('article').length);
      if (now < end) requestAnimationFrame(step);
      else resolve({ frames, rowsMost });
    };
    requestAnimationFrame(step);
  })`;
}

/** From the address of a line until its words are there, wherever the list stood. */
export function jumped(hash: string, line: number): string {
  return `new Promise((resolve) => {
    const began = performance.now();
    location.hash = ${JSON.stringify(hash)};
    const look = () => {
      const row = document.querySelector('[role=feed] article[aria-label="Line ${line}"]');
      if (row?.querySelector('pre, .one-line')) resolve(performance.now() - began);
      else requestAnimationFrame(look);
    };
    look();
  })`;
}

/** Unix milliseconds at which the page shows a text. */
export function shownAt(text: string): string {
  return `new Promise((resolve) => {
    const look = () => {
      const feed = document.querySelector('[role=feed]');
      if (feed?.textContent.includes(${JSON.stringify(text)})) resolve(Date.now());
      else requestAnimationFrame(look);
    };
    look();
  })`;
}

/** A list of nothing, as long: what the browser itself takes for a frame here. */
export const NOTHING_TO_SCROLL =
  '<div id="floor" style="height: 600px; overflow: auto"><div style="height: 3000000px"></div></div>';
