import type { Attachment } from 'svelte/attachments';

let bubble: HTMLDivElement | undefined;
let owner: Element | undefined;

function show(at: Element, text: string) {
  if (!bubble) {
    bubble = document.createElement('div');
    bubble.className = 'tip';
    bubble.setAttribute('aria-hidden', 'true');
    bubble.popover = 'manual';
    document.body.append(bubble);
  }
  owner = at;
  bubble.textContent = text;
  bubble.showPopover();
  const place = at.getBoundingClientRect();
  const own = bubble.getBoundingClientRect();
  const left = Math.max(8, Math.min(place.right - own.width, innerWidth - own.width - 8));
  const below = place.bottom + 6 + own.height < innerHeight - 30;
  bubble.style.left = `${left}px`;
  bubble.style.top = `${below ? place.bottom + 6 : place.top - own.height - 6}px`;
}

function hide(at: Element) {
  if (owner !== at) return;
  owner = undefined;
  bubble?.hidePopover();
}

/**
 * Words for the eye beside an element: while the pointer is on it, while it has the focus, and while the row that it
 * stands in has the focus. Escape takes them away. They stay heard by what the element itself holds.
 */
export function tip(text: string): Attachment<HTMLElement> {
  return (element) => {
    const row = element.closest('[role=row]');
    const enter = () => show(element, text);
    const leave = () => hide(element);
    const focus = (event: Event) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) show(element, text);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide(element);
    };
    element.addEventListener('pointerenter', enter);
    element.addEventListener('pointerleave', leave);
    const focused: Element[] = row ? [element, row] : [element];
    for (const one of focused) {
      one.addEventListener('focus', focus);
      one.addEventListener('blur', leave);
    }
    addEventListener('keydown', key);
    addEventListener('scroll', leave, { capture: true, passive: true });
    if (row === document.activeElement && row?.matches(':focus-visible')) show(element, text);
    return () => {
      hide(element);
      element.removeEventListener('pointerenter', enter);
      element.removeEventListener('pointerleave', leave);
      for (const one of focused) {
        one.removeEventListener('focus', focus);
        one.removeEventListener('blur', leave);
      }
      removeEventListener('keydown', key);
      removeEventListener('scroll', leave, { capture: true });
    };
  };
}
