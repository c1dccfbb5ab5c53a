/** Answers one command. */
export async function answer(command: string, _args: Record<string, unknown>): Promise<unknown> {
  throw { code: 'internal', message: `no answer to ${command} yet`, details: {} };
}
