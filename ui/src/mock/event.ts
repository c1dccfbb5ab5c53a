type Handler = (event: { payload: unknown }) => void;

const handlers = new Map<string, Set<Handler>>();

/** Stands for `@tauri-apps/api/event`. */
export async function listen<T>(event: string, handler: (event: { payload: T }) => void): Promise<() => void> {
  const set = handlers.get(event) ?? new Set();
  handlers.set(event, set.add(handler as Handler));
  return () => set.delete(handler as Handler);
}

/** What the program would tell the page. */
export function tell(
  event: 'changed' | 'progress' | 'files-dropped' | 'files-hover' | 'closing' | 'place-asked',
  payload: unknown,
): void {
  for (const handler of [...(handlers.get(event) ?? [])]) handler({ payload });
}
