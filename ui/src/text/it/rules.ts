import type { BookableView, GroundView, ObstacleView } from '../../ipc/types';
import { dayLong, dayTag, dayNumeric, days, number, slotLong } from '../format';

/** A reason, and the rule behind it in plain words. */
export type Reason = { reason: string; rule: string };

const waitingRule = (threshold: number) =>
  `Si può prenotare quando una richiesta aperta o in carico aspetta da più di ${days(threshold)}. Il giorno di apertura non si conta, i festivi sì.`;
const closedRule =
  'Una richiesta chiusa si può prenotare quando l’esito è negativo: chiusa KO, oppure chiusa OK con una risposta che lo studio giudica non soddisfacente o non esaustiva.';

const grounds: { [K in GroundView['kind']]: (ground: Extract<GroundView, { kind: K }>) => Reason } = {
  closed_ko: () => ({ reason: 'chiusa KO dalla sede', rule: closedRule }),
  unsatisfactory: () => ({ reason: 'chiusa OK, ma lo studio giudica la risposta non soddisfacente', rule: closedRule }),
  waiting: ({ days: waited, threshold }) => ({
    reason: `aperta da ${days(waited)}, ${threshold === 1 ? 'più del giorno previsto' : `più dei ${threshold} previsti`}`,
    rule: waitingRule(threshold),
  }),
};

const obstacles: { [K in ObstacleView['kind']]: (obstacle: Extract<ObstacleView, { kind: K }>) => Reason } = {
  carried: ({ slot }) => ({
    reason: slot ? `ha già un appuntamento, ${slotLong(slot)}` : 'ha già un appuntamento',
    rule: 'Una richiesta sta in un solo appuntamento alla volta. Dopo l’incontro, o se l’appuntamento viene annullato, si valuta di nuovo.',
  }),
  withdrawn: () => ({
    reason: 'è stata ritirata',
    rule: 'Una richiesta ritirata dallo studio o dalla sede non si può più prenotare.',
  }),
  gone: () => ({
    reason: 'non è più tra le richieste dello studio',
    rule: 'Lo studio vede le richieste delle posizioni di cui ha la delega: quando la delega finisce o passa a un altro studio, quelle che non stanno in un suo appuntamento non si vedono più.',
  }),
  no_point: () => ({
    reason: 'nessun punto di consulenza della sede risponde su questo argomento',
    rule: 'Il punto di consulenza segue dall’argomento e dalla sede della posizione, e non si sceglie.',
  }),
  unassessed: () => ({
    reason: 'chiusa OK, ma lo studio non ha ancora giudicato la risposta',
    rule: closedRule,
  }),
  satisfactory: () => ({
    reason: 'chiusa OK, e lo studio giudica la risposta soddisfacente',
    rule: closedRule,
  }),
};

/** R3 and R4: why it is bookable. */
export function ground(view: GroundView): Reason {
  return (grounds[view.kind] as (ground: GroundView) => Reason)(view);
}

/** R3 and R5: why it is not. */
export function obstacle(view: ObstacleView): Reason {
  return (obstacles[view.kind] as (obstacle: ObstacleView) => Reason)(view);
}

/** R6: the answer with its reason, as one sentence, and the rule. */
function explain(view: BookableView): Reason {
  switch (view.answer) {
    case 'yes': {
      const { reason, rule } = ground(view.ground);
      return { reason: `Prenotabile: ${reason}.`, rule };
    }
    case 'from':
      return {
        reason: `Prenotabile da ${dayLong(view.on)}: aspetta da ${days(view.days)}, ne servono più di ${number(view.threshold)}.`,
        rule: waitingRule(view.threshold),
      };
    case 'no': {
      const { reason, rule } = obstacle(view.obstacle);
      return { reason: `Non prenotabile: ${reason}.`, rule };
    }
  }
}

export const rules = {
  explain,
  /** In a list: **Sì**, **Da sab 29/11**, **No**; with the year where it is not this one. */
  short(view: BookableView, today?: string): string {
    switch (view.answer) {
      case 'yes':
        return 'Sì';
      case 'from':
        return today && view.on.slice(0, 4) !== today.slice(0, 4)
          ? `Da ${dayNumeric(view.on)}`
          : `Da ${dayTag(view.on)}`;
      case 'no':
        return 'No';
    }
  },
};
