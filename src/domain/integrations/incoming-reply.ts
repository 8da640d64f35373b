/** A mail to the address of a case, as the relay brought it. */
export interface IncomingReply {
  id: string;
  from: string;
  isProved: boolean;
  automatic: string | null;
  text: string;
  attachments: { name: string; bytes: number }[];
}
