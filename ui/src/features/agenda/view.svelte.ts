/** Whether the agenda is shown as a list or as a week: kept on this computer. */
export type View = 'list' | 'week';

const KEY = 'agenda.view';

function stored(): View {
  try {
    return localStorage.getItem(KEY) === 'week' ? 'week' : 'list';
  } catch {
    return 'list';
  }
}

class Remembered {
  #view = $state<View>(stored());
  /** A day of the week that is shown; empty: today's. */
  day = $state('');

  get view(): View {
    return this.#view;
  }

  set view(view: View) {
    this.#view = view;
    try {
      localStorage.setItem(KEY, view);
    } catch {
      // Without a place to keep it, it lasts until the window closes.
    }
  }
}

export const remembered = new Remembered();
