/** Where a new request begins, from more than one room. */
import { attempt } from '../../app/notices.svelte';
import { router } from '../../app/router.svelte';
import { requests } from '../../ipc/client';

/** Begins one, about `position` where one is given, and goes to its page. */
export const beginRequest = (position: string | null = null): Promise<boolean> =>
  attempt(async () => {
    const { id } = await requests.begin(position);
    router.go({ room: 'request', request: id });
  });
