import type { History } from './history.ts';

export const poisonInvariants = { stoppingWorkIsSetAside };

/** Deaths until a member of a batch is alone, those alone, and some more, because other crashes interrupt the count. */
const mostDeathsInARow = 24;
/** A moved timer is tried again every hour. */
const mostDeathsOfTimer = 24 * 40;

/** Whether a call that stopped the process was set aside and left to a person, so that its effect is missing. */
export const isLeftToPerson = ({ stopping }: History, needsPerson: string | null): boolean =>
  stopping?.kind === 'row' && (needsPerson?.includes('it stopped the process') ?? false);

/** Work that stops the process at each try is set aside or moved, and everything else goes on. */
function stoppingWorkIsSetAside({ stopping }: History): string[] {
  if (!stopping || stopping.deaths === 0) return [];
  const { kind, deaths, state, waiting } = stopping;
  const most = kind === 'timer' ? mostDeathsOfTimer : mostDeathsInARow;
  return [
    ...(deaths > most ? [`a ${kind} stopped the process ${deaths} times, and is ${state}`] : []),
    ...(waiting > 0 ? [`${waiting} pieces of work wait for the ${kind} that stops the process`] : []),
  ];
}
