import { type ConnectOptions, connect } from './connect.ts';

/** Prints a link that signs a person in. */
export async function signIn(person: string, options: ConnectOptions): Promise<number> {
  console.log((await connect(options).call('POST sign-in-links', {}, { person })).url);
  return 0;
}
