/**
 * Keeps the keyboard's place: what was just revoked, accepted or dismissed goes away together with the button that did it,
 * and a browser would send whoever types back to the top of the page. The nearest part around it that is still there gets
 * the focus instead.
 */

/** Parts that may take the focus, though nobody gets there by Tab: they have `tabindex="-1"` and this attribute. */
const HOME = '[data-focus-home]';

/** What had the focus last, and where it goes when that is gone, the nearest first. */
let way: Element[] = [];
/** The same before a dialog opened: when it closes, what opened it may be gone, too. */
let wayOutside: Element[] = [];

/** @param root what is watched, for as long as the page lives */
export function keepFocus(root: HTMLElement): void {
  root.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return;
    const homes = homesAround(target);
    if (target.closest('dialog') === null) wayOutside = homes;
    way = [target, ...homes, ...wayOutside];
  });
  new MutationObserver(() => {
    const [last, ...homes] = way;
    if (last === undefined || last.isConnected || !isLost(root)) return;
    const home = homes.find((element) => element.isConnected) ?? root.querySelector('main');
    if (home instanceof HTMLElement) home.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true });
}

function homesAround(element: Element): Element[] {
  const homes: Element[] = [];
  for (let at = element.parentElement?.closest(HOME); at; at = at.parentElement?.closest(HOME)) homes.push(at);
  return homes;
}

function isLost(root: HTMLElement): boolean {
  return document.activeElement === null || document.activeElement === root;
}
