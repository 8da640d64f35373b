export interface IncomingReply {
  id: string;
  from: string;
  isProved: boolean;
  automatic: string | null;
  text: string;
  attachments: { name: string; bytes: number }[];
}
