const TABLE = ['table', 'rowgroup', 'row', 'columnheader', 'rowheader', 'cell'];

/**
 * The calendar calls its boxes a table without giving it cells: that says wrong things to those who listen. Its roles are
 * taken away, as often as it draws itself; what counts are the buttons inside, each with its day and hour.
 */
export function plainRoles(node: HTMLElement): () => void {
  const strip = () => {
    for (const box of node.querySelectorAll('[role]')) {
      if (!TABLE.includes(box.getAttribute('role') ?? '')) continue;
      box.removeAttribute('role');
      box.removeAttribute('aria-colindex');
    }
  };
  strip();
  const observer = new MutationObserver(strip);
  observer.observe(node, { childList: true, subtree: true });
  return () => observer.disconnect();
}
