/** A mail to the address of a case, as the relay brought it. */
export interface IncomingReply {
  /** Message-ID; empty without one. */
  id: string;
  /** The only sender, or empty. */
  from: string;
  /** Whether the relay proved the sender. */
  isProved: boolean;
  /** What the mail is, where no person wrote it. */
  automatic: string | null;
  /** What is new in it, without quotations and signatures. */
  text: string;
  attachments: { name: string; bytes: number }[];
}
