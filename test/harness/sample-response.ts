/** A response of Acme's upgrade survey; defaults are a happy gold customer. */
export interface SampleResponse {
  token?: string;
  /** Time of the submission in UTC milliseconds; by default the time of the delivery. */
  at?: number;
  partial?: boolean;
  customer?: string;
  email?: string;
  name?: string;
  tier?: string;
  completed?: boolean;
  ease?: number;
  wish?: string | null;
  language?: string;
  /** Further hidden fields. */
  hidden?: Record<string, string>;
}

/** Encodes a response as Typeform delivers it. */
export function encodeTypeform(response: SampleResponse, now: number): Uint8Array<ArrayBuffer> {
  const { token = 'r-1', customer = 'k-1', completed = true, ease = 8, wish } = response;
  const field = (id: string, type: string) => ({ field: { id, type, ref: `upgrade_${id}` } });
  const json = {
    event_id: `event-${token}`,
    event_type: response.partial ? 'form_response_partial' : 'form_response',
    form_response: {
      form_id: 'upgrade',
      token,
      submitted_at: new Date(response.at ?? now).toISOString(),
      hidden: {
        customer_id: customer,
        email: response.email ?? `${customer}@customer.example`,
        name: response.name ?? `Name of ${customer}`,
        tier: response.tier ?? 'gold',
        arr: '1000',
        ...(response.language && { lang: response.language }),
        ...response.hidden,
      },
      definition: { id: 'upgrade', title: 'Upgrade', fields: [] },
      answers: [
        { type: 'boolean', boolean: completed, ...field('completed', 'yes_no') },
        { type: 'number', number: ease, ...field('ease', 'opinion_scale') },
        ...(wish ? [{ type: 'text', text: wish, ...field('wish', 'long_text') }] : []),
      ],
    },
  };
  return new TextEncoder().encode(JSON.stringify(json));
}
