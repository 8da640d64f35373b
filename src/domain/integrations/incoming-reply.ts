export interface IncomingReply {
  /** Message-ID; empty without one. */
  id: string;
  /** The only sender, or empty. */
  from: string;
  isProved: boolean;
  automatic: string | null;
  text: string;
  attachments: { name: string; bytes: number }[];
}
