import { basics, type Core, type store } from '../kit.ts';

export type Recipient = basics.Person & basics.CustomerMailAddress;

/** Providers deliver a name before the @ in any case, so that two spellings are one mailbox. */
export const isSameMailbox = (one: string | null, other: string | null): boolean =>
  one?.toLowerCase() === other?.toLowerCase();

export function findAddressOfAsk(core: Core, ask: store.Ask): basics.CustomerMailAddress {
  const { person } = ask;
  const known = (address: string | null | undefined, why = 'no e-mail address is known'): basics.CustomerMailAddress =>
    address ? basics.demandPerson(core, address) : { address: null, why };
  switch (ask.kind) {
    case 'customer':
      return basics.findAddressForCaseMail(core, ask.caseId, person);
    case 'closer':
      return known(basics.findPerson(core, person)?.email);
    case 'resurvey':
      return known(basics.findAddressForResponseMail(core, ask.originId, person));
    case 'invitation':
      // Anybody may name this customer in a response, so an address of a response is never used.
      return known(
        basics.findListedAddress(core, person) ?? ask.address,
        basics.whyNoAddress(core, person, 'the event named'),
      );
  }
}

/** The person who is asked, with all their customer keys; a closer has none. */
export function findRecipient(core: Core, ask: store.Ask): Recipient {
  const to = findAddressOfAsk(core, ask);
  if (ask.kind === 'closer') return { keys: [], marks: [], ownMarks: [], hasOptedOut: false, ...to };
  return { ...basics.findPersonOfCustomerKey(core, ask.person, to.address), ...to };
}
