import { answer } from './answers';

/** Stands for `@tauri-apps/api/core`. */
export async function invoke<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  return (await answer(command, args)) as T;
}
