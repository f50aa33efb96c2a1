/** A finished point as text: a line that says which it is, its record as one line of JSON, and the SHA-256 of both. */
import { createHash } from 'node:crypto';

/** A finished point: its digest, and all that a sweep says of it as JSON text. */
export interface PointRecord {
  digest: string;
  json: string;
}

export function pointText(identity: string, point: number, { digest, json }: PointRecord): string {
  const head = JSON.stringify({ format: 'model-collapse point 1', identity, point, digest });
  return `${head}\n${json}\n${checksumOf(head, json)}\n`;
}

/** The record, or why the text is not what it should be. */
export function readPointText(text: string, identity: string, point: number): PointRecord | string {
  const [head, json = '', checksum] = text.split('\n');
  if (text !== `${head}\n${json}\n${checksum}\n` || checksum !== checksumOf(head, json)) return 'its checksum is wrong';
  const found = JSON.parse(head) as { identity: string; point: number; digest: string };
  if (found.identity !== identity || found.point !== point) return 'it is of another sweep or point';
  return { digest: found.digest, json };
}

function checksumOf(head: string, json: string): string {
  return createHash('sha256').update(`${head}\n${json}\n`).digest('hex');
}
