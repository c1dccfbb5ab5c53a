import type { AppointmentRow, AppointmentStateView, CommunicationView } from '../../ipc/types';

type State = { text: string; tone: 'ok' | 'soon' | 'info' | 'no' | 'alert' };

const states: Record<AppointmentStateView, State> = {
  confirmed: { text: 'Confermato', tone: 'ok' },
  registered: { text: 'Registrato dallo studio', tone: 'info' },
  past: { text: 'Trascorso', tone: 'no' },
  resolved: { text: 'Chiuso e definito', tone: 'info' },
  cancelled_by_studio: { text: 'Annullato dallo studio', tone: 'no' },
  cancelled_by_sede: { text: 'Annullato dalla sede', tone: 'alert' },
};

/** What an appointment is called wherever it stands. */
export const appointments = {
  state: ({ state, cancelling }: Pick<AppointmentRow, 'state' | 'cancelling'>): State =>
    cancelling ? { text: 'Annullamento in corso', tone: 'soon' } : states[state],
  changing: 'Modifica in corso',
  /** R13: the headline of what the sede says. */
  communication(said: CommunicationView): string {
    switch (said.kind) {
      case 'resolved':
        return 'Risolto senza venire';
      case 'rescheduled':
        return 'Appuntamento spostato';
      case 'relocated':
        return 'Appuntamento in un altro punto';
      case 'cancelled':
        return 'Appuntamento annullato dalla sede';
      case 'other':
        return `Comunicazione della sede: ${said.label}`;
    }
  },
};
