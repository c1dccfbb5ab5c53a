import { Loaded } from '../../app/loaded.svelte';
import { companies } from '../../ipc/client';
import type { CompanyRow } from '../../ipc/types';

/** The list of companies as searched; it outlives the room. */
class CompanyList extends Loaded<CompanyRow[]> {
  text = $state('');

  refresh(): void {
    const words = this.text.trim();
    void this.read(() => companies.list(words));
  }
}

export const list = new CompanyList();
