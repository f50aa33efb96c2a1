/** One end of a channel between a thread and its worker. */
export interface Port {
  send(message: unknown, transfer?: ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
  onError(listener: (error: Error) => void): void;
  terminate(): void;
}

/** SHA-256, fed piece by piece. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** 32 bytes. */
  digest(): Uint8Array;
}

/** Files, where the platform has them. Errors are those of Node (`code`: ENOENT, EACCES, ...). */
export interface FileAccess {
  stat(path: string): Promise<{ isDirectory(): boolean; isFile(): boolean; size: number }>;
  read(path: string): Promise<Uint8Array>;
  /** @throws an error with code ERR_BUFFER_TOO_LARGE when more than `most` bytes come out. */
  gunzip(bytes: Uint8Array, most: number): Promise<Uint8Array>;
  /** Names of what is in a folder. */
  list(path: string): Promise<string[]>;
  /** The bytes of a file, chunk by chunk. */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Unpacks chunk by chunk. Errors of zlib have codes that begin with Z_. */
  gunzipStream(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}
