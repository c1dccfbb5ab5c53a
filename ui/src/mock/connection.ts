import type { DeskView, Failure, FailureCode, Way, WayFailure, WayMark, WayStep } from '../ipc/types';

/** The desks of this computer, and what the way to a sede looks like. */
const training: DeskView = { id: 'training', sede: null };

const portal: DeskView = { id: 'portal', sede: null };

const lucca: DeskView = {
  id: '6f2a',
  sede: {
    address: 'https://agenda.lucca.example',
    studio: 'Studio Ricci e Associati',
    person: 'Anna Ricci',
  },
};

const steps: WayStep[] = ['name', 'port', 'proxy', 'tls', 'service', 'device', 'versions', 'delegations'];

function wayTo(stop: WayStep | undefined, why: WayFailure, last: WayStep): Way {
  let on = true;
  const marks = steps.map((step): WayMark => {
    if (!on) return { step, result: { kind: 'not_tried' } };
    on = step !== stop && step !== last;
    if (step === stop) return { step, result: { kind: 'failed', why } };
    return { step, result: { kind: 'passed' } };
  });
  return { steps: marks, open: stop === undefined };
}

const fail = (code: FailureCode, argument?: string): never => {
  throw { code, message: code, details: argument ? { argument } : {} } satisfies Failure;
};

export class Desks {
  all: DeskView[];
  current: DeskView | null;

  constructor(started: boolean, sede: boolean, alone: boolean) {
    this.all = [...(alone ? [portal] : started ? [training] : []), ...(sede ? [lucca] : [])];
    this.current = alone ? portal : sede ? lucca : started ? training : null;
  }

  startPortal(): void {
    this.all = [...this.all.filter((one) => one.id !== 'portal'), portal];
    this.current = portal;
  }

  madeTraining(): void {
    this.all = [training, ...this.all.filter((one) => one.sede)];
    this.current = training;
  }

  open(id: string): void {
    this.current = this.all.find((one) => one.id === id) ?? fail('unknown_desk');
  }

  check(address: string): Way {
    if (!address.includes('.')) fail('invalid_argument', 'address');
    if (address.includes('altrove')) return wayTo('name', 'name_unknown', 'service');
    if (address.includes('ufficio')) return wayTo('tls', 'certificate_untrusted', 'service');
    return wayTo(undefined, 'busy', 'service');
  }

  checkCurrent(state: string): Way {
    if (state === 'revoked') return wayTo('device', 'device_revoked', 'delegations');
    return wayTo(undefined, 'busy', 'delegations');
  }

  join(address: string, invitation: string): void {
    if (!address.includes('.')) fail('invalid_argument', 'address');
    if (invitation.replace(/[\s-]/g, '').length < 8) fail('invalid_argument', 'invitation');
    if (invitation.startsWith('USATO')) fail('invitation_used');
    this.all = [...this.all.filter((one) => one !== lucca), lucca];
    this.current = lucca;
  }
}
