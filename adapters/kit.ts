/* What adapters are made of, as one module. */

export * from './chat-channel.ts';
export * from './delivery-proof.ts';
export * from './instants.ts';
export * from './json.ts';
export * from './mapped-response.ts';
export * from './multipart.ts';
export * from './outbound.ts';
export * from './outcomes.ts';
export * from './sender.ts';
export * from './signature.ts';
export * from './survey-api.ts';
export * from './survey-reading.ts';
export * from './tracker-parts.ts';
export * from './webhook-signature.ts';
